"""What lines add up to: the figures of a month, whether its lines are read or only their sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

from clearing.line import TAKES_BACK, Line, LineKind, effects

_ABOUT_VISITS: Final[frozenset[LineKind]] = frozenset(
    {"charge", "reversal", "withheld", "released"}
)
"""Kinds that count in the number of charges, the gross and the levies."""

_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Totals:
    """What the lines of a month add up to; amounts in cents.

    `count` is the number of lines. `charges`, `gross_cents` and `fund_cents` (levies) are charges
    less reversals and withheld lines, plus released ones; they fall below zero in a month that only
    takes back charges of earlier ones. `positions` has every participant seen, and sums to zero;
    `carried_in_cents` is the part of it that comes from the months before.

    `pairs` gives what each (debtor, creditor) owes before levies, carries and write-offs included;
    `levies` what each creditor owes the fund; `carried_since` the oldest month of the carries of
    each (debtor, creditor). `root` is the Merkle root, empty in a simulation, where the lines were
    never written, and where only their sums were read.
    """

    count: int
    charges: int
    gross_cents: int
    fund_cents: int
    positions: dict[str, int]
    carried_in_cents: dict[str, int]
    pairs: dict[tuple[str, str], int]
    levies: dict[str, int]
    carried_since: dict[tuple[str, str], str]
    root: bytes


class Cell(NamedTuple):
    """The sums of some lines of one kind from a debtor to a creditor, as a database adds them up.

    `since` is the oldest of the lines.
    """

    kind: LineKind
    debtor: str
    creditor: str
    lines: int
    amount_cents: int
    levy_cents: int
    since: str | None


def fold_cells(cells: Iterable[Cell]) -> Totals:
    """Return the totals of lines that are summed up already; without the lines there is no root.

    >>> fold_cells([Cell("charge", "a", "b", 2, 2400, 120, None)]).positions
    {'a': -2400, 'b': 2280, 'fund': 120}
    """
    sums = Sums()
    for cell in cells:
        sums.add_cell(cell)
    return sums.totals(root=b"")


class Sums:
    """Count, amount and levy of the lines so far, for each (kind, debtor, creditor)."""

    __slots__ = ("_cells", "_since")

    def __init__(self) -> None:
        self._cells: dict[tuple[LineKind, str, str], list[int]] = {}
        self._since: dict[tuple[str, str], str] = {}

    def add(self, line: Line, amount_cents: int, levy_cents: int) -> None:
        """Add a line, with the amounts that count."""
        self.add_amounts(line.kind, line.debtor, line.creditor, amount_cents, levy_cents)
        if line.since is not None:
            self.note_since(line.debtor, line.creditor, line.since)

    def add_amounts(
        self, kind: LineKind, debtor: str, creditor: str, amount_cents: int, levy_cents: int
    ) -> None:
        """Add amounts of one kind between two participants."""
        cell = self._cells.get((kind, debtor, creditor))
        if cell is None:
            cell = self._cells[kind, debtor, creditor] = [0, 0, 0]
        cell[0] += 1
        cell[1] += amount_cents
        cell[2] += levy_cents

    def add_cell(self, cell: Cell) -> None:
        """Add lines that are summed up already."""
        so_far = self._cells.setdefault((cell.kind, cell.debtor, cell.creditor), [0, 0, 0])
        for place, figure in enumerate((cell.lines, cell.amount_cents, cell.levy_cents)):
            so_far[place] += figure
        if cell.since is not None:
            self.note_since(cell.debtor, cell.creditor, cell.since)

    def note_since(self, debtor: str, creditor: str, since: str) -> None:
        """Keep the oldest month that a carry between two comes from."""
        self._since[debtor, creditor] = min(since, self._since.get((debtor, creditor), since))

    def totals(self, root: bytes) -> Totals:
        """Return what was added so far, with the root of its lines."""
        # All lines of a cell go the same way: one line of their sums moves what they move.
        summed = [
            Line("", "", "", kind, debtor, creditor, amount_cents, levy_cents)
            for (kind, debtor, creditor), (_, amount_cents, levy_cents) in self._cells.items()
        ]
        visits = [line for line in summed if line.kind in _ABOUT_VISITS]
        carries = [line for line in summed if line.kind == "carried"]
        return Totals(
            count=sum(cell[0] for cell in self._cells.values()),
            charges=sum(
                _sign(kind) * cell[0]
                for (kind, _, _), cell in self._cells.items()
                if kind in _ABOUT_VISITS
            ),
            gross_cents=sum(_sign(line.kind) * line.amount_cents for line in visits),
            fund_cents=sum(_sign(line.kind) * line.levy_cents for line in visits),
            positions=_sum_by_key(move for line in summed for move in effects(line)),
            carried_in_cents=_sum_by_key(move for line in carries for move in effects(line)),
            pairs=_sum_by_key(
                ((line.debtor, line.creditor), _sign(line.kind) * line.amount_cents)
                for line in summed
            ),
            levies=_sum_by_key(
                (line.creditor, _sign(line.kind) * line.levy_cents)
                for line in summed
                if line.levy_cents
            ),
            carried_since=dict(self._since),
            root=root,
        )


def _sign(kind: LineKind) -> int:
    return -1 if kind in TAKES_BACK else 1


def _sum_by_key(items: Iterable[tuple[_Key, int]]) -> dict[_Key, int]:
    sums: dict[_Key, int] = {}
    for key, cents in items:
        sums[key] = sums.get(key, 0) + cents
    return sums
