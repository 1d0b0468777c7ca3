"""A network of three spaces, a pass of one of them, and desks that scan its ticket."""

from __future__ import annotations

from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cowopass.passes.tickets import issue_ticket
from tests.factories import (
    a_network,
    a_pass,
    a_plan,
    a_space,
    a_token,
    an_agreement,
    bearer,
)

NOON = "2026-11-24T11:00:00+00:00"
"""Noon in Saint-Étienne, a Tuesday."""


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def network(session, noon):  # noqa: ARG001 (it is noon)
    """Add Sainté: Comptoir asks 15.00 a day, the Rubanerie 12.00, the Crêt 20.00; levy 5 %."""
    added = a_network(session)
    for name, cents in (("Comptoir", 1500), ("Rubanerie", 1200), ("Cret", 2000)):
        a_space(session, name, day_cents=cents)
    session.commit()
    return added


@pytest.fixture
def agreement(session, network):  # noqa: ARG001 (of this network)
    added = an_agreement(session)
    session.commit()
    return added


@pytest.fixture
def sell(session, config, agreement):  # noqa: ARG001 (in its network)
    """Return a function that sells a pass of Comptoir and returns (pass, ticket)."""

    def issue(kind="book", *, plan=None, **over):
        sold = a_pass(session, plan or a_plan(session, "comptoir", kind, **_plan_of(over)), **over)
        ticket = issue_ticket(session, config, sold)
        session.commit()
        return sold, ticket

    return issue


def _plan_of(over):
    """Take the columns of a plan out of those of a pass."""
    names = "code unit units golden_tickets roaming price_cents notional_units validity_months"
    plan = {name: over.pop(name) for name in names.split() if name in over}
    return {"code": f"plan-{uuid4().hex[:8]}", **plan}


@pytest.fixture
def desk(session, network):  # noqa: ARG001 (of its spaces)
    """Return a function that gives the headers of the desk of a space."""
    headers = {}

    def of(space, role="host"):
        if (space, role) not in headers:
            headers[space, role] = bearer(a_token(session, role, space=space))
            session.commit()
        return headers[space, role]

    return of


@pytest.fixture
def scan(client, desk):
    """Return a function that posts a check-in by the desk of its space."""

    def post(ticket, space="rubanerie", path="check-ins", headers=None, **over):
        body = {"id": str(uuid4()), "token": ticket.token, "space": space, **over}
        body = {name: value for name, value in body.items() if value is not None}
        return client.post(f"/api/v1/{path}", json=body, headers=headers or desk(space))

    return post


@pytest.fixture
def act(client, desk):
    """Return a function that voids or extends a check-in by the host of a space."""

    def post(check_in, what, space="rubanerie", headers=None, **body):
        check_in = check_in if isinstance(check_in, str) else check_in.json["id"]
        path = f"/api/v1/check-ins/{check_in}/{what}"
        kwargs = {"json": body} if body else {}
        return client.post(path, headers=headers or desk(space), **kwargs)

    return post


@pytest.fixture
def rows(engine):
    """Return a function that selects in a transaction of its own, and so keeps nobody waiting."""

    def fetch(*columns):
        with Session(engine) as reader:
            return [tuple(row) for row in reader.execute(select(*columns))]

    return fetch


@pytest.fixture
def count(engine):
    """Return a function that counts the rows of a table."""

    def of(model):
        with Session(engine) as reader:
            return reader.scalar(select(func.count()).select_from(model))

    return of
