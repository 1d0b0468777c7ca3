"""A network of three spaces and its neighbour, and charges between them."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

import pytest
from sqlalchemy.orm import Session

from clearing.valuation import Valuation
from cowopass.ledger.service import Charge
from tests.factories import a_network


class Charging(Protocol):
    def __call__(self, check_in: str, on: date = ..., cents: int = ..., **over: Any) -> Charge: ...


@pytest.fixture
def sainte(session: Session) -> Session:
    """A session on a database with two networks, Sainté and Lyon, committed."""
    a_network(session)
    a_network(session, "lyon", name="Lyon")
    session.commit()
    return session


@pytest.fixture
def a_charge() -> Charging:
    """Make a charge of Comptoir to B on 12 November 2026, of 12.00 with 0.60 of levy."""

    def make(
        check_in: str, on: date = date(2026, 11, 12), cents: int = 1200, **over: Any
    ) -> Charge:
        charge = Charge(
            check_in=check_in,
            on=on,
            unit="day",
            golden=False,
            home="comptoir",
            home_network="sainte",
            host="b",
            host_network="sainte",
            pass_id="pas_1",
            valuation=Valuation(cents, 1364, cents, cents // 20, 0, capped=False),
            monthly_price_cents=None,
            agreement="sainte>sainte@2026-09",
        )
        return charge._replace(**over)

    return make
