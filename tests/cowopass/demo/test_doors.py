"""The doors into the demonstration: every place at one touch, and none in production."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cowopass.app import create_app
from cowopass.demo.people import add_people
from tests.factories import a_network, a_person, a_space


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


def test_without_the_demonstration_there_are_no_doors(client):
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
