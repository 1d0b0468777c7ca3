"""The nomads of the demonstration: in every network somebody with a book begun, to show it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cowopass.demo.people import DOMAIN
from cowopass.networks.models import Network
from cowopass.passes.models import Pass, Plan
from cowopass.passes.standing import standings_of
from cowopass.people.models import Holder

FEWEST_UNITS = 3
"""So many are left at least, so that there is something to show at a few places."""


def ready_nomads(session: Session) -> None:
    """Give one holder a network an address, at which the codes for her phone arrive."""
    for network in session.scalars(select(Network.slug).order_by(Network.slug)):
        books = session.scalars(
            select(Pass)
            .join(Plan, Plan.id == Pass.plan_id)
            .where(Pass.network == network, Plan.kind == "book", Plan.roaming.is_(True))
            .options(joinedload(Pass.plan), joinedload(Pass.holder))
            .order_by(Pass.starts_on, Pass.id)
        ).all()
        for standing in standings_of(session, list(books)):
            left, units = standing.units_left or 0, standing.sold.plan.units or 0
            if standing.state == "active" and FEWEST_UNITS <= left < units:
                standing.sold.holder.email = f"nomade-{network}@{DOMAIN}"
                break


def list_nomads(session: Session) -> list[Holder]:
    """Return the nomads whose wallet anybody may open; none when no demonstration is loaded."""
    return list(
        session.scalars(
            select(Holder)
            .where(Holder.email.startswith("nomade-"), Holder.email.endswith(f"@{DOMAIN}"))
            .order_by(Holder.email)
        )
    )


def find_nomad(session: Session, holder_id: str) -> Holder | None:
    """Return one of the demonstration's nomads, and nobody real."""
    return next((one for one in list_nomads(session) if one.id == holder_id), None)
