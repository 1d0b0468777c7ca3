"""Counts that are small enough to point at somebody stay out of the open data. Pure.

Hiding them alone is not enough: who knows how many people visited a space in a month (its host
does, and so does whoever watched its door) could take the published counts from that total. So
every hidden count needs company, until no sum over homes or hosts gives one of them away.
"""

from __future__ import annotations

from collections.abc import Mapping

SMALLEST = 5
"""The smallest count that is published."""

Pair = tuple[str, str]


def hide_small(counts: Mapping[Pair, int]) -> dict[Pair, int | None]:
    """Return the counts by (home, host), None in the place of those that stay out.

    Hidden are the counts under five, and the smallest of the others that it takes. Two homes and
    two hosts hide each other's counts; a single line hides nothing but itself:

    >>> hide_small({("a", "b"): 3, ("a", "c"): 8, ("d", "b"): 6, ("d", "c"): 9, ("d", "e"): 7})
    {('a', 'b'): None, ('a', 'c'): None, ('d', 'b'): None, ('d', 'c'): None, ('d', 'e'): 7}
    """
    hidden = {pair for pair, count in counts.items() if count < SMALLEST}
    while (company := _company(counts, hidden)) is not None:
        hidden.add(company)
    return {pair: None if pair in hidden else count for pair, count in counts.items()}


def _company(counts: Mapping[Pair, int], hidden: set[Pair]) -> Pair | None:
    """Return a count to hide as well so that a hidden one is safe; None when nothing is to be done.

    The hidden counts are the edges of a graph between homes and hosts. One can be worked out from
    the totals of homes and hosts when, and only when, nothing else hidden joins its two ends.
    """
    for pair in sorted(hidden):
        side = _reached(pair, hidden - {pair})
        if ("host", pair[1]) in side:
            continue
        crossing = [
            other
            for other in counts
            if other not in hidden and (("home", other[0]) in side) != (("host", other[1]) in side)
        ]
        if crossing:
            return min(crossing, key=lambda other: (counts[other], other))
    return None


def _reached(pair: Pair, hidden: set[Pair]) -> set[tuple[str, str]]:
    """Return the homes and hosts that hidden counts join to the home of a pair."""
    side = {("home", pair[0])}
    while True:
        joined = {
            end
            for home, host in hidden
            for end in (("home", home), ("host", host))
            if ("home", home) in side or ("host", host) in side
        }
        if joined <= side:
            return side
        side |= joined
