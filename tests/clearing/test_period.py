from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearing.errors import MonthInvalid
from clearing.period import (
    Facts,
    add_months,
    first_day,
    lands_in,
    last_day,
    month_of,
    next_month,
    parse_month,
    previous_month,
    state,
)

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
MONTHS = DAYS.map(month_of)


def november(
    today: date,
    *,
    reviewed: bool = False,
    locked: bool = False,
    paid: bool = False,
    open_transfers: int = 0,
) -> Facts:
    return Facts("2026-11", today, reviewed, locked, paid, open_transfers)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (november(date(2026, 10, 31)), "open"),
        (november(date(2026, 11, 1)), "open"),
        (november(date(2026, 11, 30)), "open"),
        (november(date(2026, 12, 1)), "collecting"),
        (november(date(2027, 6, 1)), "collecting"),
        (november(date(2026, 12, 6), reviewed=True), "review"),
        (november(date(2026, 12, 13), reviewed=True, locked=True, open_transfers=2), "locked"),
        (november(date(2026, 12, 13), locked=True, open_transfers=2), "locked"),
        (november(date(2026, 12, 20), locked=True, paid=True, open_transfers=2), "settling"),
        (november(date(2026, 12, 20), locked=True, paid=True, open_transfers=1), "settling"),
        (november(date(2026, 12, 24), locked=True, paid=True), "settled"),
        (november(date(2026, 12, 24), locked=True), "settled"),
    ],
)
def test_the_state_of_a_month_follows_from_facts(facts: Facts, expected: str) -> None:
    assert state(facts) == expected


@given(today=DAYS, reviewed=st.booleans(), paid=st.booleans(), open_transfers=st.integers(0, 3))
def test_a_locked_month_is_never_open_again(
    *, today: date, reviewed: bool, paid: bool, open_transfers: int
) -> None:
    facts = november(
        today, reviewed=reviewed, locked=True, paid=paid, open_transfers=open_transfers
    )
    assert state(facts) in {"locked", "settling", "settled"}


def test_a_visit_counts_in_the_month_of_its_day() -> None:
    assert lands_in("2026-11", locked=False, open_month="2026-11") == ("2026-11", None)


def test_a_visit_of_a_month_that_is_over_but_not_locked_is_not_late() -> None:
    assert lands_in("2026-11", locked=False, open_month="2027-01") == ("2026-11", None)


def test_a_visit_of_a_locked_month_is_late_in_the_open_one() -> None:
    assert lands_in("2026-11", locked=True, open_month="2027-01") == ("2027-01", "2026-11")


@pytest.mark.parametrize("text", ["2026-01", "2026-12", "1000-01", "2999-12"])
def test_a_month_is_read_as_it_is_written(text: str) -> None:
    assert parse_month(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-00",
        "2026-13",
        "2026-1",
        "26-11",
        "2026/11",
        "2026-11-01",
        " 2026-11",
        "2026-11\n",
        "٢٠٢٦-١١",
        "0999-12",
        "3000-01",
    ],
)
def test_anything_else_is_no_month(text: str) -> None:
    with pytest.raises(MonthInvalid, match="YYYY-MM") as caught:
        parse_month(text)
    assert caught.value.text == text
    assert caught.value.code == "month_invalid"


@pytest.mark.parametrize(
    ("month", "count", "expected"),
    [
        ("2026-11", 0, "2026-11"),
        ("2026-11", 1, "2026-12"),
        ("2026-12", 1, "2027-01"),
        ("2026-01", -1, "2025-12"),
        ("2026-11", 12, "2027-11"),
        ("2026-11", -23, "2024-12"),
    ],
)
def test_months_are_counted_over_years(month: str, count: int, expected: str) -> None:
    assert add_months(month, count) == expected


@pytest.mark.parametrize(("month", "count"), [("2999-12", 1), ("1000-01", -1), ("1000-01", -20000)])
def test_no_month_lies_outside_the_years_that_can_be_written(month: str, count: int) -> None:
    with pytest.raises(MonthInvalid):
        add_months(month, count)


@pytest.mark.parametrize("ask", [next_month, previous_month, first_day, last_day])
def test_every_question_about_a_month_refuses_what_is_none(ask: Callable[[str], object]) -> None:
    with pytest.raises(MonthInvalid):
        ask("2026-13")


@pytest.mark.parametrize(
    ("month", "day"),
    [("2026-02", 28), ("2028-02", 29), ("2100-02", 28), ("2026-11", 30), ("2026-12", 31)],
)
def test_a_month_ends_on_its_own_last_day(month: str, day: int) -> None:
    assert last_day(month) == date.fromisoformat(f"{month}-{day}")


@given(DAYS)
def test_a_day_lies_within_its_month(day: date) -> None:
    month = month_of(day)
    assert parse_month(month) == month
    assert first_day(month) <= day <= last_day(month)


@given(MONTHS)
def test_the_next_month_begins_the_day_after_this_one(month: str) -> None:
    assert first_day(next_month(month)) == last_day(month) + timedelta(days=1)
    assert previous_month(next_month(month)) == month
    assert month < next_month(month)


@given(MONTHS, st.integers(-300, 300), st.integers(-300, 300))
def test_months_add_up(month: str, first: int, second: int) -> None:
    assert add_months(add_months(month, first), second) == add_months(month, first + second)
