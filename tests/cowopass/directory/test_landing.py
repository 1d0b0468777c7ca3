"""Where a phone's own camera lands on reading a ticket."""

from __future__ import annotations

import pytest
import time_machine

from cowopass.passes.wallet import WALLET, wallet_link
from cowopass.people.access import Grant
from tests.factories import a_network, a_pass, a_person, a_plan, a_space, sign_in


@pytest.fixture
def sainte(session):
    a_network(session)
    a_space(session, "Comptoir")
    a_space(session, "Rubanerie")
    session.commit()
    return session


@pytest.mark.parametrize("address", ["/t", "/T"])
def test_anyone_is_told_what_it_is_and_what_to_do(client, address):
    page = client.get(address).text
    assert "Ceci est un pass" in page
    assert "Rapportez-le au lieu qui l’a vendu" in page
    assert "data-desk" not in page


def test_a_host_is_shown_her_desks_alone(client, sainte):
    sign_in(client, sainte, a_person(sainte, "h@x.example", Grant("host", "sainte", "comptoir")))
    sainte.commit()
    page = client.get("/t").text
    assert 'data-desk href="/desk/comptoir"' in page
    assert "/desk/rubanerie" not in page


def test_a_treasurer_has_no_desk(client, sainte):
    treasurer = a_person(sainte, "t@x.example", Grant("treasurer", "sainte", "comptoir"))
    sign_in(client, sainte, treasurer)
    sainte.commit()
    assert "data-desk" not in client.get("/t").text


@time_machine.travel("2026-11-24T11:00:00+00:00", tick=False)
def test_a_nomad_is_led_to_her_wallet(client, sainte, config):
    sold = a_pass(sainte, a_plan(sainte, "comptoir"))
    sainte.commit()
    client.set_cookie(f"__Host-{WALLET}", wallet_link(config, sold.holder))
    page = client.get("/t").text
    assert 'href="/wallet"' in page
    assert "Voyageur, il vous reste : 11 journées." in page
