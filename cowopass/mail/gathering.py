"""One mail for much news: what happens while a mail waits is told in that mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.mail.models import Mail
from cowopass.mail.service import queue_mail

QUIET = timedelta(minutes=10)
"""How long a mail waits for more of the same burst."""

PAUSE = timedelta(hours=1)
"""How long nobody is mailed again about the same matter after a mail went out."""


class News(NamedTuple):
    """What a mail about a `topic` opens with, and one piece of news with its address."""

    topic: str
    subject: str
    opening: str
    line: str
    link: str


def gather_mail(session: Session, recipient: str, news: News) -> bool:
    """Tell somebody some news in the mail that waits for her, or in a new one; say if it is new.

    What is already told there, by its address, is not told twice. Raises EmailInvalid.
    """
    digest = sha256(recipient.lower().encode()).hexdigest()[:16]
    prefix = f"{news.topic}/{digest}/"
    told = f"- {news.line}\n  {news.link}\n"
    waiting = _waiting(session, prefix)
    if waiting is None:
        is_new = queue_mail(
            session,
            recipient,
            news.subject,
            f"{news.opening}\n\n{told}",
            dedupe_key=f"{prefix}{_number(session, prefix)}",
            not_before=_due_at(session, prefix),
        )
        if is_new:
            return True
        # Another request was first: its mail waits now.
        waiting = _waiting(session, prefix)
    if waiting is not None and f"  {news.link}\n" not in waiting.text:
        waiting.text += told
    return False


def _waiting(session: Session, prefix: str) -> Mail | None:
    """Return the mail that was not handed to a mail server yet, held; a try takes it away."""
    return session.scalar(
        select(Mail)
        .where(Mail.dedupe_key.startswith(prefix), Mail.sent_at.is_(None), Mail.tries == 0)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _due_at(session: Session, prefix: str) -> datetime:
    last = session.scalar(
        select(func.max(Mail.queued_at)).where(Mail.dedupe_key.startswith(prefix))
    )
    soon = clock.now() + QUIET
    return soon if last is None else max(soon, last + PAUSE)


def _number(session: Session, prefix: str) -> int:
    count = select(func.count()).select_from(Mail).where(Mail.dedupe_key.startswith(prefix))
    return session.scalar(count) or 0
