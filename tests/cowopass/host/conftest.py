"""The desk of a space in a network of three, at noon, and what its host has sold."""

from __future__ import annotations

import re
from html import unescape

import pytest
import time_machine

from tests.factories import a_network, a_plan, a_space, a_token, an_agreement, bearer

NOON = "2026-11-24T11:00:00+00:00"
"""Noon in Saint-Étienne, a Tuesday."""

FIRST_ID = "5f2b8c1e-3f0e-4e0c-9d2a-0b1f4a7c6d5e"


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(session, noon):  # noqa: ARG001 (it is noon)
    """Return the headers of the host of Comptoir, which sells a book and a quota."""
    a_network(session)
    an_agreement(session)
    for name, cents in (("Comptoir", 1500), ("Rubanerie", 1200), ("Cret", 2000)):
        a_space(session, name, day_cents=cents)
    a_plan(session, "comptoir")
    a_plan(
        session,
        "comptoir",
        "quota",
        code="nomade",
        name="Nomade",
        unit="half_day",
        units=20,
        validity_months=3,
        volunteer_price_cents=9_000,
    )
    token = a_token(session, "host", space="comptoir")
    session.commit()
    return bearer(token)


@pytest.fixture
def sale(client, desk):
    """Return a function that sends the selling form: a book for Nadia, if nothing else is said."""

    def send(headers=desk, **over):
        form = {"id": FIRST_ID, "plan": "voyageur", "name": "Nadia Berger", "email": "", **over}
        form = {name: value for name, value in form.items() if value is not None}
        return client.post("/desk/comptoir/passes", data=form, headers=headers)

    return send


@pytest.fixture
def read(client, desk):
    """Return a function that reads the words of a page as its host."""

    def get(address, headers=desk):
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200, answer.text
        return words(answer)

    return get


def words(answer):
    """Return what a page says, in one line."""
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", answer.text, flags=re.S)
    return " ".join(unescape(text).replace("\N{NARROW NO-BREAK SPACE}", " ").split())
