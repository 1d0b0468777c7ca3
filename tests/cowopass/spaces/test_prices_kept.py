"""An announced price is taken back only while nobody was charged at it."""

from __future__ import annotations

from datetime import date

import pytest

from cowopass.errors import PeriodLocked, PriceBackDated
from cowopass.spaces.models import Price
from cowopass.spaces.prices import Charged, withdraw_price
from tests.factories import a_network, a_price, a_space

ANNOUNCED = date(2026, 12, 1)


@pytest.fixture
def announced(session):
    """Return a space and a price of it that was announced."""
    a_network(session)
    space = a_space(session, "comptoir", day_cents=1_500)
    price = a_price(session, "comptoir", "day", 1_700, ANNOUNCED)
    session.commit()
    return space, price


@pytest.mark.parametrize(
    ("charged", "refusal"),
    [
        (Charged(None, lambda _since: ANNOUNCED), PriceBackDated),
        (Charged("2026-12", lambda _since: None), PeriodLocked),
    ],
    ids=["a visit was charged since", "its month is locked"],
)
def test_a_price_that_counts_already_is_not_taken_back(session, announced, charged, refusal):
    with pytest.raises(refusal):
        withdraw_price(session, *announced, charged)
    session.flush()
    assert session.get(Price, announced[1].id) is not None


def test_a_price_that_nobody_was_charged_at_is_taken_back(session, announced):
    withdraw_price(session, *announced, Charged("2026-11", lambda _since: None))
    session.flush()
    assert session.query(Price).filter_by(amount_cents=1_700).count() == 0
