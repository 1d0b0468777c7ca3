"""The record of disputes, as far as the ledger needs it: which is open, and how it is closed."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.ledger.models import Dispute

Decision = Literal["upheld", "refused"]


def open_dispute_of(session: Session, check_in: str) -> Dispute | None:
    """Return the open dispute of a check-in, held until the transaction ends; None without one."""
    return session.scalar(
        select(Dispute)
        .where(Dispute.check_in == check_in, Dispute.state == "open")
        .with_for_update()
    )


def close_dispute(dispute: Dispute, decision: Decision, reason: str) -> None:
    """Record how a dispute ended: `upheld` (the line falls) or `refused` (it stands)."""
    dispute.state = decision
    dispute.decision = reason
    dispute.decided_at = clock.now()
