"""The map: where each space's pin goes, so that all are seen and none hides another. Pure.

It is drawn by the server as SVG, with neither tiles nor a library: it works without JavaScript,
asks no other host, and weighs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, radians
from typing import NamedTuple

WIDTH, HEIGHT = 520, 430
MARGIN = 46
APART = 58
"""The least distance between two pins, whose radius is 25: their numbers stay readable."""

ROUNDS = 80
"""So many times pins that touch are moved apart; then the map stays as it is."""


class Point(NamedTuple):
    """A place on the map, from its upper left corner."""

    x: float
    y: float


def place_pins(positions: Sequence[tuple[float, float]]) -> list[Point]:
    """Return where the pins of (latitude, longitude) go, north upwards, all at one scale.

    >>> place_pins([(45.44, 4.38)])
    [Point(x=260.0, y=215.0)]
    """
    if not positions:
        return []
    middle = radians(sum(latitude for latitude, _ in positions) / len(positions))
    flat = [(longitude * cos(middle), -latitude) for latitude, longitude in positions]
    points = _fitted(flat)
    for _ in range(ROUNDS):
        if not _move_apart(points):
            break
    return [Point(round(x, 1), round(y, 1)) for x, y in points]


def _fitted(flat: list[tuple[float, float]]) -> list[Point]:
    """Return the points scaled and moved into the middle of the map."""
    xs, ys = [x for x, _ in flat], [y for _, y in flat]
    spans = ((WIDTH - 2 * MARGIN, max(xs) - min(xs)), (HEIGHT - 2 * MARGIN, max(ys) - min(ys)))
    scale = min((room / span for room, span in spans if span > 0), default=0)
    x_middle, y_middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return [
        Point(WIDTH / 2 + (x - x_middle) * scale, HEIGHT / 2 + (y - y_middle) * scale)
        for x, y in flat
    ]


def _move_apart(points: list[Point]) -> bool:
    """Move pins that touch away from each other, and return whether any did."""
    touched = False
    for one in range(len(points)):
        for other in range(one):
            dx, dy = points[one].x - points[other].x, points[one].y - points[other].y
            distance = hypot(dx, dy)
            if distance >= APART - 0.5:
                continue
            touched = True
            # Two spaces at one address part sideways.
            across, down = (dx / distance, dy / distance) if distance else (1.0, 0.0)
            step = (APART - distance) / 2
            points[one] = _within(points[one].x + across * step, points[one].y + down * step)
            points[other] = _within(points[other].x - across * step, points[other].y - down * step)
    return touched


def _within(x: float, y: float) -> Point:
    return Point(min(max(x, MARGIN), WIDTH - MARGIN), min(max(y, MARGIN), HEIGHT - MARGIN))
