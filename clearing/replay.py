"""Months that really happened, with each charge valued again under other terms.

So the spaces see, before they vote, what a rule would have made of visits they know.

Note: roaming caps and refusals cannot be replayed. Visits that other terms would have refused, or
that these terms would have allowed, are not in the lines.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Final, NamedTuple

from clearing.line import TAKES_BACK, Line, LineKind
from clearing.netting import Transfer
from clearing.sums import Cell, Sums, Totals
from clearing.valuation import Terms, Valuation, liability_room_cents, value_charge

UNKNOWN: Final = "unknown"
"""The kind of a pass whose pseudonym nobody can tell any more."""

GOLDEN: Final = "golden"

_Room = tuple[str, str]
_Group = tuple[LineKind, str, str, str | None, str]
"""Kind, debtor, creditor, home, and kind of the pass."""

_Value = Callable[..., Valuation]
"""`value_charge` of some terms."""

_REMEMBERED: Final = 65_536
"""So many valuations are remembered: a month has few prices, and as many rooms as passes."""


class Simulation(NamedTuple):
    """A month as it was recorded and as it would have been, side by side.

    `revalued` counts the charges valued again, `kept` those that keep their recorded amount.
    """

    recorded: Totals
    totals: Totals
    revalued: int
    kept: int


class Cost(NamedTuple):
    """What some passes cost their home elsewhere, in cents, as recorded and as replayed."""

    visits: int = 0
    now_cents: int = 0
    then_cents: int = 0


class Carries(NamedTuple):
    """What a month takes over from the one before it, on each side, instead of its own carries."""

    recorded: Sequence[Transfer]
    replayed: Sequence[Transfer]


def simulate(
    lines: Iterable[Line], terms: Terms, *, agreements: Collection[str] | None = None
) -> Simulation:
    """Value each charge of a month again under other terms, in leaf order. See `Replay.month`."""
    return Replay().month(lines, terms, agreements=agreements)


def revalue(line: Line, terms: Terms, room_cents: int | None) -> Valuation | None:
    """Value a charge from the prices it records; None when its amount does not come from them.

    That is a charge without unit, host price or pass value, and one that the host bears. The levy
    is the host network's: a charge that a correspondent is owed has none in this ledger.
    """
    return _value_again(line, partial(value_charge, terms), room_cents)


def is_borne_by_host(line: Line) -> bool:
    """Tell whether a charge is zero, whatever the prices, for an offline mistake of the host's.

    Its notes have a word that begins with `offline_`.
    """
    return not line.amount_cents and any(note.startswith("offline_") for note in line.notes)


class Replay:
    """Replays one month after another; what answers a charge of an earlier one follows it too.

    `answered` are the ids of the lines that another one names in `reverses`: they alone are
    remembered, so that memory grows with them and not with the months. None: all may be.
    `pass_kinds` gives the kind of pass behind a pseudonym. `costs` are of each home and kind.
    """

    def __init__(
        self,
        answered: Collection[str] | None = None,
        pass_kinds: Mapping[str, str] | None = None,
    ) -> None:
        self.costs: dict[tuple[str, str], Cost] = {}
        self._answered = answered
        self._pass_kinds = pass_kinds or {}
        self._seen: dict[str, _Replayed] = {}
        self._paid_out_cents: dict[_Room, int] = {}

    def month(
        self,
        lines: Iterable[Line],
        terms: Terms,
        *,
        agreements: Collection[str] | None = None,
        carries: Carries | None = None,
    ) -> Simulation:
        """Value each charge of a month again under other terms, in leaf order.

        `agreements` are the ids of those whose charges the terms are tried on; None means all.
        What takes a charge back, or releases it, follows the charge it names in `reverses`; of a
        charge of a month that is not replayed it keeps its recorded amount, as do carries (unless
        `carries` are given), write-offs and charges that were set to zero for an offline mistake.
        The liability cap is applied pass by pass, by pseudonym, and a reversal frees room for the
        charges after it. A charge whose cap was used up in other months or ledgers (a late
        visit's, another network's pass's) keeps its amount.
        """
        trial = _Trial(terms, None if agreements is None else frozenset(agreements))
        both = _Both()
        for line in lines:
            if line.kind == "carried" and carries is not None:
                continue
            replayed = self._charge(line, trial) if line.kind == "charge" else self._follow(line)
            if self._answered is None or line.id in self._answered:
                self._seen[line.id] = replayed
            both.add(line, self._kind(line), replayed.amount_cents, replayed.levy_cents)
        if carries is not None:
            both.carry(carries)
        both.add_costs(self.costs)
        return Simulation(*both.totals(), trial.revalued, trial.kept)

    def _charge(self, line: Line, trial: _Trial) -> _Replayed:
        room = _room(line)
        paid_out_cents = 0 if room is None else self._paid_out_cents.get(room, 0)
        amount_cents, levy_cents = trial.amounts_of(line, paid_out_cents)
        if room is not None:
            self._paid_out_cents[room] = paid_out_cents + amount_cents
        return _Replayed(amount_cents, levy_cents, room)

    def _follow(self, line: Line) -> _Replayed:
        named = self._seen.get(line.reverses) if line.reverses is not None else None
        if named is None:
            return _Replayed(line.amount_cents, line.levy_cents, None)
        if line.kind == "reversal" and named.room is not None:
            self._paid_out_cents[named.room] -= named.amount_cents
        return named

    def _kind(self, line: Line) -> str:
        if line.visit == GOLDEN:
            return GOLDEN
        return self._pass_kinds.get(line.pseudonym or "", UNKNOWN)


class _Replayed(NamedTuple):
    amount_cents: int
    levy_cents: int
    room: _Room | None


class _Trial:
    """The terms that a month is tried under. A month's few prices are valued once each."""

    def __init__(self, terms: Terms, agreements: frozenset[str] | None) -> None:
        self.revalued = 0
        self.kept = 0
        self._terms = terms
        self._agreements = agreements
        self._value: _Value = lru_cache(_REMEMBERED)(partial(value_charge, terms))

    def amounts_of(self, line: Line, paid_out_cents: int) -> tuple[int, int]:
        """Return amount and levy of a charge, in cents."""
        if self._agreements is None or line.agreement in self._agreements:
            room_cents = liability_room_cents(self._terms, line.monthly_price_cents, paid_out_cents)
            is_unknown = room_cents is not None and _is_capped_elsewhere(line)
            if not is_unknown and (valuation := _value_again(line, self._value, room_cents)):
                self.revalued += 1
                return valuation.charge_cents, valuation.levy_cents
        self.kept += 1
        return line.amount_cents, line.levy_cents


def _value_again(line: Line, value: _Value, room_cents: int | None) -> Valuation | None:
    if line.unit is None or line.host_price_cents is None or line.pass_value_cents is None:
        return None
    if is_borne_by_host(line):
        return None
    valuation = value(
        line.unit,
        line.host_price_cents,
        line.pass_value_cents,
        golden=line.visit == GOLDEN,
        room_cents=room_cents,
    )
    return valuation if line.host in (None, line.creditor) else valuation._replace(levy_cents=0)


class _Both:
    """The lines so far, added up on both sides; it grows with parties and kinds, not with lines."""

    def __init__(self) -> None:
        self._groups: dict[_Group, list[int]] = {}
        self._sides = Sums(), Sums()

    def add(self, line: Line, kind: str, amount_cents: int, levy_cents: int) -> None:
        group = (line.kind, line.debtor, line.creditor, line.home, kind)
        sums = self._groups.get(group)
        if sums is None:
            sums = self._groups[group] = [0, 0, 0, 0, 0]
        sums[0] += 1
        sums[1] += line.amount_cents
        sums[2] += line.levy_cents
        sums[3] += amount_cents
        sums[4] += levy_cents
        if line.since is not None:
            for side in self._sides:
                side.note_since(line.debtor, line.creditor, line.since)

    def carry(self, carries: Carries) -> None:
        for side, transfers in zip(self._sides, carries, strict=True):
            for transfer in transfers:
                side.add_cell(
                    Cell(
                        "carried",
                        transfer.debtor,
                        transfer.creditor,
                        1,
                        transfer.amount_cents,
                        0,
                        transfer.since,
                    )
                )

    def add_costs(self, costs: dict[tuple[str, str], Cost]) -> None:
        """Add what the homes of this ledger owe for the visits of each kind of pass."""
        for (line_kind, debtor, _, home, kind), sums in self._groups.items():
            if home is None or home != debtor:
                continue
            sign = -1 if line_kind in TAKES_BACK else 1
            sofar = costs.get((home, kind), Cost())
            costs[home, kind] = Cost(
                sofar.visits + sign * sums[0],
                sofar.now_cents + sign * sums[1],
                sofar.then_cents + sign * sums[3],
            )

    def totals(self) -> tuple[Totals, Totals]:
        recorded, replayed = self._sides
        for (kind, debtor, creditor, _, _), sums in self._groups.items():
            recorded.add_cell(Cell(kind, debtor, creditor, sums[0], sums[1], sums[2], None))
            replayed.add_cell(Cell(kind, debtor, creditor, sums[0], sums[3], sums[4], None))
        return recorded.totals(root=b""), replayed.totals(root=b"")


def _is_capped_elsewhere(line: Line) -> bool:
    """Tell whether what used up the cap may be in other months or ledgers than this line's."""
    is_elsewhere = line.late_from is not None or line.home not in (None, line.debtor)
    return is_elsewhere and "liability_capped" in line.notes


def _room(line: Line) -> _Room | None:
    """Return what shares one liability cap: a pass and the month of its visits."""
    return None if line.pseudonym is None else (line.pseudonym, line.late_from or line.period)
