"""The pie (camembert) of a space's seats: one slice, one seat; slices of seats taken are longer."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Literal, NamedTuple

TAKEN_RADIUS, FREE_RADIUS = 47, 40
MOST_SLICES = 60
"""Beyond so many seats a slice would be thinner than a hair: slices then stand for several."""


class Slice(NamedTuple):
    """A slice to draw. `kind` is its CSS class; `path` an SVG path in a square of 100."""

    kind: Literal["seat taken", "seat", "seat over"]
    path: str


class Pie(NamedTuple):
    """A pie to draw; `free` is the number in its middle, None where seats are not counted."""

    slices: list[Slice]
    free: int | None


def pie_of(present: int, seats: int | None) -> Pie:
    """Return the pie of a space with so many people; who comes beyond the seats shows as over.

    >>> pie = pie_of(present=1, seats=2)
    >>> [part.kind for part in pie.slices], pie.free
    (['seat taken', 'seat'], 1)
    """
    if not seats:
        return Pie([], None)
    count = min(max(seats, present), MOST_SLICES)
    share = count / max(seats, present)
    taken, over = round(min(present, seats) * share), round(max(0, present - seats) * share)
    return Pie(
        [_slice(number, count, taken, over) for number in range(count)], max(0, seats - present)
    )


def _slice(number: int, count: int, taken: int, over: int) -> Slice:
    if number < taken:
        return Slice("seat taken", _path(number, count, TAKEN_RADIUS))
    if number < taken + over:
        return Slice("seat over", _path(number, count, TAKEN_RADIUS))
    return Slice("seat", _path(number, count, FREE_RADIUS))


def _path(number: int, count: int, radius: float) -> str:
    """Return the path of a slice, clockwise from the top. A single slice is a whole disc."""
    if count == 1:
        return f"M50 {50 - radius}a{radius} {radius} 0 1 1-.01 0z"
    begin, end = (_point(turn / count, radius) for turn in (number, number + 1))
    return f"M50 50L{begin}A{radius} {radius} 0 0 1 {end}Z"


def _point(turn: float, radius: float) -> str:
    angle = 2 * pi * turn
    return f"{50 + radius * sin(angle):.2f} {50 - radius * cos(angle):.2f}"
