"""A November of three spaces, recorded as desks do it, and a way to lock and to purge it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy.orm import Session

from cowopass.cli import root
from cowopass.settlement.lock import lock_period
from cowopass.transaction import transaction
from tests.factories import a_network, a_plan, a_space, a_token, an_agreement, bearer

NOVEMBER_3 = datetime(2026, 11, 3, 9, tzinfo=UTC)
DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)
MARCH_1 = datetime(2027, 3, 1, 22, tzinfo=UTC)
MARCH_2 = datetime(2027, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def travel():
    """The clock, stopped on 3 November 2026; `travel.move_to` sets it."""
    with time_machine.travel(NOVEMBER_3, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sainte(session, travel):  # noqa: ARG001 (the clock)
    """A session on three spaces; Comptoir sells a book, and a quota of one month."""
    a_network(session)
    an_agreement(session, carry_forward_below_cents=100, roaming_days_per_month=20)
    for name, cents in (("Comptoir", 1500), ("B", 1200), ("C", 2000)):
        a_space(session, name, day_cents=cents)
    a_plan(session, "comptoir")
    a_plan(session, "comptoir", "quota", code="nomade", units=20, validity_months=1)
    session.commit()
    return session


@pytest.fixture
def hosts(sainte):
    """The headers of each space's host, and of the treasurer."""
    headers = {
        space: bearer(a_token(sainte, "host", space=space)) for space in ("comptoir", "b", "c")
    }
    headers["treasurer"] = bearer(a_token(sainte, "treasurer", network="sainte"))
    sainte.commit()
    return headers


@pytest.fixture
def sell(client, hosts):
    """Sell a pass at Comptoir's desk; return what the API answers."""

    def at_desk(plan="voyageur", name="Camille Berthet", email=None, **more):
        body = {"home": "comptoir", "plan": plan, "holder": {"name": name, "email": email}, **more}
        answer = client.post("/api/v1/passes", json=body, headers=hosts["comptoir"])
        assert answer.status_code == 201, answer.json
        return answer.json

    return at_desk


@pytest.fixture
def scan(client, hosts):
    """Show a ticket at a space's desk; return what the API answers."""

    def at_desk(sold, space="b", **more):
        body = {"id": str(uuid4()), "token": sold["ticket"]["token"], "space": space, **more}
        answer = client.post("/api/v1/check-ins", json=body, headers=hosts[space])
        assert answer.status_code in {200, 201}, answer.json
        return answer.json

    return at_desk


@pytest.fixture
def lock(app, config, travel):
    """Lock a month on a day."""

    def by_treasurer(at=DECEMBER_2, month="2026-11"):
        travel.move_to(at)
        with app.app_context(), transaction() as session:
            lock_period(session, config, "sainte", month)

    return by_treasurer


@pytest.fixture
def run(app):
    """Run a command of `cowopass`; its result comes back."""

    def invoke(*arguments):
        with app.app_context():
            return CliRunner().invoke(root, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture
def recorded(engine):
    """Return what a statement finds that was committed; nobody waits for this reader."""

    def read(statement):
        with Session(engine, expire_on_commit=False) as session:
            return list(session.scalars(statement))

    return read
