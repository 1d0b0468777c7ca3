from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.plan import PlanTerms
from wallet.units import (
    overused_value_cents,
    refund_cents,
    refund_months_cents,
    unit_value_cents,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "units.json").read_text())
PRICES = st.integers(0, 100_000)
SIZES = st.integers(1, 40)


def a_book(units: int = 11, **changes: Any) -> PlanTerms:
    return PlanTerms("book", "day", units, 12, 1, None, roaming=True)._replace(**changes)


def an_unlimited(notional_units: int | None = 20) -> PlanTerms:
    return PlanTerms("unlimited", "day", None, 1, 0, notional_units, roaming=True)


class Life(NamedTuple):
    """What visits and voids have done to a book: the live values, and each visit's units."""

    terms: PlanTerms
    price_cents: int
    live: list[tuple[int, int]]

    @property
    def used(self) -> int:
        return sum(need for need, _ in self.live)

    @property
    def given_cents(self) -> int:
        return sum(value for _, value in self.live)

    def visit(self, need: int) -> int:
        value = unit_value_cents(
            self.terms,
            self.price_cents,
            "day",
            used=self.used,
            need=need,
            given_cents=self.given_cents,
        )
        self.live.append((need, value))
        return value

    def use_up(self) -> None:
        while self.used < (self.terms.units or 0):
            self.visit(1)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Draw a book after any visits, of one unit or two, and any voids of earlier ones."""
    life = Life(a_book(draw(SIZES)), draw(PRICES), [])
    for act in draw(st.lists(st.sampled_from(["one", "two", "void"]), max_size=30)):
        need = 2 if act == "two" else 1
        if act == "void" and life.live:
            life.live.pop(draw(st.integers(0, len(life.live) - 1)))
        elif act != "void" and life.used + need <= (life.terms.units or 0):
            life.visit(need)
    return life


@pytest.mark.parametrize("case", VECTORS["values"], ids=str)
def test_a_unit_is_worth_what_the_vectors_say(case: dict[str, Any]) -> None:
    terms = a_book(case["units"], kind=case["kind"])
    counted = {name: case[name] for name in ("used", "need", "given_cents")}
    value = unit_value_cents(terms, case["price_cents"], case["unit"], **counted)
    assert value == case["value_cents"]


@pytest.mark.parametrize("case", VECTORS["unlimited"], ids=str)
def test_a_day_of_an_unlimited_month_is_its_notional_share(case: dict[str, Any]) -> None:
    terms = an_unlimited(case["notional_units"])
    value = unit_value_cents(
        terms, case["price_cents"], case["unit"], used=7, need=1, given_cents=9
    )
    assert value == case["value_cents"]


def test_eleven_days_of_a_book_are_worth_its_price() -> None:
    life = Life(a_book(), 15_000, [])
    values = [life.visit(1) for _ in range(11)]
    assert values == [1363, 1364, 1363, 1364, 1364, 1363, 1364, 1364, 1363, 1364, 1364]
    assert sum(values) == 15_000


def test_the_formulas_of_2013_have_known_values() -> None:
    month = unit_value_cents(an_unlimited(), 28_000, "day", used=0, need=1, given_cents=0)
    hour = unit_value_cents(an_unlimited(), 28_000, "hour", used=0, need=1, given_cents=0)
    assert (month, hour) == (1400, 175)
    half_days = Life(a_book(unit="half_day"), 9_000, [])
    assert [half_days.visit(2), half_days.visit(1)] == [1636, 818]


@given(lives())
def test_a_book_is_worth_its_price_in_any_order_of_visits_and_voids(life: Life) -> None:
    life.use_up()
    assert life.given_cents == life.price_cents


@given(lives())
def test_no_value_is_ever_below_zero_and_never_more_than_the_price(life: Life) -> None:
    assert all(value >= 0 for _, value in life.live)
    assert life.given_cents <= life.price_cents


@given(lives())
def test_what_is_refunded_and_what_was_given_add_up_to_the_price(life: Life) -> None:
    refund = refund_cents(
        life.terms, life.price_cents, used=life.used, given_cents=life.given_cents
    )
    assert refund + life.given_cents == life.price_cents
    assert refund >= 0


@given(lives())
def test_a_refund_is_the_value_of_the_visits_that_were_left(life: Life) -> None:
    refund = refund_cents(
        life.terms, life.price_cents, used=life.used, given_cents=life.given_cents
    )
    before = life.given_cents
    life.use_up()
    assert life.given_cents - before == refund


@given(SIZES, PRICES)
def test_without_voids_units_differ_by_a_cent_at_most(units: int, price_cents: int) -> None:
    life = Life(a_book(units), price_cents, [])
    life.use_up()
    values = [value for _, value in life.live]
    assert max(values) - min(values) <= 1
    assert values[-1] == overused_value_cents(life.terms, price_cents)


def test_a_visit_past_the_last_unit_has_no_value_of_its_own() -> None:
    with pytest.raises(ValueError, match="are not left"):
        unit_value_cents(a_book(), 15_000, "day", used=10, need=2, given_cents=13_636)
    assert overused_value_cents(a_book(), 15_000) == 1_364


def test_a_void_of_a_book_for_one_cent_takes_nothing_from_the_next_visit() -> None:
    """The unit that stays was given the whole price; the plain formula would give -1."""
    assert unit_value_cents(a_book(), 1, "day", used=1, need=1, given_cents=1) == 0


def test_nothing_is_refunded_when_no_unit_is_left() -> None:
    assert refund_cents(a_book(), 15_000, used=11, given_cents=14_000) == 0
    assert refund_cents(a_book(), 15_000, used=5, given_cents=16_000) == 0


def test_months_are_refunded_whole() -> None:
    assert refund_months_cents(15_000, 3) == 45_000
    assert refund_months_cents(15_000, 0) == 0


@pytest.mark.parametrize("kind", ["unlimited", "quota"])
def test_a_monthly_plan_has_no_refund_by_the_unit(kind: str) -> None:
    with pytest.raises(ValueError, match="by the month"):
        refund_cents(a_book(kind=kind), 15_000, used=0, given_cents=0)


def test_terms_that_no_plan_has_are_an_error_of_the_caller() -> None:
    for broken in (an_unlimited(notional_units=None), an_unlimited(notional_units=0)):
        with pytest.raises(ValueError, match="notional"):
            unit_value_cents(broken, 28_000, "day", used=0, need=1, given_cents=0)
    with pytest.raises(ValueError, match="no last one"):
        overused_value_cents(an_unlimited(), 28_000)
