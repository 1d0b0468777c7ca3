"""Check-ins against the charges they made, and against what is used of their passes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from clearing.document import Finding
from cowopass.desk.models import CheckIn
from cowopass.ledger.models import Dispute, SettlementLine
from cowopass.passes.models import Pass, PassUsage, Plan
from cowopass.spaces.models import Space

_AMOUNTS = {
    "host_price_cents": CheckIn.host_price_cents,
    "pass_value_cents": CheckIn.pass_value_cents,
    "amount_cents": CheckIn.charge_cents,
    "levy_cents": CheckIn.levy_cents,
    "top_up_cents": CheckIn.top_up_cents,
    "agreement": CheckIn.agreement,
    "home": CheckIn.home,
    "host": CheckIn.space,
    "unit": CheckIn.unit,
    "visit": CheckIn.kind,
    "on": cast(CheckIn.on, String),
}
"""What the charge in the host's ledger repeats of its check-in, by the line's column."""


def check_charges(session: Session, network: str) -> Iterator[Finding]:
    """Yield check-ins without their one charge in this network's ledger, and charges without one.

    An accepted visit away from home has one live charge in the ledger of each of its networks,
    unless a dispute of it was upheld; any other check-in has none.
    """
    for check_in, live in session.execute(_mismatched(network)):
        message = f"{live} live charges of it are in the ledger of {network}"
        yield Finding("charges_differ", check_in, message)
    for (line_id,) in session.execute(_unfounded(network)):
        yield Finding("check_in_missing", line_id, f"no check-in of {network} made this line")
    for (check_in,) in session.execute(_miscopied(network)):
        yield Finding(
            "charge_differs", check_in, "the check-in and its charge say different things"
        )


def check_usages(session: Session, network: str) -> Iterator[Finding]:
    """Yield passes whose units used are not those of their live check-ins, or are too many."""
    for pass_id, bucket in session.execute(_miscounted(network)):
        message = "what is used is not the sum of the live check-ins and those forgotten"
        yield Finding("usage_differs", f"{pass_id} {bucket}", message)
    for pass_id, bucket in session.execute(_uncounted(network)):
        message = "there are live check-ins, and nothing is used"
        yield Finding("usage_differs", f"{pass_id} {bucket}", message)
    for pass_id, bucket in session.execute(_overspent(network)):
        message = "more is used than the plan allows"
        yield Finding("allowance_exceeded", f"{pass_id} {bucket}", message)


def _live_charges(network: str) -> Subquery:
    """Count the live charges of each check-in: written, less reversed, less fallen by a dispute."""
    released = aliased(SettlementLine)
    is_released = select(released.id).where(
        released.check_in == SettlementLine.check_in,
        released.kind == "released",
        released.reverses == SettlementLine.id,
    )
    is_disputed = select(Dispute.id).where(
        Dispute.check_in == SettlementLine.check_in, Dispute.state == "open"
    )
    has_fallen = and_(
        SettlementLine.kind == "withheld", ~is_released.exists(), ~is_disputed.exists()
    )
    step = case(
        (SettlementLine.kind == "charge", 1),
        (SettlementLine.kind == "reversal", -1),
        (has_fallen, -1),
        else_=0,
    )
    return (
        select(SettlementLine.check_in, func.sum(step).label("live"))
        .where(SettlementLine.network == network, SettlementLine.check_in.is_not(None))
        .group_by(SettlementLine.check_in)
        .subquery()
    )


def _mismatched(network: str) -> Select[str, int]:
    host, home, counts = aliased(Space), aliased(Space), _live_charges(network)
    live = func.coalesce(counts.c.live, 0)
    is_charged = and_(
        CheckIn.state == "accepted", CheckIn.reentry.is_(False), CheckIn.home != CheckIn.space
    )
    was_upheld = (
        select(Dispute.id).where(Dispute.check_in == CheckIn.id, Dispute.state == "upheld").exists()
    )
    is_right = case(
        (and_(is_charged, was_upheld), live == 0),
        (is_charged, live == 1),
        else_=live == 0,
    )
    return (
        select(CheckIn.id, live)
        .join(host, host.slug == CheckIn.space)
        .join(home, home.slug == CheckIn.home)
        .join(counts, counts.c.check_in == CheckIn.id, isouter=True)
        .where(or_(host.network == network, home.network == network), ~is_right)
        .order_by(CheckIn.id)
    )


def _unfounded(network: str) -> Select[Any]:
    host, home = aliased(Space), aliased(Space)
    is_of_visit = SettlementLine.kind.in_(("charge", "reversal", "withheld", "released"))
    is_elsewhere = and_(host.network != network, home.network != network)
    return (
        select(SettlementLine.id)
        .join(CheckIn, CheckIn.id == SettlementLine.check_in, isouter=True)
        .join(host, host.slug == CheckIn.space, isouter=True)
        .join(home, home.slug == CheckIn.home, isouter=True)
        .where(
            SettlementLine.network == network,
            is_of_visit,
            or_(host.slug.is_(None), home.slug.is_(None), is_elsewhere),
        )
        .order_by(SettlementLine.number)
    )


def _miscopied(network: str) -> Select[Any]:
    differs = [
        getattr(SettlementLine, name).is_distinct_from(value) for name, value in _AMOUNTS.items()
    ]
    is_charged = and_(CheckIn.reentry.is_(False), CheckIn.home != CheckIn.space)
    return (
        select(CheckIn.id)
        .join(Space, Space.slug == CheckIn.space)
        .join(SettlementLine, SettlementLine.id == CheckIn.line_id, isouter=True)
        .where(
            Space.network == network,
            CheckIn.state.in_(("accepted", "voided")),
            is_charged,
            or_(
                SettlementLine.network.is_distinct_from(network),
                SettlementLine.check_in.is_distinct_from(CheckIn.id),
                SettlementLine.kind.is_distinct_from("charge"),
                *differs,
            ),
        )
        .order_by(CheckIn.id)
    )


def _counted() -> Subquery:
    """Return the units, golden tickets and value of the live check-ins of each pass and bucket."""
    is_golden = CheckIn.kind == "golden"
    return (
        select(
            CheckIn.pass_id,
            CheckIn.bucket,
            func.sum(case((is_golden, 0), else_=CheckIn.units)).label("units"),
            func.sum(case((is_golden, CheckIn.units), else_=0)).label("golden"),
            func.sum(
                case((CheckIn.units > 0, func.coalesce(CheckIn.pass_value_cents, 0)), else_=0)
            ).label("value_cents"),
        )
        .where(
            CheckIn.state == "accepted",
            CheckIn.pass_id.is_not(None),
            CheckIn.bucket.is_not(None),
        )
        .group_by(CheckIn.pass_id, CheckIn.bucket)
        .subquery()
    )


def _is_of(counted: Subquery) -> ColumnElement[bool]:
    return and_(counted.c.pass_id == PassUsage.pass_id, counted.c.bucket == PassUsage.bucket)


def _miscounted(network: str) -> Select[str, str]:
    counted = _counted()
    triples = (
        (PassUsage.units_used, counted.c.units, PassUsage.forgotten_units),
        (PassUsage.golden_used, counted.c.golden, PassUsage.forgotten_golden),
        (PassUsage.value_given_cents, counted.c.value_cents, PassUsage.forgotten_value_cents),
    )
    return (
        select(PassUsage.pass_id, PassUsage.bucket)
        .join(Pass, Pass.id == PassUsage.pass_id)
        .join(counted, _is_of(counted), isouter=True)
        .where(
            Pass.network == network,
            or_(*(used != func.coalesce(live, 0) + forgotten for used, live, forgotten in triples)),
        )
        .order_by(PassUsage.pass_id, PassUsage.bucket)
    )


def _uncounted(network: str) -> Select[Any]:
    counted = _counted()
    return (
        select(counted.c.pass_id, counted.c.bucket)
        .join(Pass, Pass.id == counted.c.pass_id)
        .join(PassUsage, _is_of(counted), isouter=True)
        .where(
            Pass.network == network,
            PassUsage.pass_id.is_(None),
            counted.c.units + counted.c.golden > 0,
        )
        .order_by(counted.c.pass_id, counted.c.bucket)
    )


def _overspent(network: str) -> Select[str, str]:
    return (
        select(PassUsage.pass_id, PassUsage.bucket)
        .join(Pass, Pass.id == PassUsage.pass_id)
        .join(Plan, Plan.id == Pass.plan_id)
        .where(
            Pass.network == network,
            or_(PassUsage.units_used > Plan.units, PassUsage.golden_used > Plan.golden_tickets),
        )
        .order_by(PassUsage.pass_id, PassUsage.bucket)
    )
