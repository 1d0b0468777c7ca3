"""The disputes of a month, with what both sides say: the words of one, what the other recorded."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cowopass.desk.models import CheckIn
from cowopass.ledger.disputes import missing_consent
from cowopass.ledger.models import Dispute, DisputeMessage, SettlementLine
from cowopass.people.access import Caller
from cowopass.spaces.models import Space


class Case(NamedTuple):
    """A dispute as its judge sees it.

    `visit` is what the desk recorded, None for a line that is said to be missing; `amount_cents`
    is what is at stake. `waits_for` is the space that must consent first, None when she may decide.
    `is_ours` is false when another network decides. `messages` is how many answers were written.
    """

    dispute: Dispute
    visit: CheckIn | None
    amount_cents: int | None
    waits_for: str | None
    is_ours: bool
    messages: int


def list_cases(session: Session, caller: Caller, network: str, month: str) -> list[Case]:
    """Return the disputes about visits of a month, open ones first, then the oldest."""
    ours = select(Space.slug).where(Space.network == network)
    answers = (
        select(func.count(DisputeMessage.id))
        .where(DisputeMessage.dispute == Dispute.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Dispute, CheckIn, SettlementLine.amount_cents, answers)
        .join(CheckIn, CheckIn.id == Dispute.check_in, isouter=True)
        .join(SettlementLine, SettlementLine.id == Dispute.line_id, isouter=True)
        .where(or_(Dispute.network == network, Dispute.home.in_(ours)), Dispute.period == month)
        .order_by(Dispute.state != "open", Dispute.opened_at, Dispute.id)
    )
    return [
        Case(
            dispute,
            visit,
            amount_cents,
            missing_consent(caller, dispute),
            dispute.network == network,
            messages,
        )
        for dispute, visit, amount_cents, messages in rows
    ]
