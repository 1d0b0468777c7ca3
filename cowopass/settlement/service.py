"""Reading the months of a network: their state, their positions, their lines, their plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from clearing.document import line_to_json
from clearing.period import Facts, State, next_month, parse_month, state
from cowopass import clock
from cowopass.errors import NetworkUnknown, PeriodNotLocked
from cowopass.ledger.models import Dispute, Period, SettlementLine
from cowopass.ledger.periods import open_month
from cowopass.ledger.rows import LINE_COLUMNS, line_of
from cowopass.networks.models import Network
from cowopass.settlement.months import count_lines, plan_month, read_sums, stored_totals
from cowopass.settlement.steps import Month, has_changed, next_step
from cowopass.settlement.transfers import Due, list_dues
from cowopass.spaces.models import Space


def get_month(session: Session, slug: str, month: str) -> Month:
    """Return a month of a network and its state. Raises NetworkUnknown and MonthInvalid."""
    network = get_network(session, slug)
    row = session.get(Period, (slug, parse_month(month)))
    dues = list_dues(session, slug, month)
    return Month(network, month, row, dues, _state(network, month, row, dues))


def get_network(session: Session, slug: str) -> Network:
    """Return a network. Raises NetworkUnknown."""
    network = session.get(Network, slug)
    if network is None:
        raise NetworkUnknown(slug)
    return network


def list_months(session: Session, slug: str) -> list[dict[str, Any]]:
    """Return every month of a network from its first one to the running one, newest first.

    The first one has its first line, or was reviewed or locked before that: what came earlier is
    never settled. A network without lines begins with the month that it was made in. Each is
    {"network", "period", "state", "lines", "locked_at"}. Raises NetworkUnknown.
    """
    network = get_network(session, slug)
    rows = {row.month: row for row in session.scalars(select(Period).where(Period.network == slug))}
    counts = _lines_by_month(session, slug)
    acted = [month for month, row in rows.items() if row.locked_at or row.reviewed_at]
    last = max([open_month(network.timezone), *acted])
    month = min([last, *((*counts, *acted) or rows)])
    months = []
    while month <= last:
        row = rows.get(month)
        dues = list_dues(session, slug, month) if row and row.locked_at else []
        months.append(
            {
                "network": slug,
                "period": month,
                "state": _state(network, month, row, dues),
                "lines": counts.get(month, 0),
                "locked_at": row.locked_at if row else None,
            }
        )
        month = next_month(month)
    return months[::-1]


def show_month(session: Session, slug: str, month: str) -> dict[str, Any]:
    """Return a month as the API shows it; amounts in cents, locked figures as they were locked.

    `disputes` counts the open ones. `late` counts the lines of visits of locked months. `next`
    says what the treasurer can do, what keeps her from it, and what she had better know first.
    Raises NetworkUnknown and MonthInvalid.
    """
    found = get_month(session, slug, month)
    counts = count_lines(session, slug, month)
    disputes = _count_open_disputes(session, slug, month)
    row = found.row
    return {
        "network": slug,
        "period": month,
        "state": found.state,
        **_figures(session, found),
        "lines": counts.lines,
        "late": counts.late,
        "disputes": disputes,
        "reviewed_at": row.reviewed_at if row else None,
        "changed_since_review": has_changed(row, counts),
        "locked_at": row.locked_at if row else None,
        "root": row.root if row else None,
        "previous_root": row.previous_root if row else None,
        "transfers": [{**due._asdict(), "left_cents": due.left_cents} for due in found.dues],
        "next": next_step(session, found, counts, disputes),
    }


def show_plan(session: Session, slug: str, month: str) -> dict[str, Any]:
    """Return the plan of a month: as it was locked, or what it would be if locked now.

    {"method", "transfers", "carried", "alternative", "preview"}. Raises NetworkUnknown,
    MonthInvalid, and before the lock the error of `own_agreement`.
    """
    found = get_month(session, slug, month)
    if found.row is not None and found.row.plan is not None:
        return {**found.row.plan, "preview": False}
    sums = read_sums(session, slug, month)
    return {**plan_month(session, slug, month, sums).plan_json(), "preview": True}


def show_head(session: Session, slug: str, month: str) -> dict[str, Any]:
    """Return the signed head of a locked month, and its root. Raises PeriodNotLocked."""
    row = get_month(session, slug, month).row
    if row is None or row.head is None:
        raise PeriodNotLocked(slug, month)
    return {
        "network": slug,
        "period": month,
        "head": row.head,
        "root": row.root,
        "previous_root": row.previous_root,
        "locked_at": row.locked_at,
    }


def list_lines(
    session: Session,
    slug: str,
    month: str,
    *,
    spaces: Collection[str] | None = None,
    after: int = 0,
    limit: int = 100,
) -> tuple[list[dict[str, Any]], int | None]:
    """Return up to `limit` lines of a month in leaf order, and where to go on, None at the end.

    With spaces, those that concern one of them. Raises NetworkUnknown and MonthInvalid.
    """
    get_network(session, slug)
    statement = select(*LINE_COLUMNS, SettlementLine.leaf_hash, SettlementLine.number).where(
        SettlementLine.network == slug,
        SettlementLine.period == parse_month(month),
        SettlementLine.number > after,
    )
    if spaces is not None:
        columns = ("home", "host", "debtor", "creditor")
        statement = statement.where(
            or_(*(getattr(SettlementLine, name).in_(spaces) for name in columns))
        )
    rows = session.execute(statement.order_by(SettlementLine.number).limit(limit + 1)).all()
    lines = [line_to_json(line_of(row), row.leaf_hash) for row in rows[:limit]]
    return lines, rows[limit - 1].number if len(rows) > limit else None


def _state(network: Network, month: str, row: Period | None, dues: list[Due]) -> State:
    return state(
        Facts(
            month=month,
            today=clock.today(network.timezone),
            reviewed=row is not None and row.reviewed_at is not None,
            locked=row is not None and row.locked_at is not None,
            paid_anything=any(
                due.left_cents < due.amount_cents or due.bounced_cents for due in dues
            ),
            open_transfers=sum(due.left_cents > 0 for due in dues),
        )
    )


def _figures(session: Session, found: Month) -> dict[str, Any]:
    """Return positions, gross, levies and number of charges, as they are or as they were locked."""
    if found.row is not None and found.row.locked_at is not None:
        totals: Mapping[str, Any] = stored_totals(found.row)
    else:
        sums = read_sums(session, found.network.slug, found.month)
        totals = {
            "positions": sums.positions,
            "carried_in": sums.carried_in_cents,
            "gross_cents": sums.gross_cents,
            "fund_cents": sums.fund_cents,
            "charges": sums.charges,
        }
    positions = [
        {
            "participant": participant,
            "amount_cents": amount_cents,
            "carried_in_cents": totals["carried_in"].get(participant, 0),
        }
        for participant, amount_cents in sorted(totals["positions"].items())
    ]
    figures = {name: totals[name] for name in ("gross_cents", "fund_cents", "charges")}
    return {"positions": positions, **figures}


def _lines_by_month(session: Session, slug: str) -> dict[str, int]:
    rows = session.execute(
        select(SettlementLine.period, func.count())
        .where(SettlementLine.network == slug)
        .group_by(SettlementLine.period)
    )
    return dict(rows.all())


def _count_open_disputes(session: Session, slug: str, month: str) -> int:
    """Count a month's open disputes: of visits in this network, and by its passes elsewhere."""
    ours = select(Space.slug).where(Space.network == slug)
    count = session.scalar(
        select(func.count()).where(
            or_(Dispute.network == slug, Dispute.home.in_(ours)),
            Dispute.period == month,
            Dispute.state == "open",
        )
    )
    return count or 0
