"""The month of the worked example, written straight into the ledger of three spaces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy.orm import Session

from clearing.valuation import Valuation
from cowopass.desk.models import CheckIn
from cowopass.ledger.service import Charge, post_charge, reverse_charges
from tests.factories import a_network, a_space, a_token, an_agreement, bearer

NOVEMBER_20 = datetime(2026, 11, 20, 10, tzinfo=UTC)
DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)

Visit = Callable[..., str]


@pytest.fixture
def travel() -> Iterator[Any]:
    """The clock, stopped on 20 November 2026; `travel.move_to` sets it."""
    with time_machine.travel(NOVEMBER_20, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sainte(session: Session, travel: Any) -> Session:
    """A session on Sainté: Comptoir, B and C, 5 % of levy, less than 1.00 carried."""
    travel.move_to(NOVEMBER_20)
    a_network(session)
    for name, cents in (("Comptoir", 1500), ("B", 1200), ("C", 2000)):
        a_space(session, name, day_cents=cents)
    an_agreement(session, carry_forward_below_cents=100)
    session.commit()
    return session


@pytest.fixture
def visit(sainte: Session) -> Visit:
    """Record a visit of a pass of `home` to `host`, charged `cents`; return its check-in's id."""
    numbers = count(1)

    def record(
        home: str,
        host: str,
        cents: int,
        on: date = date(2026, 11, 12),
        **over: Any,
    ) -> str:
        check_in = str(uuid4())
        sainte.add(
            CheckIn(
                id=check_in,
                body_hash="",
                state="accepted",
                space=host,
                home=home,
                at=NOVEMBER_20,
                on=on,
                recorded_at=NOVEMBER_20,
            )
        )
        charge = Charge(
            check_in=check_in,
            on=on,
            unit="day",
            golden=False,
            home=home,
            home_network="sainte",
            host=host,
            host_network="sainte",
            pass_id=f"pas_{next(numbers)}",
            valuation=Valuation(cents, 1364, cents, (cents * 5 + 50) // 100, 0, capped=False),
            monthly_price_cents=None,
            agreement="sainte>sainte@2025-01",
        )
        post_charge(sainte, charge._replace(**over))
        sainte.commit()
        return check_in

    return record


@pytest.fixture
def november(sainte: Session, visit: Visit) -> Session:
    """The November of the worked example: gross 243.00."""
    for home, host, cents, times in (
        ("comptoir", "b", 1200, 6),
        ("comptoir", "c", 2000, 2),
        ("b", "comptoir", 1500, 3),
        ("b", "c", 2000, 1),
        ("c", "comptoir", 1500, 4),
    ):
        for _ in range(times):
            visit(home, host, cents)
    half_day = Valuation(600, 682, 600, 30, 0, capped=False)
    visit("c", "b", 600, unit="half_day", valuation=half_day)
    reverse_charges(sainte, visit("comptoir", "b", 1200))
    visit("comptoir", "c", 0, golden=True)
    sainte.commit()
    return sainte


@pytest.fixture
def treasurer(sainte: Session) -> dict[str, str]:
    """The header of Sainté's treasurer."""
    return _header(sainte, "treasurer", network="sainte")


@pytest.fixture
def host_of(sainte: Session) -> Callable[[str], dict[str, str]]:
    """Make the header of a space's host."""
    return lambda space: _header(sainte, "host", space=space)


def _header(session: Session, role: str, **scope: str) -> dict[str, str]:
    header = bearer(a_token(session, role, **scope))
    session.commit()
    return header
