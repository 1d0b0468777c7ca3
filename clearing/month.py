"""A month is a fold over its lines: totals, positions and root, in one pass over any number.

The same pass, with each charge valued again under other terms, shows what a month that really
happened would have been, before the spaces vote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from clearing.line import Line, LineKind
from clearing.line import leaf_hash as hash_of
from clearing.merkle import Tree
from clearing.sums import Sums, Totals
from clearing.valuation import Terms, Valuation, liability_room_cents, value_charge

_Room = tuple[str, str]


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


class Simulation(NamedTuple):
    """A month as it was recorded and as it would have been, side by side.

    `revalued` counts the charges valued again, `kept` those that keep their recorded amount.
    """

    recorded: Totals
    totals: Totals
    revalued: int
    kept: int


def simulate(
    lines: Iterable[Line], terms: Terms, *, agreements: Collection[str] | None = None
) -> Simulation:
    """Value each charge of a month again under other terms, in leaf order.

    `agreements` are the ids of those whose charges the terms are tried on; None means all. What
    takes a charge back, or releases it, follows the charge it names in `reverses`; of a charge of
    an earlier month it keeps its recorded amount, as do carries, write-offs and charges that were
    set to zero for an offline mistake. The liability cap is applied pass by pass, by pseudonym,
    and a reversal frees room for the charges after it. A charge whose cap was used up in other
    months or ledgers (a late visit's, another network's pass's) keeps its amount.

    Note: roaming caps and refusals cannot be replayed. Visits that other terms would have refused,
    or that these terms would have allowed, are not in the lines.
    """
    recorded, replayed = Sums(), Sums()
    replay = _Replay(terms, agreements)
    for line in lines:
        recorded.add(line, line.amount_cents, line.levy_cents)
        replayed.add(line, *replay.amounts_of(line))
    return Simulation(
        recorded.totals(root=b""), replayed.totals(root=b""), replay.revalued, replay.kept
    )


def revalue(line: Line, terms: Terms, room_cents: int | None) -> Valuation | None:
    """Value a charge from the prices it records; None when its amount does not come from them.

    That is a charge without unit, host price or pass value, and one that the host bears. The levy
    is the host network's: a charge that a correspondent is owed has none in this ledger.
    """
    if line.unit is None or line.host_price_cents is None or line.pass_value_cents is None:
        return None
    if is_borne_by_host(line):
        return None
    valuation = value_charge(
        terms,
        line.unit,
        line.host_price_cents,
        line.pass_value_cents,
        golden=line.visit == "golden",
        room_cents=room_cents,
    )
    return valuation if line.host in (None, line.creditor) else valuation._replace(levy_cents=0)


def is_borne_by_host(line: Line) -> bool:
    """Tell whether a charge is zero, whatever the prices, for an offline mistake of the host's.

    Its notes have a word that begins with `offline_`.
    """
    return not line.amount_cents and any(note.startswith("offline_") for note in line.notes)


class _Replayed(NamedTuple):
    amount_cents: int
    levy_cents: int
    room: _Room | None


class _Replay:
    """The amounts of lines under other terms; it remembers those of the lines it has seen."""

    def __init__(self, terms: Terms, agreements: Collection[str] | None) -> None:
        self.revalued = 0
        self.kept = 0
        self._terms = terms
        self._agreements = agreements
        self._seen: dict[str, _Replayed] = {}
        self._paid_out_cents: dict[_Room, int] = {}

    def amounts_of(self, line: Line) -> tuple[int, int]:
        """Return amount and levy of the next line, in cents."""
        replayed = self._charge(line) if line.kind == "charge" else self._follow(line)
        self._seen[line.id] = replayed
        return replayed.amount_cents, replayed.levy_cents

    def _charge(self, line: Line) -> _Replayed:
        room = _room(line)
        amount_cents, levy_cents = self._value(line, room)
        if room is not None:
            self._pay_out(room, amount_cents)
        return _Replayed(amount_cents, levy_cents, room)

    def _value(self, line: Line, room: _Room | None) -> tuple[int, int]:
        if self._agreements is None or line.agreement in self._agreements:
            paid_out_cents = 0 if room is None else self._paid_out_cents.get(room, 0)
            room_cents = liability_room_cents(self._terms, line.monthly_price_cents, paid_out_cents)
            is_unknown = room_cents is not None and _is_capped_elsewhere(line)
            if not is_unknown and (valuation := revalue(line, self._terms, room_cents)):
                self.revalued += 1
                return valuation.charge_cents, valuation.levy_cents
        self.kept += 1
        return line.amount_cents, line.levy_cents

    def _follow(self, line: Line) -> _Replayed:
        named = self._seen.get(line.reverses) if line.reverses is not None else None
        if named is None:
            return _Replayed(line.amount_cents, line.levy_cents, None)
        if line.kind == "reversal" and named.room is not None:
            self._pay_out(named.room, -named.amount_cents)
        return named

    def _pay_out(self, room: _Room, cents: int) -> None:
        self._paid_out_cents[room] = self._paid_out_cents.get(room, 0) + cents


def _is_capped_elsewhere(line: Line) -> bool:
    """Tell whether what used up the cap may be in other months or ledgers than this line's."""
    is_elsewhere = line.late_from is not None or line.home not in (None, line.debtor)
    return is_elsewhere and "liability_capped" in line.notes


def _room(line: Line) -> _Room | None:
    """Return what shares one liability cap: a pass and the month of its visits."""
    return None if line.pseudonym is None else (line.pseudonym, line.late_from or line.period)
