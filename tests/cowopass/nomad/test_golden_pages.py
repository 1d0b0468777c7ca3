"""Golden tickets: given by a link, read by a guest, taken back while unused."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.passes.models import Ticket


@pytest.fixture
def give(wallet, sold):
    """Return a function that gives a golden ticket by the form."""

    def post(request_id=None, recipient="Noé"):
        form = {"id": request_id or str(uuid4()), "pass": sold.id, "recipient": recipient}
        return wallet.post("/wallet/golden", data=form)

    return post


def link_in(page):
    return "/wallet/gift/" + page.split("/wallet/gift/")[1].split('"')[0]


def test_a_golden_ticket_is_given_by_a_link_and_shown_to_its_guest(wallet, app, give):
    assert give().status_code == 303
    shown = wallet.get("/wallet/golden").text
    assert "Noé" in shown
    guest = app.test_client().get(link_in(shown)).text
    for words in (
        "Un ticket d’or pour vous",
        "de <bdi>Camille</bdi>",
        "une seule fois",
        'stroke="#000"',
    ):
        assert words in guest
    assert "Berthet" not in guest


def test_a_second_click_gives_no_second_ticket(engine, give):
    same = str(uuid4())
    give(same)
    assert give(same).status_code == 303
    with Session(engine) as reader:
        golden = reader.scalars(select(Ticket).where(Ticket.kind == "golden")).all()
    assert len(golden) == 1


def test_with_none_left_the_page_offers_nothing(wallet, give):
    give()
    assert "Rien à offrir" in wallet.get("/wallet/golden").text
    assert give().status_code == 409


def test_a_form_that_was_tampered_with_is_refused(give):
    assert give("not-an-id").status_code == 400


def test_what_is_taken_back_opens_nothing_and_can_be_given_again(wallet, app, engine, give):
    give()
    link = link_in(wallet.get("/wallet/golden").text)
    with Session(engine) as reader:
        jti = reader.scalar(select(Ticket.jti).where(Ticket.kind == "golden"))
    assert wallet.post(f"/wallet/golden/{jti}/take-back").status_code == 303
    guest = app.test_client().get(link).text
    assert "a été repris" in guest
    assert 'stroke="#000"' not in guest
    assert "Offrir par un lien" in wallet.get("/wallet/golden").text


def test_a_guests_link_that_was_changed_opens_nothing(wallet, app, give):
    give()
    link = link_in(wallet.get("/wallet/golden").text)
    assert app.test_client().get(link[:-1]).status_code == 403


def test_nobody_takes_back_what_another_has_given(wallet, session, sold):
    paper = session.scalar(select(Ticket.jti).where(Ticket.pass_id == sold.id))
    session.rollback()
    assert wallet.post(f"/wallet/golden/{paper}/take-back").status_code == 403
    assert wallet.post("/wallet/golden/tik_1/take-back").status_code == 403
