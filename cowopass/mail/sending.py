"""Sending what waits: by a thread of each web process, and by `cowopass mail send`."""

from __future__ import annotations

from collections import Counter
from typing import Literal

import structlog
from sqlalchemy.orm import Session

from cowopass.chores import Chore
from cowopass.mail.service import claim_due, has_due, mark_failed, mark_sent
from cowopass.mail.smtp import deliver, is_for_good
from cowopass.running import current_config
from cowopass.transaction import transaction

log = structlog.get_logger()


def send_due() -> Counter[str]:
    """Send every mail that is due; return how many are `sent`, and how many `failed`."""
    counts: Counter[str] = Counter()
    while (outcome := send_one()) is not None:
        counts[outcome] += 1
    return counts


def send_one() -> Literal["sent", "failed"] | None:
    """Send one mail that is due; None when there is none.

    It is claimed first, so that of two processes one sends it. No transaction is open while the
    mail server works: a slow one holds nobody up. Logs name no recipient.
    """
    with transaction() as session:
        mail = claim_due(session)
    if mail is None:
        return None
    try:
        deliver(current_config(), mail)
    except OSError as error:
        log.warning("mail failed", mail=mail.id, tries=mail.tries, error=type(error).__name__)
        with transaction() as session:
            mark_failed(session, mail.id, str(error), for_good=is_for_good(error))
        return "failed"
    with transaction() as session:
        mark_sent(session, mail.id)
    log.info("mail sent", mail=mail.id, tries=mail.tries)
    return "sent"


def _is_due(session: Session) -> bool:
    """Return whether a mail is due, and there is a server that would take it."""
    config = current_config()
    return config.smtp_url is not None and has_due(session)


POSTMAN = Chore("postman", seconds=2, is_due=_is_due, do=send_due)
