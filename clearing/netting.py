"""Netting: the transfers that bring every position of a month to zero.

Bilateral netting sets off what two participants owe each other, which French law knows. The
multilateral kinds need a signed convention: they find the fewest transfers (`exact`), or few of
them when there are too many positions to search (`largest_first`).

n open positions that fall into g groups, each of which sums to zero, are settled by n - g
transfers, and never by fewer: so the fewest transfers are those of the most groups.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from heapq import heapify, heappop, heappush
from itertools import filterfalse
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from clearing.line import FUND
from clearing.period import add_months
from clearing.sums import Totals

Netting = Literal["bilateral", "multilateral"]
Method = Literal["bilateral", "exact", "largest_first"]

EXACT_UP_TO: Final = 16
"""The most open positions that are searched for the fewest transfers: one more doubles the work."""

CARRY_MONTHS: Final = 12
"""The age at which a carried amount is paid, however small."""


class Transfer(NamedTuple):
    """A payment to make, or to carry: an amount above zero, in cents, from debtor to creditor.

    `since` is the month the amount, or the oldest part of it, was first carried; it decides the age
    of a carry and means nothing for a transfer that is made.
    """

    id: str
    debtor: str
    creditor: str
    amount_cents: int
    since: str


class Plan(NamedTuple):
    """How a month is settled: `transfers` are made, `carried` go into the next month.

    Both together bring every position to zero; both are sorted, largest first, then by debtor and
    creditor. `alternative_transfers` is how many transfers the alternative method would make, under
    the same carry-forward: it shows what the one used saves.
    """

    method: Method
    transfers: tuple[Transfer, ...]
    carried: tuple[Transfer, ...]
    alternative_method: Method
    alternative_transfers: int


def make_plan(
    network: str,
    period: str,
    totals: Totals,
    *,
    netting: Netting,
    carry_forward_below_cents: int,
    leaving: frozenset[str] = frozenset(),
) -> Plan:
    """Return the plan of a month, the same for the same month whatever the order of its lines.

    Transfers are computed for whole positions; those under `carry_forward_below_cents` are then
    carried instead of made, unless the carry is twelve months old or touches a space in `leaving`.
    A carry takes over the oldest age of this month's carries in: of its pair (bilateral), of either
    participant (multilateral, where pairs are formed anew each month).

    Raises ValueError for positions that do not sum to zero: they are not a month's.
    """
    if sum(totals.positions.values()):
        raise ValueError(f"positions sum to zero in every month, not so here: {totals.positions}")
    method, alternative = _methods(netting, totals)

    def is_made(transfer: Transfer) -> bool:
        return (
            transfer.amount_cents >= carry_forward_below_cents
            or period >= add_months(transfer.since, CARRY_MONTHS)
            or not leaving.isdisjoint((transfer.debtor, transfer.creditor))
        )

    transfers = _transfers(network, period, totals, method)
    others = _transfers(network, period, totals, alternative)
    return Plan(
        method=method,
        transfers=tuple(filter(is_made, transfers)),
        carried=tuple(filterfalse(is_made, transfers)),
        alternative_method=alternative,
        alternative_transfers=sum(map(is_made, others)),
    )


def transfer_id(network: str, period: str, debtor: str, creditor: str) -> str:
    """Return the id of a month's transfer: no plan has two between the same debtor and creditor.

    It follows from its parts, so that whoever computes the plan again finds the same ids.

    >>> transfer_id("sainte", "2026-11", "comptoir", "fund")
    'trf_wkdk4dofkiv2gxjjpdyy'
    """
    digest = sha256("\n".join((network, period, debtor, creditor)).encode()).digest()
    return "trf_" + b32encode(digest)[:20].decode().lower()


_Debt = tuple[str, str, int]
"""Debtor, creditor, cents above zero."""


def _methods(netting: Netting, totals: Totals) -> tuple[Method, Method]:
    """Return the method used and the alternative; above 16 positions exact is out of reach."""
    searchable = len(_open_positions(totals)) <= EXACT_UP_TO
    multilateral: Method = "exact" if searchable else "largest_first"
    if netting == "bilateral":
        return "bilateral", multilateral
    return multilateral, "largest_first" if searchable else "bilateral"


def _transfers(network: str, period: str, totals: Totals, method: Method) -> list[Transfer]:
    debts = sorted(_DEBTS[method](totals), key=lambda debt: (-debt[2], debt[0], debt[1]))
    return [
        Transfer(
            transfer_id(network, period, debtor, creditor),
            debtor,
            creditor,
            amount_cents,
            _since(totals, method, {debtor, creditor}) or period,
        )
        for debtor, creditor, amount_cents in debts
    ]


def _since(totals: Totals, method: Method, participants: set[str]) -> str | None:
    """Return the oldest month of the carries in that a carry between these two takes over."""
    applies = participants.issuperset if method == "bilateral" else participants.intersection
    months = (since for pair, since in totals.carried_since.items() if applies(pair))
    return min(months, default=None)


def _open_positions(totals: Totals) -> dict[str, int]:
    return {slug: cents for slug, cents in sorted(totals.positions.items()) if cents}


def _net_pairs(totals: Totals) -> Iterator[_Debt]:
    """Set off, pair by pair, what two participants owe each other.

    A levy is owed by a host to the fund; its pair has nothing else but carries and write-offs.
    """
    owed: dict[tuple[str, str], int] = {}
    levies = {(creditor, FUND): cents for creditor, cents in totals.levies.items()}
    for debts in (totals.pairs, levies):
        for (debtor, creditor), cents in debts.items():
            first, second = sorted((debtor, creditor))
            sign = 1 if debtor == first else -1
            owed[first, second] = owed.get((first, second), 0) + sign * cents
    for (first, second), cents in owed.items():
        if cents:
            yield (first, second, cents) if cents > 0 else (second, first, -cents)


def _settle_exactly(totals: Totals) -> Iterator[_Debt]:
    """Settle with the fewest transfers, group by group."""
    for group in _most_groups(_open_positions(totals)):
        yield from _settle(group)


def _settle_largest_first(totals: Totals) -> Iterator[_Debt]:
    """Settle all positions as one group."""
    return _settle(_open_positions(totals))


def _settle(positions: Mapping[str, int]) -> Iterator[_Debt]:
    """Let the largest debtor pay the largest creditor, ties by slug, until all are at zero.

    Each transfer brings at least one of the two to zero, and the last one both.
    """
    debtors = [(cents, slug) for slug, cents in positions.items() if cents < 0]
    creditors = [(-cents, slug) for slug, cents in positions.items() if cents > 0]
    heapify(debtors)
    heapify(creditors)
    while debtors:
        (owes, debtor), (owed, creditor) = heappop(debtors), heappop(creditors)
        amount_cents = min(-owes, -owed)
        yield debtor, creditor, amount_cents
        if owes + amount_cents:
            heappush(debtors, (owes + amount_cents, debtor))
        if owed + amount_cents:
            heappush(creditors, (owed + amount_cents, creditor))


def _most_groups(positions: Mapping[str, int]) -> list[dict[str, int]]:
    """Split positions into the largest number of groups that each sum to zero.

    Of equal splits it is the first by its sorted list of sorted slug lists. Sets of positions are
    bit masks over the sorted slugs; at each step the group with the first slug that is left is the
    first, in that order, whose rest still falls into enough groups.
    """
    slugs = sorted(positions)
    sums, most = _search([positions[slug] for slug in slugs])
    groups = []
    rest = len(sums) - 1
    while rest:
        group = min(
            (
                part
                for part in _parts_with_lowest(rest)
                if not sums[part] and most[rest ^ part] == most[rest] - 1
            ),
            key=_places,
        )
        groups.append({slugs[place]: positions[slugs[place]] for place in _places(group)})
        rest ^= group
    return groups


def _search(cents: list[int]) -> tuple[list[int], list[int]]:
    """Return, for each mask, its sum and the most zero sums met on a way from nothing up to it.

    A way adds one position at a time; each zero sum it meets closes a group. So for a mask that
    sums to zero the second figure is the most groups it falls into. 2^n masks, n steps each.
    """
    sums, most = [0], [0]
    for amount in cents:
        sums += [amount + below for below in sums]
    bits = [1 << place for place in range(len(cents))]
    for mask in range(1, len(sums)):
        best = max([most[mask ^ bit] for bit in bits if mask & bit])
        most.append(best if sums[mask] else best + 1)
    return sums, most


def _parts_with_lowest(mask: int) -> Iterator[int]:
    """Yield the parts of a mask that have its lowest bit."""
    lowest = mask & -mask
    others = part = mask ^ lowest
    while part:
        yield part | lowest
        part = (part - 1) & others
    yield lowest


def _places(mask: int) -> tuple[int, ...]:
    return tuple(place for place in range(mask.bit_length()) if mask >> place & 1)


_DEBTS: Final[Mapping[Method, Callable[[Totals], Iterator[_Debt]]]] = MappingProxyType(
    {
        "bilateral": _net_pairs,
        "exact": _settle_exactly,
        "largest_first": _settle_largest_first,
    }
)
