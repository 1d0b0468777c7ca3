"""The doors into the demonstration: every place at one touch, and none in production."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cowopass import clock
from cowopass.app import create_app
from cowopass.demo.nomads import ready_nomads
from cowopass.demo.people import add_people
from cowopass.passes.models import PassUsage
from tests.factories import a_network, a_pass, a_person, a_plan, a_space


@pytest.fixture
def world(session):
    """A session on a small demonstration."""
    a_network(session)
    a_space(session, "A")
    add_people(session)
    session.commit()
    return session


def doors(page):
    return re.findall(r'name="person" value="(\w+)"', page)


@pytest.mark.usefixtures("world")
def test_one_touch_makes_a_host_or_a_treasurer(client):
    people = doors(client.get("/demo").text)
    places = [client.post("/demo", data={"person": person}).location for person in people]
    assert places == ["/treasury", "/desk"]
    assert "Comptoir de A" in client.get("/account").text


def test_no_real_person_is_behind_a_door(world, client):
    anne = a_person(world, "anne@example.org")
    world.commit()
    for person in (anne.id, "per_unknown", ""):
        assert client.post("/demo", data={"person": person}).status_code == 404


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("closed", ["/sign-in", "/wallet"])
def test_a_closed_door_leads_to_the_open_ones(client, closed):
    assert 'href="/demo"' in client.get(closed).text


def test_without_the_demonstration_there_are_no_doors(client):
    assert 'href="/demo"' not in client.get("/sign-in").text
    page = client.get("/demo").text
    assert doors(page) == []
    assert "cowopass demo" in page


@pytest.mark.usefixtures("world")
def test_in_production_there_is_no_door(config):
    app = create_app(replace(config, environment="production"))
    client = app.test_client()
    assert client.get("/demo").status_code == 404
    assert client.post("/demo", data={"person": "per_a"}).status_code == 404
    app.extensions["cowopass.engine"].dispose()


def test_one_touch_opens_the_wallet_of_a_nomad_who_has_units_left(world, client):
    sold = a_pass(world, a_plan(world, "a"), starts_on=clock.now().date())
    world.add(PassUsage(pass_id=sold.id, bucket="life", units_used=4, value_given_cents=5_454))
    world.flush()
    ready_nomads(world)
    world.commit()
    nomad = re.findall(r'name="nomad" value="(\w+)"', client.get("/demo").text)
    assert nomad == [sold.holder_id]
    assert client.post("/demo/wallet", data={"nomad": nomad[0]}).location == "/wallet"


def test_no_real_holder_is_behind_a_door(world, client):
    real = a_pass(world, a_plan(world, "a")).holder
    real.email = "camille@example.org"
    world.commit()
    assert client.post("/demo/wallet", data={"nomad": real.id}).status_code == 404
