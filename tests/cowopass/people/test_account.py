"""Somebody's own account."""

from __future__ import annotations

from dataclasses import replace

import pytest
import time_machine
from sqlalchemy import select

from cowopass import clock
from cowopass.acts.models import Act
from cowopass.app import create_app
from cowopass.people.models import Passkey, WebSession
from cowopass.people.sessions import LONGEST
from tests.cowopass.people.conftest import HOST_OF_B, TREASURER
from tests.factories import a_person, sign_in


def test_an_account_shows_roles_and_browsers(client, anne):
    anne(HOST_OF_B, TREASURER)
    page = client.get("/account").text
    for text in ("Comptoir de B", "Trésorerie de Coworking Sainté", "Firefox", "celui-ci"):
        assert text in page


def test_a_name_is_kept_whatever_it_is_and_an_empty_one_is_not(world, client, anne):
    person = anne(HOST_OF_B)
    for typed, kept in ((" مريم  🎟 ", "مريم 🎟"), ("  ", "مريم 🎟"), ("x" * 300, "x" * 200)):
        client.post("/account/name", data={"name": typed, "language": "xx"})
        world.refresh(person)
        assert (person.name, person.language) == (kept, "fr")
        world.commit()


def test_a_passkey_that_is_removed_counts_no_more_and_is_in_the_log_of_each_place(
    world, app, client, anne
):
    person = anne(HOST_OF_B, TREASURER)
    columns = {"public_key": b"", "sign_count": 0, "created_at": clock.now()}
    world.add(Passkey(id="key", person_id=person.id, label="Firefox, Linux", **columns))
    eve = app.test_client()
    sign_in(eve, world, a_person(world, "eve@example.org", TREASURER))
    world.commit()
    remove = {"data": {"id": "key"}}
    assert eve.post("/account/passkeys/remove", **remove).status_code == 404
    assert client.post("/account/passkeys/remove", **remove).status_code == 303
    assert world.scalars(select(Passkey)).all() == []
    noted = world.scalars(select(Act).where(Act.act == "passkey_removed")).all()
    assert {(act.network, act.space) for act in noted} == {("sainte", None), ("sainte", "b")}
    assert {(act.actor_kind, act.actor_id, act.subject) for act in noted} == {
        ("person", person.id, person.id)
    }
    world.commit()
    assert "Clé d’accès d’une personne enlevée" in client.get("/treasury/sainte/log").text


@pytest.mark.parametrize(
    ("role", "method", "may"),
    [(TREASURER, "link", False), (TREASURER, "passkey", True), (HOST_OF_B, "link", True)],
    ids=["treasurer by link", "treasurer by passkey", "host by link"],
)
def test_in_production_a_mailed_link_changes_no_passkeys_of_a_treasurer(
    world, config, anne, role, method, may
):
    app = create_app(replace(config, environment="production"))
    with app.test_client() as browser:
        person = anne(role, method=method, browser=browser)
        assert browser.post("/account/passkeys/options").status_code == 200
        columns = {"public_key": b"", "sign_count": 0, "created_at": clock.now()}
        world.add(Passkey(id="a2V5", person_id=person.id, label="Firefox, Linux", **columns))
        world.commit()
        answers = [
            browser.post("/account/passkeys/options"),
            browser.post("/account/passkeys", json={}),
            browser.post("/account/passkeys/remove", data={"id": "a2V5"}),
        ]
    app.extensions["cowopass.engine"].dispose()
    kept = ["passkey_kept" in answer.text for answer in answers]
    assert kept == [not may] * 3
    assert (answers[0].status_code, answers[2].status_code) == ((200, 303) if may else (403, 403))


@pytest.mark.parametrize(
    ("base_url", "are_possible"),
    [
        ("https://pass.example", True),
        ("http://localhost:8000", True),
        ("https://192.168.1.20", False),
        ("https://[fe80::1]:8000", False),
    ],
)
def test_where_the_address_is_a_number_an_account_says_why_there_are_no_passkeys(
    config, anne, base_url, are_possible
):
    app = create_app(replace(config, base_url=base_url))
    with app.test_client() as browser:
        browser.environ_base["wsgi.url_scheme"] = base_url.partition(":")[0]
        anne(TREASURER, browser=browser)
        page = browser.get("/account").text
    app.extensions["cowopass.engine"].dispose()
    assert ("À une adresse en chiffres" in page) != are_possible


def test_another_browser_is_signed_out_from_here(world, app, client, anne):
    person = anne(HOST_OF_B)
    phone = app.test_client()
    sign_in(phone, world, person)
    world.commit()
    page = client.get("/account").text
    path = page.partition('action="/account/sessions/')[2].partition('"')[0]
    assert client.post(f"/account/sessions/{path}").status_code == 303
    assert phone.get("/account").status_code == 401
    assert client.get("/account").status_code == 200
    assert client.post(f"/account/sessions/{path}").status_code == 404


def test_nobody_ends_the_session_of_another(world, app, anne):
    person = anne(HOST_OF_B)
    eve = app.test_client()
    sign_in(eve, world, a_person(world, "eve@example.org", TREASURER))
    world.commit()
    annes = world.scalar(select(WebSession.id).where(WebSession.person_id == person.id))
    world.commit()
    assert eve.post(f"/account/sessions/{annes}/end").status_code == 404


def test_the_menu_says_who_is_signed_in_and_where_she_works(client, anne):
    assert "Entrer" in menu_of(client.get("/open-data"))
    anne(HOST_OF_B, TREASURER)
    menu = menu_of(client.get("/open-data"))
    for part in ("Anne Morel", 'href="/desk/b"', 'href="/treasury/sainte"', "Mon compte", "Sortir"):
        assert part in menu


def test_the_menu_of_a_session_that_is_over_offers_to_sign_in(client, anne):
    anne(HOST_OF_B)
    with time_machine.travel(clock.now() + LONGEST):
        menu = menu_of(client.get("/open-data"))
    assert "Entrer" in menu
    assert "Anne Morel" not in menu


def menu_of(answer):
    return answer.text.partition('<details class="menu">')[2].partition("</details>")[0]
