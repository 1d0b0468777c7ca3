"""Noting an act in the transaction that does it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.acts.actor import present_actor
from cowopass.acts.models import Act


def record_act(
    session: Session,
    act: str,
    *,
    network: str | None,
    space: str | None = None,
    subject: str = "",
    **details: Any,  # noqa: ANN401 (any JSON)
) -> None:
    """Note that whoever acts now has done something: `period_locked`, `pass_sold`.

    `details` are plain facts such as `amount_cents`; a holder's name is not among them, nor a
    reason that somebody wrote and that may name one.
    """
    actor = present_actor()
    session.add(
        Act(
            at=clock.now(),
            act=act,
            actor_kind=actor.kind,
            actor_id=actor.id,
            network=network,
            space=space,
            subject=subject,
            details=details,
        )
    )
