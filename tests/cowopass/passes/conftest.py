"""A space that sells the four plans of the Comptoir Numérique in 2013, and its host."""

from __future__ import annotations

import pytest
import time_machine

from tests.factories import a_network, a_plan, a_space, a_token, bearer

NOON = "2026-11-24T11:00:00+00:00"


@pytest.fixture
def traveller():
    """It is noon of 24 November 2026 in Saint-Étienne, until a test shifts the clock."""
    with time_machine.travel(NOON, tick=False) as moving:
        yield moving


@pytest.fixture
def host(session, traveller):  # noqa: ARG001 (it is noon)
    """Return the headers of the host."""
    a_network(session)
    home = a_space(session, "Comptoir")
    a_plan(
        session,
        home,
        code="resident",
        name="Résident",
        kind="unlimited",
        unit="day",
        units=None,
        validity_months=1,
        price_cents=28_000,
        volunteer_price_cents=19_000,
        golden_tickets=0,
        notional_units=20,
    )
    a_plan(
        session,
        home,
        code="nomade",
        name="Nomade",
        kind="quota",
        unit="half_day",
        units=20,
        validity_months=3,
        price_cents=15_000,
        volunteer_price_cents=9_000,
        golden_tickets=1,
    )
    a_plan(
        session,
        home,
        code="voyageur",
        name="Voyageur",
        kind="book",
        unit="day",
        units=11,
        validity_months=12,
        price_cents=15_000,
        volunteer_price_cents=None,
        golden_tickets=1,
    )
    a_plan(
        session,
        home,
        code="campeur",
        name="Campeur",
        kind="single",
        unit="hour",
        units=1,
        validity_months=12,
        price_cents=300,
        volunteer_price_cents=None,
        golden_tickets=0,
    )
    token = a_token(session, "host", space="comptoir")
    session.commit()
    return bearer(token)


@pytest.fixture
def sell(client, host):
    """Return a function that posts a sale, of a book if nothing else is said."""

    def post(headers=host, **over):
        body = {
            "home": "comptoir",
            "plan": "voyageur",
            "holder": {"name": "Camille Durand", "email": "Camille@Example.org"},
            **over,
        }
        return client.post("/api/v1/passes", json=body, headers=headers)

    return post


@pytest.fixture
def post(client, host):
    """Return a function that posts to a pass of the host, or to another path of the API."""

    def send(path, headers=host, **body):
        return client.post(f"/api/v1/{path}", json=body, headers=headers)

    return send


@pytest.fixture
def show(client, host):
    """Return a function that shows a pass by its id."""
    return lambda pass_id: client.get(f"/api/v1/passes/{pass_id}", headers=host).json
