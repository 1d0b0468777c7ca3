"""A month is a fold over its lines: totals, positions and root, in one pass over any number."""

from __future__ import annotations

from collections.abc import Iterable

from clearing.line import Line, LineKind
from clearing.line import leaf_hash as hash_of
from clearing.merkle import Tree
from clearing.sums import Sums, Totals


class Fold:
    """The totals of the lines added so far; its memory grows with participants, not with lines."""

    __slots__ = ("_sums", "_tree")

    def __init__(self) -> None:
        self._sums = Sums()
        self._tree = Tree()

    def add(self, line: Line, leaf_hash: bytes | None = None) -> None:
        """Add a line, in leaf order; its leaf hash is made here unless it is given."""
        self._sums.add(line, line.amount_cents, line.levy_cents)
        self._tree.add(hash_of(line) if leaf_hash is None else leaf_hash)

    def add_row(  # noqa: PLR0913  the columns of a line that a month's sums need, and no others
        self,
        kind: LineKind,
        debtor: str,
        creditor: str,
        amount_cents: int,
        levy_cents: int,
        since: str | None,
        leaf_hash: bytes,
    ) -> None:
        """Add a line that is a row of a table, without the cost of making a `Line` of it."""
        self._sums.add_amounts(kind, debtor, creditor, amount_cents, levy_cents)
        if since is not None:
            self._sums.note_since(debtor, creditor, since)
        self._tree.add(leaf_hash)

    def totals(self) -> Totals:
        """Return the totals so far; more lines may be added afterwards."""
        return self._sums.totals(self._tree.root())


def fold(lines: Iterable[Line]) -> Totals:
    """Return the totals of a month's lines, given in leaf order.

    >>> november = fold([Line("lin_1", "sainte", "2026-11", "charge", "a", "b", 1200, 60)])
    >>> november.positions, november.gross_cents, november.fund_cents
    ({'a': -1200, 'b': 1140, 'fund': 60}, 1200, 60)
    """
    month = Fold()
    for line in lines:
        month.add(line)
    return month.totals()
