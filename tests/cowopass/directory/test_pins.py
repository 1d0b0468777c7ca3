"""The map: every pin within it, none over another."""

from __future__ import annotations

from itertools import combinations
from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from cowopass.directory.pins import HEIGHT, MARGIN, WIDTH, place_pins

position = st.tuples(st.floats(-60, 60), st.floats(-179, 179))


@given(st.lists(position, max_size=12))
def test_every_pin_is_within_the_map(positions):
    pins = place_pins(positions)
    assert len(pins) == len(positions)
    assert all(MARGIN - 1 <= pin.x <= WIDTH - MARGIN + 1 for pin in pins)
    assert all(MARGIN - 1 <= pin.y <= HEIGHT - MARGIN + 1 for pin in pins)


def test_north_is_up_and_east_is_right():
    north_west, south_east = place_pins([(45.46, 4.37), (45.43, 4.41)])
    assert north_west.x < south_east.x
    assert north_west.y < south_east.y


def test_spaces_in_one_street_do_not_hide_each_other():
    street = [(45.44, 4.38 + number / 100_000) for number in range(4)]
    pins = place_pins([*street, (45.44, 4.38), (45.50, 4.50)])
    assert all(hypot(a.x - b.x, a.y - b.y) >= 50 for a, b in combinations(pins, 2))
