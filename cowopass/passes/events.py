"""What happened to a pass beside its visits: written once, never changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.passes.models import PassEvent


def record_event(
    session: Session,
    pass_id: str,
    kind: str,
    *,
    amount_cents: int | None = None,
    reason: str = "",
    **details: Any,  # noqa: ANN401 (any JSON)
) -> PassEvent:
    """Note an event of a pass. `amount_cents` is positive when the home received it."""
    event = PassEvent(
        pass_id=pass_id,
        kind=kind,
        happened_at=clock.now(),
        amount_cents=amount_cents,
        reason=reason,
        details=details,
    )
    session.add(event)
    return event


def last_event(session: Session, pass_id: str, kind: str) -> PassEvent | None:
    """Return the latest event of a kind, if there is one."""
    return session.scalar(
        select(PassEvent)
        .where(PassEvent.pass_id == pass_id, PassEvent.kind == kind)
        .order_by(PassEvent.id.desc())
        .limit(1)
    )
