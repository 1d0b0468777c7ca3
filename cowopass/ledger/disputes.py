"""The record of disputes: which is open, who may decide it, and how it is closed."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.ledger.models import Dispute
from cowopass.people.access import Caller

Decision = Literal["upheld", "refused"]

Ending = Literal["treasurer", "accepted", "withdrawn"]
"""Who ended a dispute: the treasurer, the side it is against, or who opened it."""


def open_dispute_of(session: Session, check_in: str) -> Dispute | None:
    """Return the open dispute of a check-in, held until the transaction ends; None without one."""
    return session.scalar(
        select(Dispute)
        .where(Dispute.check_in == check_in, Dispute.state == "open")
        .with_for_update()
    )


def missing_consent(caller: Caller, dispute: Dispute) -> str | None:
    """Return the space without whose consent this treasurer may not decide, None if she may.

    She needs it from the other space when she belongs to one of the two.
    """
    spaces = {dispute.home, dispute.host} - {None}
    if caller.is_operator or not caller.spaces & spaces:
        return None
    others = spaces - caller.spaces - set(dispute.consents)
    return min((other for other in others if other), default=None)


def close_dispute(
    dispute: Dispute, decision: Decision, reason: str, decided_by: Ending | None = None
) -> None:
    """Record how a dispute ended: `upheld` (the line falls) or `refused` (it stands), by whom."""
    dispute.state, dispute.decided_by = decision, decided_by
    dispute.decision = reason
    dispute.decided_at = clock.now()
