"""Which version of a price holds."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowopass.spaces.models import Price
from cowopass.spaces.prices import prices_in_force, prices_known, prices_on
from tests.factories import a_network, a_price, a_space


@pytest.fixture
def comptoir(session):
    """A space whose day costs 15.00, and 17.00 from December on; its hour 3.00."""
    a_network(session)
    space = a_space(session, "Comptoir", day_cents=1500)
    a_price(session, "comptoir", "day", 1700, date(2026, 12, 1))
    a_price(session, "comptoir", "hour", 300, date(2026, 6, 1))
    a_space(session, "Rubanerie", day_cents=1200)
    return space


@pytest.mark.parametrize(
    ("day", "prices"),
    [
        (date(2024, 12, 31), {}),
        (date(2026, 5, 31), {"day": 1500}),
        (date(2026, 11, 30), {"day": 1500, "hour": 300}),
        (date(2026, 12, 1), {"day": 1700, "hour": 300}),
    ],
)
def test_the_latest_version_of_each_unit_holds(session, comptoir, day, prices):
    assert prices_on(session, comptoir.slug, day) == prices


def test_prices_to_come_are_known_and_old_ones_are_not_shown(comptoir):
    today = date(2026, 11, 24)
    known = [(price.unit, price.amount_cents) for price in prices_known(comptoir.prices, today)]
    assert known == [("day", 1500), ("day", 1700), ("hour", 300)]
    later = prices_known(comptoir.prices, date(2026, 12, 1))
    assert [price.amount_cents for price in later] == [1700, 300]


VERSIONS = st.lists(
    st.builds(
        Price,
        unit=st.sampled_from(["hour", "half_day", "day"]),
        amount_cents=st.integers(0, 10_000),
        effective_from=st.dates(date(2026, 1, 1), date(2026, 3, 1)),
    ),
    unique_by=lambda price: (price.unit, price.effective_from),
    max_size=12,
)


@given(VERSIONS, st.dates(date(2026, 1, 1), date(2026, 3, 1)))
def test_what_is_known_of_a_day_begins_with_what_holds_on_it(versions, day):
    in_force = prices_in_force(versions, day)
    known = prices_known(versions, day)
    assert {p.unit: p.amount_cents for p in known if p.effective_from <= day} == in_force
    to_come = [p for p in versions if p.effective_from > day]
    assert len(known) == len(in_force) + len(to_come)
