"""The lines behind a figure: found by what the figure is about, page by page, with their sum."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from clearing.line import FUND, TAKES_BACK, Line, effects
from clearing.sums import Cell
from cowopass.ledger.models import SettlementLine
from cowopass.ledger.rows import LINE_COLUMNS, line_of
from cowopass.settlement.months import ABOUT_VISITS, read_cells

LINES_A_PAGE = 100


class Filters(NamedTuple):
    """Which lines of a month are asked for; an empty field asks for nothing in particular.

    `participant` is a party of the line; the sum is then what the lines add to its position.
    `kind` is one of a line, or `visits` for those of the gross. `visits` are ids of check-ins.
    """

    participant: str = ""
    debtor: str = ""
    creditor: str = ""
    kind: str = ""
    late: bool = False
    visits: tuple[str, ...] = ()


class Shown(NamedTuple):
    """A line, and the amount that counts in the sum of the page: with its sign, in cents."""

    line: Line
    cents: int


class LinePage(NamedTuple):
    """Some lines in leaf order; `found` and `sum_cents` are of all that were asked for.

    `after` is where the next page goes on, None at the end.
    """

    lines: list[Shown]
    found: int
    sum_cents: int
    after: int | None


def find_lines(
    session: Session, network: str, month: str, filters: Filters, after: int = 0
) -> LinePage:
    """Return the lines of a month that are asked for, from a cursor on."""
    conditions = _conditions(network, month, filters)
    rows = session.execute(
        select(*LINE_COLUMNS, SettlementLine.number)
        .where(*conditions, SettlementLine.number > after)
        .order_by(SettlementLine.number)
        .limit(LINES_A_PAGE + 1)
    ).all()
    shown = [line_of(row) for row in rows[:LINES_A_PAGE]]
    cells = read_cells(session, *conditions)
    return LinePage(
        [Shown(line, counted_cents(line, filters.participant)) for line in shown],
        found=sum(cell.lines for cell in cells),
        sum_cents=sum(counted_cents(_as_line(cell), filters.participant) for cell in cells),
        after=rows[LINES_A_PAGE - 1].number if len(rows) > LINES_A_PAGE else None,
    )


def counted_cents(line: Line, participant: str = "") -> int:
    """Return what a line counts: what it adds to a position, else what it makes owed."""
    if participant:
        return sum(cents for who, cents in effects(line) if who == participant)
    return -line.amount_cents if line.kind in TAKES_BACK else line.amount_cents


def _conditions(network: str, month: str, filters: Filters) -> list[ColumnElement[bool]]:
    line = SettlementLine
    asked: dict[str, Any] = {
        "debtor": line.debtor == filters.debtor,
        "creditor": line.creditor == filters.creditor,
        "participant": _concerns(filters.participant),
        "kind": line.kind.in_(ABOUT_VISITS if filters.kind == "visits" else (filters.kind,)),
        "late": line.late_from.is_not(None),
        "visits": line.check_in.in_(filters.visits),
    }
    wanted = [condition for name, condition in asked.items() if getattr(filters, name)]
    return [line.network == network, line.period == month, *wanted]


def _concerns(participant: str) -> ColumnElement[bool]:
    line = SettlementLine
    is_party = or_(line.debtor == participant, line.creditor == participant)
    return or_(is_party, line.levy_cents > 0) if participant == FUND else is_party


def _as_line(cell: Cell) -> Line:
    """Return one line that moves what all of a cell move."""
    parties = (cell.kind, cell.debtor, cell.creditor)
    return Line("", "", "", *parties, cell.amount_cents, cell.levy_cents)
