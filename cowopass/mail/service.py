"""The queue of mails: each is written in the transaction of what it tells of.

So a sale stands when the mail server is down, and no mail tells of a sale that was taken back.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.database import insert_claim
from cowopass.errors import EmailInvalid
from cowopass.mail.models import Mail

LEASE = timedelta(minutes=5)
"""How long one process has to send a mail before another one tries."""

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(days=3)
FORGOTTEN_AFTER = timedelta(days=30)

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+@[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+")
LONGEST_ADDRESS = 254


class Attachment(NamedTuple):
    """A file that comes with a mail. `media_type` is as `application/pdf`."""

    name: str
    media_type: str
    content: bytes


def queue_mail(  # noqa: PLR0913  (what a mail is)
    session: Session,
    recipient: str,
    subject: str,
    text: str,
    *,
    attachment: Attachment | None = None,
    dedupe_key: str | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Queue a mail, to be sent once the caller's transaction is over; say whether it is new.

    It waits until `not_before`, where it has one. A second one with the same `dedupe_key` is not
    queued. A subject is kept on one line. Raises
    EmailInvalid for what is no address of one recipient.
    """
    now = clock.now()
    forget_old_mails(session)
    row = {
        "id": f"mai_{secrets.token_hex(8)}",
        "dedupe_key": dedupe_key,
        "recipient": check_address(recipient),
        "subject": " ".join(subject.split())[:200],
        "text": text,
        "attachment": attachment.content if attachment else None,
        "attachment_name": attachment.name if attachment else None,
        "attachment_type": attachment.media_type if attachment else None,
        "queued_at": now,
        "tries": 0,
        "next_try_at": not_before or now,
    }
    return insert_claim(session, Mail, row)


def forget_old_mails(session: Session) -> int:
    """Remove the mails of more than thirty days ago, sent or given up; return how many."""
    old = Mail.queued_at < clock.now() - FORGOTTEN_AFTER
    return len(session.scalars(delete(Mail).where(old).returning(Mail.id)).all())


def forget_mails_to(session: Session, recipient: str) -> int:
    """Remove every mail to an address, those that wait too; return how many."""
    to_her = Mail.recipient == recipient
    return len(session.scalars(delete(Mail).where(to_her).returning(Mail.id)).all())


def check_address(text: str) -> str:
    """Return the address of one recipient. Raises EmailInvalid: no list, no second header."""
    if len(text) > LONGEST_ADDRESS or _ADDRESS.fullmatch(text) is None:
        raise EmailInvalid(text)
    return text


def has_due(session: Session) -> bool:
    """Return whether a mail waits to be sent now."""
    return session.scalar(_due().limit(1)) is not None


def claim_due(session: Session) -> Mail | None:
    """Return a mail to send now, and keep others from sending it for a while; None: none is due.

    The caller commits before it sends: a process that dies while sending leaves it to be sent.
    """
    mail = session.scalar(_due().limit(1).with_for_update(skip_locked=True))
    if mail is not None:
        mail.tries += 1
        mail.next_try_at = clock.now() + LEASE
    return mail


def mark_sent(session: Session, mail_id: str) -> None:
    """Note that the mail server took a mail, and forget what it said."""
    mail = session.get_one(Mail, mail_id)
    mail.sent_at, mail.next_try_at, mail.last_error = clock.now(), None, None
    mail.text, mail.attachment = "", None


def mark_failed(session: Session, mail_id: str, error: str, *, for_good: bool) -> None:
    """Note why a mail was not sent, and try later: after 1, 2, 4… minutes, then every 6 hours.

    It is given up when the server refuses it `for_good`, and after three days.
    """
    mail = session.get_one(Mail, mail_id)
    mail.last_error = error[:200]
    mail.next_try_at = None if for_good else next_try(mail.queued_at, mail.tries, clock.now())


def next_try(queued_at: datetime, tries: int, now: datetime) -> datetime | None:
    """Return when to try again after so many tries, None when it is time to give up."""
    if now - queued_at > GIVEN_UP_AFTER:
        return None
    wait: timedelta = min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)
    return now + wait


def list_mails(session: Session, *, waiting_only: bool = False) -> list[Mail]:
    """Return mails, the latest first; or those alone that were not sent."""
    statement = select(Mail).order_by(Mail.queued_at.desc(), Mail.id)
    if waiting_only:
        statement = statement.where(Mail.sent_at.is_(None))
    return list(session.scalars(statement))


def _due() -> Select[Mail]:
    return select(Mail).where(Mail.next_try_at <= clock.now()).order_by(Mail.next_try_at, Mail.id)
