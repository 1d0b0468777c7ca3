"""The passes of a space that left where they are refunded, as voted: they end with its last day."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.networks.models import Network
from cowopass.passes.models import Pass
from cowopass.passes.refunds import refund
from cowopass.spaces.models import Space

REASON = "Son lieu a quitté le réseau : ce qui reste est remboursé, comme les lieux l’ont voté."


def end_sold_days(session: Session) -> int:
    """End the passes of spaces that left where that was voted; return how many.

    What is unused of each is noted as given back, as a host would. Again it finds none.
    """
    waiting = passes_to_end(session)
    for pass_id in waiting:
        refund(session, pass_id, REASON)
    return len(waiting)


def passes_to_end(session: Session) -> Sequence[str]:
    """Return the passes that still hold of spaces whose last day is over, where they end then."""
    found: list[str] = []
    left = select(Space).where(Space.sold_days == "refunded", Space.leaves_on.is_not(None))
    for space in session.scalars(left.order_by(Space.slug)):
        today = clock.today(session.get_one(Network, space.network).timezone)
        if space.leaves_on is not None and space.leaves_on < today:
            still = select(Pass.id).where(
                Pass.home == space.slug,
                Pass.state.in_(["active", "suspended"]),
                Pass.ends_on >= today,
            )
            found += session.scalars(still.order_by(Pass.id))
    return found
