"""A month as its records give it: its totals, its plan, and what both follow from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Result, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from clearing.document import plan_to_json, totals_to_json
from clearing.line import TAKES_BACK, Line, LineKind
from clearing.month import Fold
from clearing.netting import Netting, Plan, make_plan
from clearing.period import last_day
from clearing.sums import Cell, Totals, fold_cells
from cowopass.ledger.models import Period, SettlementLine
from cowopass.ledger.rows import LINE_COLUMNS, line_of
from cowopass.networks.agreements import own_agreement
from cowopass.spaces.models import Space

ROWS_AT_ONCE = 5_000
"""How many lines are in memory while a month is added up."""

ABOUT_VISITS: tuple[LineKind, ...] = ("charge", "reversal", "withheld", "released")
"""Kinds of lines that make the gross: visits, and what takes them back or releases them."""

_SUM_COLUMNS = (
    SettlementLine.kind,
    SettlementLine.debtor,
    SettlementLine.creditor,
    SettlementLine.amount_cents,
    SettlementLine.levy_cents,
    SettlementLine.since,
    SettlementLine.leaf_hash,
)


class LineCounts(NamedTuple):
    """How many lines a month has, and how many of them are late from a locked month."""

    lines: int
    late: int


class Close(NamedTuple):
    """What closing a month comes to, and what it follows from beside the lines.

    `agreements` are the ids of the versions its charges cite, and of the network's own. `leaving`
    are the spaces that have left by the end of the month: their carries are paid.
    """

    totals: Totals
    plan: Plan
    netting: Netting
    carry_forward_below_cents: int
    leaving: list[str]
    agreements: list[str]

    def totals_json(self) -> dict[str, Any]:
        """Return what is kept of the totals: an export's, positions, and what they rest on."""
        return {
            **totals_to_json(self.totals),
            "positions": dict(sorted(self.totals.positions.items())),
            "carried_in": dict(sorted(self.totals.carried_in_cents.items())),
            "netting": self.netting,
            "carry_forward_below_cents": self.carry_forward_below_cents,
            "leaving": self.leaving,
            "agreements": self.agreements,
        }

    def plan_json(self) -> dict[str, Any]:
        """Return the plan as an export holds it."""
        return plan_to_json(self.plan)


def close_month(session: Session, network: str, month: str) -> Close:
    """Add a month up and plan its transfers, by the rules of the network's own agreement.

    Nothing is written. Raises the error of `own_agreement` when there is none in force.
    """
    return plan_month(session, network, month, read_totals(session, network, month))


def plan_month(session: Session, network: str, month: str, totals: Totals) -> Close:
    """Return what closing a month comes to, from its totals. Raises as `close_month`."""
    own = own_agreement(session, network, month)
    netting = cast(Netting, own.netting)
    leaving = read_leaving(session, network, month)
    plan = make_plan(
        network,
        month,
        totals,
        netting=netting,
        carry_forward_below_cents=own.carry_forward_below_cents,
        leaving=frozenset(leaving),
    )
    cited = {own.id, *_cited_agreements(session, network, month)}
    return Close(
        totals, plan, netting, own.carry_forward_below_cents, leaving, agreements=sorted(cited)
    )


def read_totals(session: Session, network: str, month: str) -> Totals:
    """Return the totals of a month's lines, in one streaming pass."""
    month_so_far = Fold()
    with _stream(session, _SUM_COLUMNS, network, month) as rows:
        for kind, debtor, creditor, amount_cents, levy_cents, since, leaf_hash in rows:
            month_so_far.add_row(kind, debtor, creditor, amount_cents, levy_cents, since, leaf_hash)
    return month_so_far.totals()


def read_sums(session: Session, network: str, month: str) -> Totals:
    """Return the totals of a month's lines without their root, added up by the database."""
    return fold_cells(
        read_cells(session, SettlementLine.network == network, SettlementLine.period == month)
    )


def read_months(session: Session, network: str) -> dict[str, Totals]:
    """Return the totals of each month of a network that has lines, without roots, by month."""
    by_month: dict[str, list[Cell]] = {}
    for month, cell in _read_cells(session, SettlementLine.network == network):
        by_month.setdefault(month, []).append(cell)
    return {month: fold_cells(cells) for month, cells in by_month.items()}


def read_cells(session: Session, *conditions: ColumnElement[bool]) -> list[Cell]:
    """Return the sums of the lines that fulfil some conditions, by month and parties."""
    return [cell for _, cell in _read_cells(session, *conditions)]


def read_flows(session: Session, network: str, month: str) -> dict[tuple[str, str], int]:
    """Return what each debtor owes each creditor for the visits of a month, before levies."""
    owed: dict[tuple[str, str], int] = {}
    cells = read_cells(
        session,
        SettlementLine.network == network,
        SettlementLine.period == month,
        SettlementLine.kind.in_(ABOUT_VISITS),
    )
    for cell in cells:
        pair, sign = (cell.debtor, cell.creditor), -1 if cell.kind in TAKES_BACK else 1
        owed[pair] = owed.get(pair, 0) + sign * cell.amount_cents
    return owed


def _read_cells(session: Session, *conditions: ColumnElement[bool]) -> Iterator[tuple[str, Cell]]:
    columns = (
        SettlementLine.period,
        SettlementLine.kind,
        SettlementLine.debtor,
        SettlementLine.creditor,
    )
    sums = (
        func.count(),
        func.sum(SettlementLine.amount_cents),
        func.sum(SettlementLine.levy_cents),
        func.min(SettlementLine.since),
    )
    rows = session.execute(
        select(*columns, *sums).where(*conditions).group_by(*columns).order_by(*columns)
    )
    for month, kind, debtor, creditor, count, amount_cents, levy_cents, since in rows:
        yield (
            month,
            Cell(
                cast(LineKind, kind),
                debtor,
                creditor,
                count,
                int(amount_cents),
                int(levy_cents),
                since,
            ),
        )


def read_lines(session: Session, network: str, month: str) -> Iterator[Line]:
    """Yield a month's lines in leaf order, a few thousand in memory at a time."""
    with _stream(session, LINE_COLUMNS, network, month) as rows:
        yield from map(line_of, rows)


def _stream(
    session: Session, columns: Sequence[InstrumentedAttribute[Any]], network: str, month: str
) -> Result[*tuple[Any, ...]]:
    return session.execute(
        select(*columns)
        .where(SettlementLine.network == network, SettlementLine.period == month)
        .order_by(SettlementLine.number),
        execution_options={"yield_per": ROWS_AT_ONCE},
    )


def count_lines(session: Session, slug: str, month: str) -> LineCounts:
    """Return how many lines a month has, and how many are late."""
    lines, late = session.execute(
        select(func.count(), func.count(SettlementLine.late_from)).where(
            SettlementLine.network == slug, SettlementLine.period == month
        )
    ).one()
    return LineCounts(lines, late)


def stored_totals(period: Period) -> dict[str, Any]:
    """Return the totals of a locked month as they were locked."""
    if period.totals is None:
        raise RuntimeError(f"{period.month} of {period.network} is locked without its totals")
    return period.totals


def _cited_agreements(session: Session, network: str, month: str) -> list[str]:
    cited = session.scalars(
        select(SettlementLine.agreement)
        .where(
            SettlementLine.network == network,
            SettlementLine.period == month,
            SettlementLine.agreement.is_not(None),
        )
        .distinct()
    )
    return [agreement for agreement in cited if agreement is not None]


def read_leaving(session: Session, network: str, month: str) -> list[str]:
    """Return the spaces that have left by the end of a month, whose carries are paid."""
    return list(
        session.scalars(
            select(Space.slug)
            .where(Space.network == network, Space.leaves_on <= last_day(month))
            .order_by(Space.slug)
        )
    )
