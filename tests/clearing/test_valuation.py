from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearing.line import Unit
from clearing.money import divide_half_up, share_bps
from clearing.valuation import (
    UNITS,
    Rule,
    Terms,
    Valuation,
    host_price_cents,
    liability_room_cents,
    value_charge,
)

HOST_PRICE = Rule("difference_share", share_bps=10_000, cap_at_host_price=True)
MIDPOINT = Rule("difference_share", share_bps=5000)
FLAT = Rule("flat", amounts_cents={"day": 1000, "half_day": 600, "hour": 150})


def terms(
    rule: Rule = HOST_PRICE,
    *,
    top_up: bool = False,
    golden_share_bps: int = 0,
    levy_bps: int = 0,
    liability_cap_bps: int | None = None,
    max_host_price_cents: int | None = None,
) -> Terms:
    return Terms(rule, top_up, golden_share_bps, levy_bps, liability_cap_bps, max_host_price_cents)


def value(
    agreed: Terms,
    host_price: int,
    pass_value: int,
    *,
    unit: Unit = "day",
    golden: bool = False,
    room: int | None = None,
) -> Valuation:
    return value_charge(agreed, unit, host_price, pass_value, golden=golden, room_cents=room)


CENTS = st.integers(0, 10**7)
SHARES = st.integers(0, 10_000)
RULES = st.one_of(
    st.tuples(SHARES, st.booleans()).map(lambda drawn: Rule("difference_share", *drawn)),
    st.fixed_dictionaries(dict.fromkeys(UNITS, CENTS)).map(
        lambda amounts: Rule("flat", amounts_cents=amounts)
    ),
)
TERMS = st.builds(
    Terms,
    RULES,
    st.booleans(),
    SHARES,
    SHARES,
    st.none() | st.integers(0, 30_000),
    st.none() | CENTS,
)


@pytest.mark.parametrize(
    ("prices", "unit", "expected"),
    [
        ({"day": 1500, "half_day": 900, "hour": 300}, "half_day", 900),
        ({"day": 1500, "half_day": 900, "hour": 300}, "hour", 300),
        ({"day": 1500}, "day", 1500),
        ({"day": 1501}, "half_day", 751),
        ({"day": 1500}, "hour", 188),
        ({"day": 1500, "hour": 0}, "hour", 0),
        ({"half_day": 900}, "day", None),
        ({"half_day": 900}, "hour", None),
        ({}, "day", None),
    ],
)
def test_a_price_that_is_not_set_follows_from_the_day_price(
    prices: Mapping[Unit, int], unit: Unit, expected: int | None
) -> None:
    assert host_price_cents(prices, unit) == expected


@pytest.mark.parametrize(
    ("share", "host_price", "pass_value", "charge"),
    [
        (0, 1500, 1000, 1000),
        (10_000, 1500, 1000, 1500),
        (5000, 1500, 1000, 1250),
        (5000, 1000, 1500, 1250),
        (2500, 900, 1363, 1247),
        (5000, 1001, 1000, 1001),
        (5000, 1000, 1001, 1001),
        (0, 0, 1363, 1363),
        (10_000, 0, 1363, 0),
    ],
)
def test_the_difference_of_the_prices_is_shared_whichever_is_higher(
    share: int, host_price: int, pass_value: int, charge: int
) -> None:
    agreed = terms(Rule("difference_share", share_bps=share))
    assert value(agreed, host_price, pass_value).charge_cents == charge


def test_a_cap_at_the_host_price_cuts_what_the_pass_brought_in() -> None:
    capped = terms(Rule("difference_share", share_bps=0, cap_at_host_price=True))
    assert value(capped, 1200, 1363).charge_cents == 1200
    assert value(capped, 1500, 1363).charge_cents == 1363
    assert not value(capped, 1200, 1363).capped


@pytest.mark.parametrize(("unit", "charge"), [("day", 1000), ("half_day", 600), ("hour", 150)])
def test_a_flat_rule_charges_its_amount_for_the_unit(unit: Unit, charge: int) -> None:
    assert value(terms(FLAT), 300, 5000, unit=unit).charge_cents == charge


def test_a_flat_rule_of_zero_is_free_reciprocity() -> None:
    free = terms(Rule("flat", amounts_cents=dict.fromkeys(UNITS, 0)), levy_bps=500)
    assert value(free, 1500, 1000)[2:] == (0, 0, 0, False)


def test_a_flat_rule_needs_an_amount_for_every_unit() -> None:
    with pytest.raises(KeyError):
        value(terms(Rule("flat")), 1500, 1000)


@pytest.mark.parametrize(("share", "charge"), [(0, 0), (5000, 751), (10_000, 1501)])
def test_a_golden_ticket_costs_its_own_share_of_the_host_price(share: int, charge: int) -> None:
    agreed = terms(FLAT, golden_share_bps=share, top_up=True, levy_bps=500)
    found = value(agreed, 1501, 0, golden=True)
    assert found == Valuation(1501, 0, charge, share_bps(charge, 500), 0, capped=False)


def test_a_golden_ticket_counts_towards_the_liability_cap() -> None:
    found = value(terms(golden_share_bps=10_000), 1500, 0, golden=True, room=400)
    assert (found.charge_cents, found.capped) == (400, True)


def test_the_holder_tops_up_to_the_host_price() -> None:
    agreed = terms(MIDPOINT, top_up=True)
    assert value(agreed, 1500, 1000).top_up_cents == 250
    assert value(agreed, 1000, 1500).top_up_cents == 0
    assert value(terms(MIDPOINT), 1500, 1000).top_up_cents == 0


def test_the_liability_cap_shrinks_the_charge_and_the_holder_pays_the_rest() -> None:
    agreed = terms(top_up=True, levy_bps=500)
    assert value(agreed, 1200, 1363, room=500) == Valuation(1200, 1363, 500, 25, 700, capped=True)


def test_the_host_bears_the_rest_where_nothing_is_topped_up() -> None:
    assert value(terms(), 1200, 1363, room=0) == Valuation(1200, 1363, 0, 0, 0, capped=True)


def test_a_charge_that_fits_the_room_exactly_is_not_capped() -> None:
    assert value(terms(), 1200, 1363, room=1200) == Valuation(1200, 1363, 1200, 0, 0, capped=False)


def test_a_bound_replaces_a_higher_host_price_in_rule_cap_and_top_up() -> None:
    bounded = terms(MIDPOINT, top_up=True, max_host_price_cents=2000)
    assert value(bounded, 3000, 1000) == Valuation(3000, 1000, 1500, 0, 500, capped=False)
    capped = terms(Rule("difference_share", 0, cap_at_host_price=True), max_host_price_cents=2000)
    assert value(capped, 3000, 2500).charge_cents == 2000
    assert value(capped, 1500, 2500).charge_cents == 1500


@pytest.mark.parametrize(("unit", "charge"), [("day", 1501), ("half_day", 751), ("hour", 188)])
def test_a_bound_is_per_day_and_rounded_for_smaller_units(unit: Unit, charge: int) -> None:
    assert value(terms(max_host_price_cents=1501), 9000, 0, unit=unit).charge_cents == charge


def test_a_bound_holds_for_golden_tickets_too() -> None:
    agreed = terms(golden_share_bps=5000, max_host_price_cents=2000)
    assert value(agreed, 3000, 0, golden=True).charge_cents == 1000


@st.composite
def visits(draw: st.DrawFn) -> tuple[Terms, Unit, int, int]:
    return draw(TERMS), draw(st.sampled_from(UNITS)), draw(CENTS), draw(CENTS)


def bounded_cents(agreed: Terms, unit: Unit, host_price: int) -> int:
    if agreed.max_host_price_cents is None:
        return host_price
    parts = {"day": 1, "half_day": 2, "hour": 8}[unit]
    return min(host_price, divide_half_up(agreed.max_host_price_cents, parts))


@given(visit=visits(), golden=st.booleans(), room=st.none() | CENTS)
def test_no_amount_is_ever_out_of_its_bounds(
    visit: tuple[Terms, Unit, int, int], *, golden: bool, room: int | None
) -> None:
    agreed, unit, host_price, pass_value = visit
    found = value(agreed, host_price, pass_value, unit=unit, golden=golden, room=room)
    bounded = bounded_cents(agreed, unit, host_price)
    assert (found.host_price_cents, found.pass_value_cents) == (host_price, pass_value)
    assert 0 <= found.levy_cents <= found.charge_cents
    assert 0 <= found.top_up_cents <= bounded
    if golden or agreed.rule.cap_at_host_price:
        assert found.charge_cents <= bounded
    elif agreed.rule.kind == "difference_share":
        assert found.charge_cents <= max(bounded, pass_value)


@given(visits())
def test_a_shared_difference_lies_between_the_two_prices(
    visit: tuple[Terms, Unit, int, int],
) -> None:
    agreed, unit, host_price, pass_value = visit
    rule = Rule("difference_share", agreed.rule.share_bps)
    charge = value(agreed._replace(rule=rule), host_price, pass_value, unit=unit).charge_cents
    bounded = bounded_cents(agreed, unit, host_price)
    assert min(bounded, pass_value) <= charge <= max(bounded, pass_value)


@given(visit=visits(), golden=st.booleans())
def test_charge_and_top_up_make_the_host_price_where_it_is_topped_up(
    visit: tuple[Terms, Unit, int, int], *, golden: bool
) -> None:
    agreed, unit, host_price, pass_value = visit
    found = value(agreed, host_price, pass_value, unit=unit, golden=golden)
    if golden or not agreed.top_up:
        assert found.top_up_cents == 0
    else:
        whole = max(bounded_cents(agreed, unit, host_price), found.charge_cents)
        assert found.charge_cents + found.top_up_cents == whole


@given(visit=visits(), golden=st.booleans(), room=CENTS)
def test_room_alone_makes_a_charge_capped(
    visit: tuple[Terms, Unit, int, int], *, golden: bool, room: int
) -> None:
    agreed, unit, host_price, pass_value = visit
    free = value(agreed, host_price, pass_value, unit=unit, golden=golden)
    found = value(agreed, host_price, pass_value, unit=unit, golden=golden, room=room)
    assert found.charge_cents == min(free.charge_cents, room)
    assert found.capped is (free.charge_cents > room)
    assert not free.capped


@pytest.mark.parametrize(
    ("cap_bps", "monthly_price", "paid_out", "room"),
    [
        (10_000, 15000, 0, 15000),
        (10_000, 15000, 14_900, 100),
        (5000, 15001, 0, 7501),
        (12_000, 15000, 0, 18000),
        (0, 15000, 0, 0),
        (5000, 15000, 9000, 0),
        (None, 15000, 9000, None),
        (10_000, None, 9000, None),
    ],
)
def test_the_room_is_what_the_cap_leaves(
    cap_bps: int | None, monthly_price: int | None, paid_out: int, room: int | None
) -> None:
    assert liability_room_cents(terms(liability_cap_bps=cap_bps), monthly_price, paid_out) == room


@given(st.lists(st.integers(0, 3000), max_size=20), st.integers(0, 20_000), st.integers(0, 20_000))
def test_a_month_of_charges_never_passes_the_cap(
    host_prices: list[int], monthly_price: int, cap_bps: int
) -> None:
    agreed = terms(liability_cap_bps=cap_bps)
    paid_out = 0
    for host_price in host_prices:
        room = liability_room_cents(agreed, monthly_price, paid_out)
        paid_out += value(agreed, host_price, 0, room=room).charge_cents
    assert paid_out == min(sum(host_prices), share_bps(monthly_price, cap_bps))
