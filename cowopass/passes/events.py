"""What happened to a pass beside its visits: written once, never changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.passes.models import Pass, PassEvent


def record_event(
    session: Session,
    pass_id: str,
    kind: str,
    *,
    amount_cents: int | None = None,
    reason: str = "",
    **details: Any,  # noqa: ANN401 (any JSON)
) -> PassEvent:
    """Note an event of a pass, and in the log of acts who let it happen.

    `amount_cents` is positive when the home received it. The log gets no reason: it may name the
    holder.
    """
    event = PassEvent(
        pass_id=pass_id,
        kind=kind,
        happened_at=clock.now(),
        amount_cents=amount_cents,
        reason=reason,
        details=details,
    )
    session.add(event)
    sold = session.get_one(Pass, pass_id)
    paid = {} if amount_cents is None else {"amount_cents": amount_cents}
    record_act(
        session, f"pass_{kind}", network=sold.network, space=sold.home, subject=pass_id, **paid
    )
    return event


def last_event(session: Session, pass_id: str, kind: str) -> PassEvent | None:
    """Return the latest event of a kind, if there is one."""
    return session.scalar(
        select(PassEvent)
        .where(PassEvent.pass_id == pass_id, PassEvent.kind == kind)
        .order_by(PassEvent.id.desc())
        .limit(1)
    )
