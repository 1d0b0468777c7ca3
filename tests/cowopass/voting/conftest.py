"""Sainté on 20 November 2026: Comptoir, B and C, a month with a visit, and their hosts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from clearing.valuation import Valuation
from cowopass.config import Config
from cowopass.desk.models import CheckIn
from cowopass.ledger.service import Charge, post_charge
from cowopass.people.access import Caller, caller_with
from cowopass.voting.models import Proposal
from cowopass.voting.service import Draft, open_proposal
from tests.factories import a_network, a_space, an_agreement

NOVEMBER_20 = datetime(2026, 11, 20, 10, tzinfo=UTC)
AFTER_THE_VOTE = datetime(2026, 12, 5, 10, tzinfo=UTC)
"""Fourteen days after the twentieth, and one more."""

TREASURER = caller_with("tok_t", "treasurer", "sainte")
HALF = {"rule": {"kind": "difference_share", "share_bps": 5_000, "cap_at_host_price": True}}


@pytest.fixture
def travel() -> Iterator[Any]:
    with time_machine.travel(NOVEMBER_20, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sainte(session: Session, travel: Any) -> Session:
    travel.move_to(NOVEMBER_20)
    a_network(session)
    for name, cents in (("Comptoir", 1500), ("B", 1200), ("C", 2000)):
        a_space(session, name, day_cents=cents, email=f"{name.lower()}@example.org")
    an_agreement(session)
    charge(session, "comptoir", "c", 2000, date(2026, 10, 12))
    session.commit()
    return session


def charge(session: Session, home: str, host: str, cents: int, on: date) -> None:
    """Write a visit of a day with its charge into the ledger."""
    check_in = f"00000000-0000-4000-8000-{on:%Y%m%d}0000"
    session.add(
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
    post_charge(
        session,
        Charge(
            check_in=check_in,
            on=on,
            unit="day",
            golden=False,
            home=home,
            home_network="sainte",
            host=host,
            host_network="sainte",
            pass_id="pas_1",
            valuation=Valuation(2000, 1364, cents, cents // 20, 0, capped=False),
            monthly_price_cents=None,
            agreement="sainte>sainte@2025-01",
        ),
    )


def host(space: str) -> Caller:
    """Return a host of a space of Sainté."""
    return caller_with(f"tok_{space}", "host", "sainte", space)


@pytest.fixture
def propose(sainte: Session, config: Config) -> Callable[..., Proposal]:
    """Open a vote; unless told otherwise, the treasurer's on half the difference."""

    def opened(kind: Any = "rule", wanted: Any = HALF, **over: Any) -> Proposal:
        caller = over.pop("caller", TREASURER)
        draft = Draft(kind, "sainte", "Partageons.", wanted)._replace(**over)
        proposal, _ = open_proposal(sainte, config, caller, draft)
        sainte.commit()
        return proposal

    return opened
