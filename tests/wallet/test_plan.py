from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.plan import (
    UNITS,
    PlanKind,
    Unit,
    add_months,
    bucket,
    last_day,
    months_of,
    units_needed,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "units.json").read_text())
DAYS = st.dates(date(2013, 1, 1), date(2099, 12, 31))
MONTHS = st.integers(1, 60)
DAY = timedelta(days=1)


@pytest.mark.parametrize("case", VECTORS["last_days"], ids=lambda case: str(case["last_day"]))
def test_a_pass_holds_to_its_last_day(case: dict[str, object]) -> None:
    starts_on = date.fromisoformat(str(case["starts_on"]))
    kind: PlanKind = case["kind"]  # type: ignore[assignment]
    ends_on = last_day(kind, starts_on, int(str(case["validity_months"])))
    assert ends_on.isoformat() == case["last_day"]


@given(DAYS, MONTHS)
def test_a_monthly_pass_ends_with_a_month(starts_on: date, months: int) -> None:
    ends_on = last_day("quota", starts_on, months)
    assert (ends_on + DAY).day == 1
    assert len(months_of(starts_on, ends_on)) == months


@given(DAYS, MONTHS)
def test_a_book_ends_before_the_same_day(starts_on: date, months: int) -> None:
    after = last_day("book", starts_on, months) + DAY
    assert after == add_months(starts_on, months)
    clamped = (after + DAY).day == 1
    assert after.day == starts_on.day or (clamped and after.day < starts_on.day)


@given(DAYS, MONTHS, MONTHS)
def test_months_add_up_for_days_that_every_month_has(day: date, one: int, other: int) -> None:
    first = day.replace(day=min(day.day, 28))
    assert add_months(add_months(first, one), other) == add_months(first, one + other)
    assert add_months(add_months(first, one), -one) == first


def test_units_of_months_begin_anew_and_those_of_books_do_not() -> None:
    days = (date(2026, 11, 30), date(2026, 12, 1))
    assert [bucket("quota", day) for day in days] == ["2026-11", "2026-12"]
    assert [bucket("unlimited", day) for day in days] == ["2026-11", "2026-12"]
    assert [bucket("book", day) for day in days] == ["life", "life"]
    assert bucket("single", days[0]) == "life"


@pytest.mark.parametrize("plan_unit", UNITS)
@pytest.mark.parametrize("visit_unit", UNITS)
def test_a_visit_takes_what_the_table_says(plan_unit: Unit, visit_unit: Unit) -> None:
    assert units_needed(plan_unit, visit_unit) == VECTORS["needed"][plan_unit][visit_unit]


@pytest.mark.parametrize("visit_unit", UNITS)
def test_a_golden_visit_takes_one_ticket_of_any_unit(visit_unit: Unit) -> None:
    assert {units_needed(unit, visit_unit, golden=True) for unit in UNITS} == {1}


def test_months_are_counted_from_the_first_to_the_last() -> None:
    assert months_of(date(2026, 11, 30), date(2026, 12, 1)) == ["2026-11", "2026-12"]
    assert months_of(date(2026, 11, 1), date(2026, 11, 30)) == ["2026-11"]
    assert months_of(date(2026, 11, 1), date(2026, 10, 31)) == []
