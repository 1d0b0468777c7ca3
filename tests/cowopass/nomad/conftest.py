"""A holder of a book at Comptoir, her wallet open in the client; and another space to go to."""

from __future__ import annotations

import pytest
import time_machine

from cowopass.passes.tickets import issue_ticket
from cowopass.passes.wallet import WALLET, wallet_link
from tests.factories import a_network, a_pass, a_plan, a_space, an_agreement

NOON = "2026-11-24T11:00:00+00:00"


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sold(session, config, noon):  # noqa: ARG001 (it is noon)
    a_network(session)
    an_agreement(session)
    home = a_space(session, "Comptoir")
    a_space(session, "Rubanerie", day_cents=1200)
    sold = a_pass(session, a_plan(session, home))
    sold.holder.email = "camille@example.org"
    issue_ticket(session, config, sold)
    session.commit()
    return sold


@pytest.fixture
def wallet(client, config, sold):
    """Return the client, in which the holder has opened her link."""
    client.set_cookie(f"__Host-{WALLET}", wallet_link(config, sold.holder))
    return client
