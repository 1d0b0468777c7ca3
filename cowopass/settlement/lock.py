"""Locking a month: added up, planned, signed, and never opened again.

The network's row is held first, so that two locks queue and no earlier month springs up behind a
lock; then the rows of the months, so that no check-in enters them while they are added up.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clearing.ledger import entries_of_carry, entries_of_transfer
from clearing.line import Line
from clearing.netting import Plan
from clearing.netting import Transfer as PlannedTransfer
from clearing.period import add_months, first_day, next_month, parse_month
from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.config import Config
from cowopass.errors import NetworkUnknown, PeriodNotOver, PeriodOutOfOrder
from cowopass.ledger.models import Period, SettlementLine
from cowopass.ledger.periods import ensure_period, open_month
from cowopass.ledger.rows import event_rows, new_line_id, write_entries, write_lines
from cowopass.networks.agreements import cited_votes
from cowopass.networks.keys import record_key
from cowopass.networks.models import Network
from cowopass.settlement.head import make_head
from cowopass.settlement.models import Transfer
from cowopass.settlement.months import close_month, count_lines

OLDEST_VISIT_MONTHS = 13
"""A visit that is reported later than this is too old to be recorded."""


def lock_period(session: Session, config: Config, slug: str, month: str) -> Period:
    """Lock a month, and the empty ones before it; a locked one is returned as it was locked.

    Raises NetworkUnknown, MonthInvalid, PeriodNotOver, PeriodOutOfOrder, and AgreementMissing when
    the network has no agreement with itself that month.
    """
    network = hold_network(session, slug)
    period = session.get(Period, (slug, parse_month(month)))
    if period is not None and period.locked_at is not None:
        return period
    for each in months_to_lock(session, network, month):
        period = _lock(session, config, hold_period(session, slug, each))
        record_act(session, "period_locked", network=slug, subject=each)
    if period is None:
        raise RuntimeError("locking a month leads to a locked month")
    return period


def review_period(session: Session, slug: str, month: str) -> None:
    """Mark a month that is over as sent out for review; again only if lines came since.

    A locked month stays as it is. Raises NetworkUnknown, MonthInvalid and PeriodNotOver.
    """
    network = hold_network(session, slug)
    check_over(network, parse_month(month))
    period = hold_period(session, slug, month)
    counts = count_lines(session, slug, month)
    if period.locked_at is None and period.reviewed_lines != counts.lines:
        period.reviewed_at, period.reviewed_lines = clock.now(), counts.lines
        record_act(session, "period_reviewed", network=slug, subject=month)


def months_to_lock(session: Session, network: Network, month: str) -> list[str]:
    """Return the months that the lock of one locks: itself, after empty ones not yet locked.

    A month that has nothing but what was carried into it is empty: it is carried on. Raises
    PeriodNotOver, and PeriodOutOfOrder when an earlier month has lines of its own, or when the
    month comes before the network's first line or its first lock.
    """
    check_over(network, month)
    start = _next_to_lock(session, network.slug) or _start_without_lines(network, month)
    if month < start:
        raise PeriodOutOfOrder(network.slug, month, start)
    earlier = session.scalar(
        select(func.min(SettlementLine.period)).where(
            SettlementLine.network == network.slug,
            SettlementLine.period >= start,
            SettlementLine.period < month,
            SettlementLine.kind != "carried",
        )
    )
    if earlier is not None:
        raise PeriodOutOfOrder(network.slug, month, earlier)
    months = [start]
    while months[-1] < month:
        months.append(next_month(months[-1]))
    return months


def check_over(network: Network, month: str) -> None:
    """Raise PeriodNotOver for a month that still runs, or has not begun, in the network's zone."""
    if month >= open_month(network.timezone):
        raise PeriodNotOver(network.slug, month, first_day(next_month(month)))


def hold_network(session: Session, slug: str) -> Network:
    """Return a network, held against another lock of its months. Raises NetworkUnknown."""
    network = session.scalar(
        select(Network).where(Network.slug == slug).with_for_update(key_share=True)
    )
    if network is None:
        raise NetworkUnknown(slug)
    return network


def hold_period(session: Session, network: str, month: str) -> Period:
    """Return the row of a month, held alone: who writes lines of it waits. Made if missing."""
    ensure_period(session, network, month)
    return session.get_one(Period, (network, month), with_for_update=True, populate_existing=True)


def _next_to_lock(session: Session, network: str) -> str | None:
    """Return the month whose turn it is: after the last lock, else the one of the first line."""
    last = session.scalar(
        select(func.max(Period.month)).where(
            Period.network == network, Period.locked_at.is_not(None)
        )
    )
    if last is not None:
        return next_month(last)
    return session.scalar(
        select(func.min(SettlementLine.period)).where(SettlementLine.network == network)
    )


def _start_without_lines(network: Network, month: str) -> str:
    """Return where a network that has no line may start: no visit of an older month can come."""
    return max(month, add_months(open_month(network.timezone), -OLDEST_VISIT_MONTHS))


def _lock(session: Session, config: Config, period: Period) -> Period:
    close = close_month(session, period.network, period.month)
    key = record_key(session, config, period.network)
    period.previous_root = _previous_root(session, period)
    period.root = close.totals.root.hex()
    period.totals = close.totals_json()
    period.plan = close.plan_json()
    votes = cited_votes(session, close.agreements)
    period.head = make_head(key, period.network, period.month, close, period.previous_root, votes)
    period.locked_at = clock.now()
    _write_plan(session, period, close.plan)
    session.flush()
    return period


def _previous_root(session: Session, period: Period) -> str | None:
    return session.scalar(
        select(Period.root)
        .where(
            Period.network == period.network,
            Period.month < period.month,
            Period.locked_at.is_not(None),
        )
        .order_by(Period.month.desc())
        .limit(1)
    )


def _write_plan(session: Session, period: Period, plan: Plan) -> None:
    """Write the transfers, the entries that empty the positions, and the carries' next lines."""
    kinds = {"transfer": plan.transfers, "carried": plan.carried}
    session.add_all(
        Transfer(network=period.network, period=period.month, kind=kind, **transfer._asdict())
        for kind, transfers in kinds.items()
        for transfer in transfers
    )
    for transfer in plan.transfers:
        _write_event(session, period, "transfer", transfer)
    for transfer in plan.carried:
        _write_event(session, period, "carry", transfer)
    if plan.carried:
        ensure_period(session, period.network, next_month(period.month))
        write_lines(session, [_carried_in(period, transfer) for transfer in plan.carried])


def _write_event(session: Session, period: Period, event: str, transfer: PlannedTransfer) -> None:
    entries = entries_of_carry if event == "carry" else entries_of_transfer
    rows = event_rows(
        entries(transfer),
        period.network,
        period.month,
        event,
        clock.now(),
        transfer_id=transfer.id,
    )
    write_entries(session, rows)


def _carried_in(period: Period, transfer: PlannedTransfer) -> Line:
    return Line(
        id=new_line_id(),
        network=period.network,
        period=next_month(period.month),
        kind="carried",
        debtor=transfer.debtor,
        creditor=transfer.creditor,
        amount_cents=transfer.amount_cents,
        since=transfer.since,
    )
