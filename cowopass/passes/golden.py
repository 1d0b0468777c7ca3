"""Golden tickets: a day for a friend, handed over as a ticket of its own, good once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from clearing.period import last_day, month_of
from cowopass.config import Config
from cowopass.errors import NoGoldenLeft
from cowopass.passes.events import record_event
from cowopass.passes.models import Pass, Ticket
from cowopass.passes.standing import (
    current_bucket,
    local_today,
    lock_pass,
    refuse_unless_current,
    standing_of,
)
from cowopass.passes.tickets import issue_golden_ticket
from wallet.plan import LIFE


def hand_over(
    session: Session, config: Config, pass_id: str, recipient: str | None = None
) -> tuple[Pass, Ticket]:
    """Make a golden ticket out of the allowance of the running month, or of the book.

    It ends with that month, or with the book. `recipient` is an address to remember it by.
    Raises PassUnknown, PassEnded, PassSuspended, PassExpired or NoGoldenLeft.
    """
    sold = lock_pass(session, pass_id)
    today = local_today(session, sold.network)
    refuse_unless_current(sold, today)
    if standing_of(session, sold).golden_left < 1:
        raise NoGoldenLeft(pass_id, sold.plan.golden_tickets)
    month = current_bucket(sold, today)
    start = max(today, sold.starts_on)
    last_on = sold.ends_on if month == LIFE else last_day(month_of(start))
    ticket = issue_golden_ticket(session, config, sold, month, last_on, recipient)
    record_event(session, pass_id, "golden_handed_over", jti=ticket.jti)
    return sold, ticket


def redeem_golden(session: Session, jti: str, at: datetime) -> bool:
    """Mark a golden ticket as used; say whether it still was good. One conditional statement."""
    redeemed = session.execute(
        update(Ticket)
        .where(
            Ticket.jti == jti,
            Ticket.kind == "golden",
            Ticket.used_at.is_(None),
            Ticket.revoked_at.is_(None),
        )
        .values(used_at=at)
        .returning(Ticket.jti)
    )
    return redeemed.first() is not None


def return_golden(session: Session, jti: str) -> None:
    """Make a golden ticket good again whose check-in was voided."""
    session.execute(update(Ticket).where(Ticket.jti == jti).values(used_at=None))
