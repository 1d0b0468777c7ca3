"""Where a pass stands on a day: its state, what is left of it, and whether it can be acted on."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from cowopass import clock
from cowopass.errors import PassEnded, PassExpired, PassSuspended, PassUnknown
from cowopass.networks.models import Network
from cowopass.passes.models import Pass, PassEvent, Ticket
from cowopass.passes.usage import Used, read_used_of
from wallet.plan import bucket

_STATES = {
    "suspended": "suspended",
    "resumed": "active",
    "revoked": "revoked",
    "refunded": "refunded",
}
"""The state that a pass has after an event that changes it."""

FINAL = frozenset({"revoked", "refunded"})
"""States that a pass never leaves."""


class Standing(NamedTuple):
    """A pass as it stands today. `state` may also be `expired`, which is never stored.

    `units_left` is None for an unlimited pass; both counts are of the running month for monthly
    plans. Golden tickets handed over and not used are not left.
    """

    sold: Pass
    state: str
    units_left: int | None
    golden_left: int


def find_pass(session: Session, pass_id: str) -> Pass:
    """Return a pass with its plan and holder. Raises PassUnknown."""
    found = session.get(Pass, pass_id, options=[joinedload(Pass.plan), joinedload(Pass.holder)])
    if found is None:
        raise PassUnknown(pass_id)
    return found


def lock_pass(session: Session, pass_id: str) -> Pass:
    """Return a pass that nobody else changes or spends until this transaction ends.

    Raises PassUnknown.
    """
    found = session.get(Pass, pass_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise PassUnknown(pass_id)
    return found


def local_today(session: Session, network: str) -> date:
    """Return today's date in a network's own time zone."""
    return clock.today(timezone_of(session, network))


def timezone_of(session: Session, network: str) -> str:
    """Return the IANA time zone of a network that a stored record names."""
    return session.get_one(Network, network).timezone


def state_on(sold: Pass, today: date) -> str:
    """Return a pass's state: the stored one, or `expired` when an active one is past its end."""
    if sold.state == "active" and sold.ends_on < today:
        return "expired"
    return sold.state


def state_at(session: Session, sold: Pass, instant: datetime) -> str:
    """Return the stored state that a pass had at an instant, by what happened to it until then."""
    changes = session.execute(
        select(PassEvent.kind, PassEvent.happened_at)
        .where(PassEvent.pass_id == sold.id, PassEvent.kind.in_(_STATES))
        .order_by(PassEvent.id)
    ).all()
    if not changes:
        return sold.state
    before = [kind for kind, happened_at in changes if happened_at <= instant]
    return _STATES[before[-1]] if before else "active"


def refuse_unless_current(sold: Pass, today: date, *, may_be_suspended: bool = False) -> None:
    """Raise PassEnded, PassSuspended or PassExpired when nothing can be given on this pass."""
    if sold.state in FINAL:
        raise PassEnded(sold.id, sold.state)
    if sold.state == "suspended" and not may_be_suspended:
        raise PassSuspended(sold.id)
    if sold.ends_on < today:
        raise PassExpired(sold.id, sold.ends_on)


def current_bucket(sold: Pass, today: date) -> str:
    """Return the bucket that a visit uses today; before the start, that of the first day."""
    return bucket(sold.plan.terms.kind, max(today, sold.starts_on))


def standing_of(session: Session, sold: Pass) -> Standing:
    """Return where one pass stands today."""
    return standings_of(session, [sold])[0]


def standings_of(session: Session, passes: list[Pass]) -> list[Standing]:
    """Return where passes stand today, in their order, with two statements for all of them."""
    days = {network: local_today(session, network) for network in {one.network for one in passes}}
    keys = {one.id: (one.id, current_bucket(one, days[one.network])) for one in passes}
    used = read_used_of(session, list(keys.values()))
    handed = handed_over(session, list(keys.values()))
    return [
        _standing(one, days[one.network], used[keys[one.id]], handed.get(keys[one.id], 0))
        for one in passes
    ]


def handed_over(session: Session, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return how many golden tickets of (pass, bucket) are out: handed over and still good."""
    rows = session.execute(
        select(Ticket.pass_id, Ticket.golden_month, func.count())
        .where(
            Ticket.pass_id.in_([pass_id for pass_id, _ in wanted]),
            Ticket.kind == "golden",
            Ticket.used_at.is_(None),
            Ticket.revoked_at.is_(None),
        )
        .group_by(Ticket.pass_id, Ticket.golden_month)
    )
    return {(pass_id, month): count for pass_id, month, count in rows if month is not None}


def _standing(sold: Pass, today: date, used: Used, handed: int) -> Standing:
    plan = sold.plan
    return Standing(
        sold,
        state_on(sold, today),
        None if plan.units is None else max(0, plan.units - used.units),
        max(0, plan.golden_tickets - used.golden - handed),
    )
