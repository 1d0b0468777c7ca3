"""What a space sells: versions of plans. One that was sold is never edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.database import Outcome, assign
from cowopass.passes.models import Pass, Plan
from cowopass.spaces.models import Space


def save_plan(session: Session, home: str, code: str, offer: Mapping[str, Any]) -> Outcome:
    """Put a plan on sale, change it, or take it off sale (`is_offered`).

    `offer` has a value for each column of a plan that it wants set. A version that was sold stays
    as it is, and the next one is on sale in its place.
    """
    latest = session.scalar(
        select(Plan)
        .where(Plan.home == home, Plan.code == code)
        .order_by(Plan.version.desc())
        .limit(1)
        # A sale refers to the row: so none of it is under way while the plan is changed in place.
        .with_for_update()
    )
    if latest is None:
        _add_version(session, home, code, 1, offer)
        _record(session, home, code, offer)
        return "added"
    terms = {name: value for name, value in offer.items() if name != "is_offered"}
    if all(getattr(latest, name) == value for name, value in terms.items()):
        is_changed = assign(latest, offer)
        if is_changed:
            _record(session, home, code, offer)
        return "changed" if is_changed else "unchanged"
    if _is_sold(session, latest):
        latest.is_offered = False
        _add_version(session, home, code, latest.version + 1, offer)
    else:
        assign(latest, offer)
    _record(session, home, code, offer)
    return "changed"


def _record(session: Session, home: str, code: str, offer: Mapping[str, Any]) -> None:
    """Note in the log what became of a plan."""
    act = "plan_saved" if offer.get("is_offered", True) else "plan_taken_off_sale"
    network = session.get_one(Space, home).network
    record_act(session, act, network=network, space=home, subject=code)


def _is_sold(session: Session, plan: Plan) -> bool:
    sold = select(Pass.id).where(Pass.home == plan.home, Pass.plan_id == plan.id).limit(1)
    return session.scalar(sold) is not None


def _add_version(
    session: Session, home: str, code: str, version: int, offer: Mapping[str, Any]
) -> None:
    session.add(Plan(home=home, code=code, version=version, **offer, created_at=clock.now()))
    session.flush()
