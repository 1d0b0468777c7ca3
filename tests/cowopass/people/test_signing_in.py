"""Signing in by a mailed link: once, for 15 minutes, in the browser that asked."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine

from cowopass import clock
from cowopass.app import create_app
from cowopass.mail.service import list_mails
from cowopass.people.models import WebSession
from tests.cowopass.people.conftest import HOST_OF_B, TREASURER
from tests.factories import a_person, a_space

EMAIL = "anne@example.org"
PAGE = {"Accept": "text/html"}


def ask(browser, email=EMAIL, **more):
    return browser.post("/sign-in", data={"email": email, **more})


def mailed_link(session):
    """Return the path of the last link that was mailed."""
    session.expire_all()
    text = list_mails(session)[0].text
    session.commit()
    return re.search(r"https://pass\.example(/sign-in/\S+)", text)[1]


@pytest.fixture
def known(world):
    """A session on a world where Anne is a host of B, and signed in nowhere."""
    a_person(world, EMAIL, HOST_OF_B)
    world.commit()
    return world


def test_a_mailed_link_signs_in_and_leads_where_she_was_going(known, client):
    refused = client.get("/account?day=1", headers=PAGE)
    assert refused.status_code == 303
    assert refused.location == "/sign-in?next=/account?day%3D1"
    form = client.get(refused.location).text
    assert 'name="next" value="/account?day=1"' in form
    assert ask(client, next="/account?day=1").location == "/sign-in/sent"
    assert client.get("/sign-in/sent").status_code == 200
    link = mailed_link(known)
    assert client.get(link).status_code == 200
    entered = client.post(link)
    assert (entered.status_code, entered.location) == (303, "/account?day=1")
    cookie = entered.headers.getlist("Set-Cookie")[0]
    assert cookie.startswith("__Host-cowopass=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie
    assert "Anne Morel" in client.get("/account").text


def test_looking_at_a_link_does_not_use_it_up(known, client):
    ask(client)
    link = mailed_link(known)
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert client.post(link).location == "/desk"


def test_a_link_works_once_and_a_second_click_of_who_is_in_goes_on(known, app, client):
    ask(client)
    link = mailed_link(known)
    client.post(link)
    assert client.post(link).location == "/desk"
    stranger = app.test_client()
    again = stranger.post(link)
    assert again.status_code == 410
    assert "a déjà servi" in again.text
    assert 'action="/sign-in"' in again.text


def test_a_link_works_in_no_other_browser(known, app, client):
    ask(client)
    link = mailed_link(known)
    other = app.test_client()
    assert other.get(link).status_code == 403
    refused = other.post(link)
    assert (refused.status_code, "Set-Cookie" in refused.headers) == (403, False)
    assert client.post(link).status_code == 303


def test_a_link_is_over_after_15_minutes(known, client):
    ask(client)
    link = mailed_link(known)
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1)):
        late = client.post(link)
    assert late.status_code == 410
    assert "ne marche plus" in late.text


def test_half_a_link_is_told_so(client):
    assert client.get("/sign-in/half-a-link").status_code == 410


def test_nobody_can_tell_whether_an_address_is_known(known, app):
    answers = [ask(app.test_client(), email) for email in (EMAIL, "eve@example.org")]
    assert len({answer.status_code for answer in answers}) == 1
    assert len({answer.location for answer in answers}) == 1
    assert [len(answer.headers.getlist("Set-Cookie")) for answer in answers] == [1, 1]
    assert [mail.recipient for mail in list_mails(known)] == [EMAIL]


def test_an_address_with_capitals_is_the_same_one(known, client):
    ask(client, " Anne@Example.ORG ")
    assert len(list_mails(known)) == 1


@pytest.mark.parametrize("email", ["", "anne", "a@b\nBcc: c@d", "x" * 300 + "@example.org"])
def test_what_is_no_address_is_told_so_in_the_form(client, email):
    wrong = ask(client, email)
    assert wrong.status_code == 422
    assert "n’est pas complète" in wrong.text


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_a_link_leads_to_no_other_site(known, client, path):
    ask(client, next=path)
    assert client.post(mailed_link(known)).location == "/desk"


def test_a_treasurer_lands_in_the_treasury(world, client):
    a_person(world, EMAIL, HOST_OF_B, TREASURER)
    world.commit()
    ask(client)
    assert client.post(mailed_link(world)).location == "/treasury"


def test_signing_out_ends_the_session_and_again_changes_nothing(world, client, anne):
    anne(HOST_OF_B)
    stolen = client.get_cookie("__Host-cowopass").value
    for _ in range(2):
        assert client.post("/sign-out").location == "/"
    client.set_cookie("__Host-cowopass", stolen)
    assert client.get("/account").status_code == 401
    assert world.query(WebSession).count() == 0


def test_she_who_is_signed_in_is_not_asked_again(client, anne):
    anne(HOST_OF_B)
    assert client.get("/sign-in?next=/account").location == "/account"


def test_too_many_asks_for_one_address_are_refused_from_any_browser(known, app):
    codes = [ask(app.test_client()).status_code for _ in range(6)]
    assert codes == [303] * 5 + [429]
    refused = app.test_client().post("/sign-in", data={"email": EMAIL}, headers=PAGE)
    assert "Trop d’essais" in refused.text
    assert int(refused.headers["Retry-After"]) > 0
    assert len(list_mails(known)) == 5
    known.commit()
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert ask(app.test_client()).status_code == 303


def test_programs_are_told_401_and_pages_lead_to_the_sign_in(client):
    assert client.get("/api/v1/check-ins?space=b", headers=PAGE).status_code == 401
    posted = client.post("/account/name", headers=PAGE)
    assert (posted.status_code, posted.location) == (303, "/sign-in")


@pytest.mark.usefixtures("known")
def test_behind_our_own_proxy_callers_are_told_apart_and_can_not_pretend(config):
    app = create_app(replace(config, proxies=1))

    def ask_from(address, pretended):
        headers = {"X-Forwarded-For": f"{pretended}, {address}"}
        email = f"{pretended}@example.org"
        return app.test_client().post("/sign-in", data={"email": email}, headers=headers)

    codes = {ask_from("192.0.2.1", f"10.0.0.{number}").status_code for number in range(30)}
    assert codes == {303}
    assert ask_from("192.0.2.1", "10.0.0.99").status_code == 429
    assert ask_from("192.0.2.2", "10.0.0.99").status_code == 303
    app.extensions["cowopass.engine"].dispose()


def test_who_signs_in_sees_the_braid_of_all_spaces_and_what_anyone_may_read(world, client):
    a_space(world, "Ancien", leaves_on=date(2026, 1, 1))
    world.commit()
    for address in ("/sign-in", "/sign-in/sent", "/sign-in/nonsense"):
        page = client.get(address).text
        braid = page.partition('class="braid"')[2].partition("</div>")[0]
        assert re.findall('data-space="([^"]+)"', braid) == ["a", "b"], address
    page = client.get("/sign-in").text
    assert all(f'href="{address}"' in page for address in ("/rules", "/", "/open-data"))
