"""The people and the devices of a space, chosen by its host."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cowopass import clock
from cowopass.mail.service import list_mails
from cowopass.people.access import Grant
from cowopass.people.models import Membership
from tests.factories import a_network, a_person, a_space, a_token, an_agreement, bearer

PEOPLE, DEVICES = "/desk/comptoir/people", "/desk/comptoir/devices"
HOST = Grant("host", "sainte", "comptoir")


@pytest.fixture
def anne(session):
    """Return Anne, the one host of Comptoir who has come."""
    a_network(session)
    an_agreement(session)
    a_space(session, "Comptoir")
    a_space(session, "Rubanerie")
    person = a_person(session, "anne@example.org", HOST)
    person.memberships[0].accepted_at = clock.now()
    session.commit()
    return person


@pytest.fixture
def host(session, anne):  # noqa: ARG001 (at her space)
    token = a_token(session, "host", space="comptoir")
    session.commit()
    return bearer(token)


def hosts(session):
    session.expire_all()
    found = session.scalars(select(Membership).order_by(Membership.created_at))
    return [one.person.email for one in found]


def test_a_host_invites_another_and_sends_it_again(session, client, host):
    for _ in range(2):
        form = {"email": " Chloe@example.org ", "name": "Chloé"}
        answer = client.post(PEOPLE, data=form, headers=host)
        assert (answer.status_code, answer.location) == (303, PEOPLE)
    assert hosts(session) == ["anne@example.org", "chloe@example.org"]
    assert len(list_mails(session)) == 2
    session.commit()
    page = client.get(PEOPLE, headers=host).text
    assert "L’invitation part à Chloe@example.org." in page
    assert "invitation envoyée, pas encore venue" in page


@pytest.mark.parametrize("typed", ["", "chloe", "a@b.org, c@d.org"])
def test_what_is_no_address_is_said_at_its_field(session, client, host, typed):
    answer = client.post(PEOPLE, data={"email": typed, "name": "Chloé"}, headers=host)
    assert answer.status_code == 422
    assert "Cette adresse n’en est pas une" in answer.text
    assert 'value="Chloé"' in answer.text
    assert hosts(session) == ["anne@example.org"]


def test_the_last_host_is_not_removed(session, client, host, anne):
    client.post(f"{PEOPLE}/{anne.id}/remove", headers=host)
    assert "dernière personne du comptoir" in client.get(PEOPLE, headers=host).text
    assert hosts(session) == ["anne@example.org"]


def test_a_host_removes_another(session, client, host):
    leaving = a_person(session, "hugo@example.org", HOST, name="Hugo")
    session.commit()
    answer = client.post(f"{PEOPLE}/{leaving.id}/remove", headers=host)
    assert (answer.status_code, answer.location) == (303, PEOPLE)
    assert hosts(session) == ["anne@example.org"]


def test_a_code_that_a_host_shows_pairs_a_device_which_she_cuts_off(app, client, host):
    assert "Aucun appareil encore." in client.get(DEVICES, headers=host).text
    shown = client.post(f"{DEVICES}/pair", headers=host)
    assert shown.headers["Cache-Control"] == "no-store"
    code = re.search(r'class="typed-code num">(\w{4}-\w{4})<', shown.text)[1]
    assert client.get(f"{DEVICES}/newest", headers=host).json == {"device": None}
    tablet = app.test_client()
    data = {"code": code, "name": "Tablette"}
    assert tablet.post("/desk/pair", data=data).location == "/desk/comptoir"
    device = client.get(f"{DEVICES}/newest", headers=host).json["device"]
    page = client.get(f"{DEVICES}?new={device}", headers=host).text
    assert "Tablette" in page
    assert "Il vient d’être relié." in page
    assert "pas encore vu" in page
    tablet.get("/desk/comptoir")
    assert "vu le " in client.get(DEVICES, headers=host).text
    answer = client.post(f"{DEVICES}/{device}/cut-off", headers=host)
    assert (answer.status_code, answer.location) == (303, DEVICES)
    assert "Aucun appareil encore." in client.get(DEVICES, headers=host).text


@pytest.mark.parametrize("address", [PEOPLE, DEVICES])
def test_a_stranger_sees_neither_people_nor_devices(session, client, host, address):
    stranger = bearer(a_token(session, "host", space="rubanerie"))
    session.commit()
    assert client.get(address, headers=host).status_code == 200
    assert client.get(address, headers=stranger).status_code == 403
