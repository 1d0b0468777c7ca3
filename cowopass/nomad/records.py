"""What is held on a holder: all of it told as a file, and what can be forgotten, forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.database import Base
from cowopass.desk.models import CheckIn
from cowopass.ledger.models import Dispute
from cowopass.passes.life import revoke
from cowopass.passes.models import Pass, PassEvent, Ticket
from cowopass.passes.standing import FINAL
from cowopass.passes.tickets import cut_off
from cowopass.people.models import Holder

ERASED = "—"
"""What stands for a name that was erased."""

HOLDER_FIELDS = ("id", "home", "name", "email", "created_at")
PASS_FIELDS = (
    "id",
    "network",
    "home",
    "reference",
    "state",
    "starts_on",
    "ends_on",
    "volunteer",
    "price_paid_cents",
    "created_at",
)
EVENT_FIELDS = ("pass_id", "kind", "happened_at", "amount_cents", "reason")
TICKET_FIELDS = (
    "jti",
    "pass_id",
    "kind",
    "code",
    "issued_at",
    "expires_at",
    "revoked_at",
    "used_at",
    "recipient",
)
VISIT_FIELDS = (
    "id",
    "pass_id",
    "space",
    "at",
    "state",
    "code",
    "kind",
    "unit",
    "units",
    "reentry",
    "charge_cents",
    "top_up_cents",
    "void_reason",
)
DISPUTE_FIELDS = ("check_in", "opened_by", "reason", "opened_at", "state", "decision", "decided_at")


def export_of(session: Session, holder: Holder) -> dict[str, Any]:
    """Return everything that is held on a holder, by the names of the columns it is in."""
    passes = _passes(session, holder)
    ids = [sold.id for sold in passes]
    visits = session.scalars(
        select(CheckIn).where(CheckIn.pass_id.in_(ids)).order_by(CheckIn.at, CheckIn.id)
    ).all()
    disputes = session.scalars(
        select(Dispute)
        .where(Dispute.check_in.in_([visit.id for visit in visits]))
        .order_by(Dispute.id)
    )
    events = session.scalars(
        select(PassEvent).where(PassEvent.pass_id.in_(ids)).order_by(PassEvent.id)
    )
    tickets = session.scalars(
        select(Ticket).where(Ticket.pass_id.in_(ids)).order_by(Ticket.issued_at, Ticket.jti)
    )
    return {
        "exported_at": clock.now(),
        "holder": _told(holder, HOLDER_FIELDS),
        "passes": [{**_told(sold, PASS_FIELDS), "plan": sold.plan.name} for sold in passes],
        "events": _all_told(events, EVENT_FIELDS),
        "tickets": _all_told(tickets, TICKET_FIELDS),
        "visits": _all_told(visits, VISIT_FIELDS),
        "disputes": _all_told(disputes, DISPUTE_FIELDS),
    }


def erase(session: Session, holder: Holder, *, end_passes: bool) -> None:
    """Forget a holder: her name, her address, the names of her guests; her links open nothing.

    The passes stay usable on paper, nameless, unless she ends them: then their tickets count no
    more, and nothing is given back. Visits and charges stay as accounts must.
    """
    for sold in _passes(session, holder):
        if sold.state not in FINAL:
            if end_passes:
                revoke(session, sold.id, "ended by the holder")
            else:
                cut_off(session, sold.id, "live")
        session.execute(update(Ticket).where(Ticket.pass_id == sold.id).values(recipient=None))
    holder.name, holder.email, holder.erased_at = ERASED, None, clock.now()


def _passes(session: Session, holder: Holder) -> list[Pass]:
    return list(
        session.scalars(
            select(Pass).where(Pass.holder_id == holder.id).order_by(Pass.created_at, Pass.id)
        )
    )


def _told(row: Base, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _all_told(rows: Iterable[Base], names: Iterable[str]) -> list[dict[str, Any]]:
    return [_told(row, names) for row in rows]
