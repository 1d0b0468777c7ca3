"""The treasurers of a network, chosen by its treasurer."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cowopass import clock
from cowopass.mail.service import list_mails
from cowopass.people.access import Grant
from cowopass.people.models import Membership
from tests.cowopass.treasury.reading import read, send
from tests.factories import a_person

PEOPLE = "/treasury/sainte/people"
TREASURER = Grant("treasurer", "sainte")


@pytest.fixture
def anne(sainte):
    """Return Anne, the one treasurer of Sainté who has come."""
    person = a_person(sainte, "anne@example.org", TREASURER)
    person.memberships[0].accepted_at = clock.now()
    sainte.commit()
    return person


def treasurers(session):
    session.expire_all()
    found = session.scalars(select(Membership).order_by(Membership.created_at))
    return [(one.person.email, one.space) for one in found if one.role == "treasurer"]


@pytest.mark.usefixtures("anne")
def test_a_treasurer_invites_another_and_sends_it_again(session, client, treasurer):
    page = send(client, PEOPLE, treasurer, email=" Zoe@example.org ", name="Zoé", space="b")
    assert "L’invitation part à Zoe@example.org." in page
    assert "Zoé zoe@example.org invitation envoyée, pas encore venue" in page
    send(client, PEOPLE, treasurer, email="zoe@example.org")
    assert treasurers(session) == [("anne@example.org", None), ("zoe@example.org", "b")]
    assert len(list_mails(session)) == 2


@pytest.mark.usefixtures("anne")
def test_who_keeps_the_treasury_already_gets_no_mail(session, client, treasurer):
    page = send(client, PEOPLE, treasurer, email="anne@example.org")
    assert "Cette personne tient déjà la trésorerie." in page
    assert list_mails(session) == []


@pytest.mark.usefixtures("anne")
@pytest.mark.parametrize("typed", ["", "zoe", "a@b.org, c@d.org"])
def test_what_is_no_address_is_said_at_its_field(session, client, treasurer, typed):
    form = {"email": typed, "name": "Zoé", "space": "c"}
    answer = client.post(PEOPLE, data=form, headers=treasurer | {"Accept-Language": "fr"})
    assert answer.status_code == 422
    assert "Cette adresse n’en est pas une" in answer.text
    assert 'value="Zoé"' in answer.text
    assert '<option value="c" selected>' in answer.text
    assert treasurers(session) == [("anne@example.org", None)]


@pytest.mark.usefixtures("anne")
def test_nobody_comes_from_a_space_that_is_not_there(session, client, treasurer):
    form = {"email": "zoe@example.org", "space": "nowhere"}
    assert client.post(PEOPLE, data=form, headers=treasurer).status_code == 404
    assert treasurers(session) == [("anne@example.org", None)]


def test_the_last_treasurer_is_not_removed(session, client, treasurer, anne):
    page = send(client, f"{PEOPLE}/{anne.id}/remove", treasurer)
    assert "dernière personne de la trésorerie" in page
    assert treasurers(session) == [("anne@example.org", None)]


@pytest.mark.usefixtures("anne")
def test_a_treasurer_removes_another(session, client, treasurer):
    leaving = a_person(session, "hugo@example.org", TREASURER, name="Hugo")
    session.commit()
    page = send(client, f"{PEOPLE}/{leaving.id}/remove", treasurer)
    assert "Cette personne ne tient plus la trésorerie." in page
    assert treasurers(session) == [("anne@example.org", None)]


@pytest.mark.usefixtures("anne")
def test_only_treasurers_see_and_choose_the_people(session, client, treasurer, host_of):
    host = host_of("comptoir")
    assert "anne@example.org" in read(client, PEOPLE, treasurer)
    assert client.get(PEOPLE, headers=host).status_code == 403
    refused = client.post(PEOPLE, data={"email": "zoe@example.org"}, headers=host)
    assert refused.status_code == 403
    assert treasurers(session) == [("anne@example.org", None)]
