"""When a space is open."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowopass.spaces.hours import (
    WEEKDAYS,
    closing_at,
    is_open,
    last_closing,
    next_opening,
    read_span,
)

PARIS = ZoneInfo("Europe/Paris")
HOURS = {
    "monday": [["13:00", "18:00"], ["08:00", "12:00"]],
    "tuesday": [["08:00", "12:00"]],
    "sunday": [],
}
MONDAY = datetime(2026, 11, 23, tzinfo=PARIS)


def at(hour, minute=0, day=0):
    return MONDAY.replace(day=23 + day, hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(7, 59), False),
        (at(8), True),
        (at(11, 59), True),
        (at(12), False),
        (at(13), True),
        (at(18), False),
        (at(9, day=2), False),
        (at(9, day=6), False),
    ],
)
def test_a_space_is_open_from_its_hour_until_before_the_next(moment, expected):
    assert is_open(HOURS, [], moment) is expected


def test_a_space_without_hours_never_closes_and_tells_none():
    assert is_open({}, ["2026-11-23"], at(3)) is None
    assert closing_at({}, at(3)) is None
    assert last_closing({}, at(3).date()) is None
    assert next_opening({}, [], at(3)) is None


def test_a_closed_day_is_closed_whatever_the_hours():
    assert is_open(HOURS, ["2026-11-23"], at(9)) is False
    assert next_opening(HOURS, ["2026-11-23"], at(7)) == at(8, day=1)


def test_it_closes_at_noon_and_for_good_in_the_evening():
    assert closing_at(HOURS, at(9)) == time(12)
    assert closing_at(HOURS, at(14)) == time(18)
    assert closing_at(HOURS, at(12, 30)) is None
    assert last_closing(HOURS, at(9).date()) == time(18)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [(at(7), at(8)), (at(12, 30), at(13)), (at(19), at(8, day=1)), (at(13, day=1), at(8, day=7))],
)
def test_the_next_opening_is_found_over_the_weekend(moment, opens):
    assert next_opening(HOURS, [], moment) == opens


@pytest.mark.parametrize(
    ("opens", "closes"),
    [("18:00", "02:00"), ("08:00", "08:00"), ("8:00", "12:00"), ("08:00", "24:00"), ("a", "b")],
)
def test_a_span_lies_within_a_day(opens, closes):
    with pytest.raises(ValueError, match=r"."):
        read_span(opens, closes)


TIMES = st.times().map(lambda moment: moment.strftime("%H:%M"))
SPANS = st.tuples(TIMES, TIMES).filter(lambda span: span[0] < span[1]).map(list)


@given(
    st.dictionaries(st.sampled_from(WEEKDAYS), st.lists(SPANS, max_size=3), min_size=1),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 (local time)
)
def test_a_space_that_opens_next_is_open_then(hours, moment):
    opens = next_opening(hours, [], moment)
    assert (opens is None) is (not any(hours.values()))
    if opens is not None:
        assert opens > moment
        assert is_open(hours, [], opens)
        assert opens.time() < closing_at(hours, opens) <= last_closing(hours, opens.date())
