"""Visits in the wallet: each with what it took, and a way to say that it was somebody else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.desk.models import CheckIn
from cowopass.ledger.models import Dispute, LedgerEntry
from cowopass.nomad.visits import PAGE
from cowopass.passes.models import Ticket
from tests.factories import a_pass, a_plan, a_token, bearer


@pytest.fixture
def visit(client, session, sold):
    """Return a function that shows the pass at a space, and gives the visit's id."""
    token = session.scalar(select(Ticket.token).where(Ticket.pass_id == sold.id))
    headers = {
        slug: bearer(a_token(session, "host", space=slug)) for slug in ("comptoir", "rubanerie")
    }
    session.commit()

    def show(space="rubanerie"):
        body = {"id": str(uuid4()), "token": token, "space": space}
        return client.post("/api/v1/check-ins", json=body, headers=headers[space]).json["id"]

    return show


def test_nothing_yet_is_said_in_words(wallet):
    assert "Rien encore" in wallet.get("/wallet/visits").text


def test_a_visit_is_listed_with_its_place_hour_and_unit(wallet, visit):
    visit()
    shown = wallet.get("/wallet/visits").text
    for words in ("Rubanerie", "mardi 24 novembre", "12\xa0h", "1 journée"):
        assert words in shown


def test_coming_again_takes_nothing_more(wallet, visit):
    visit()
    visit()
    assert "rien de plus" in wallet.get("/wallet/visits").text


def test_a_refused_visit_says_why_in_a_sentence(wallet, session, sold, visit):
    sold.state = "suspended"
    session.commit()
    refused = visit()
    shown = wallet.get(f"/wallet/visits/{refused}").text
    assert "Refusé." in shown
    assert "suspended" not in shown


def test_it_was_not_me_opens_a_dispute_and_withholds_the_money(wallet, engine, visit):
    contested = visit()
    answer = wallet.post(f"/wallet/visits/{contested}/contest", data={"reason": "J’étais à Lyon."})
    assert answer.status_code == 303
    with Session(engine) as reader:
        dispute = reader.scalar(select(Dispute))
        assert (dispute.opened_by, dispute.check_in) == ("holder", contested)
        assert reader.scalar(select(LedgerEntry).where(LedgerEntry.credit.contains("disputed")))
    shown = wallet.get(f"/wallet/visits/{contested}").text
    assert "J’étais à Lyon." in shown
    assert "Contester ce passage" not in shown


def test_a_second_click_opens_no_second_dispute(wallet, engine, visit):
    contested = visit()
    for _ in range(2):
        address = f"/wallet/visits/{contested}/contest"
        assert wallet.post(address, data={"reason": "Pas moi"}).status_code == 303
    with Session(engine) as reader:
        assert len(reader.scalars(select(Dispute)).all()) == 1


def test_what_the_treasurer_decided_is_read_there(wallet, client, session, engine, visit):
    contested = visit()
    wallet.post(f"/wallet/visits/{contested}/contest", data={"reason": "Pas moi"})
    with Session(engine) as reader:
        dispute = reader.scalar(select(Dispute.id))
    headers = bearer(a_token(session, "treasurer", "sainte"))
    session.commit()
    body = {"reason": "Le lieu confirme l’erreur."}
    client.post(f"/api/v1/disputes/{dispute}/uphold", json=body, headers=headers)
    shown = wallet.get(f"/wallet/visits/{contested}").text
    assert "Contestation acceptée" in shown
    assert "Le lieu confirme l’erreur." in shown


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_words_that_are_missing_or_too_many_keep_the_form(wallet, engine, visit, reason):
    contested = visit()
    answer = wallet.post(f"/wallet/visits/{contested}/contest", data={"reason": reason})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    with Session(engine) as reader:
        assert reader.scalar(select(Dispute)) is None


def test_a_visit_at_home_is_talked_over_at_home(wallet, visit):
    at_home = visit("comptoir")
    shown = wallet.get(f"/wallet/visits/{at_home}").text
    assert "Parlez-en à Comptoir" in shown
    answer = wallet.post(f"/wallet/visits/{at_home}/contest", data={"reason": "Pas moi"})
    assert answer.status_code == 409


def test_somebody_elses_visit_is_neither_shown_nor_contested(wallet, session, visit):
    foreign = visit()
    other = a_pass(session, a_plan(session, "comptoir", code="other"))
    session.get_one(CheckIn, foreign).pass_id = other.id
    session.commit()
    assert wallet.get(f"/wallet/visits/{foreign}").status_code == 404
    contest = wallet.post(f"/wallet/visits/{foreign}/contest", data={"reason": "x"})
    assert contest.status_code == 404


def test_many_visits_come_in_pages(wallet, visit, noon):
    for _ in range(PAGE + 1):
        visit()
        noon.shift(60)
    first = wallet.get("/wallet/visits").text
    assert first.count("<li>") == PAGE
    address = first.split('wide" href="')[1].split('"')[0]
    assert wallet.get(address).text.count("<li>") == 1


def test_she_answers_in_what_she_contested_and_takes_it_back(wallet, visit, client, session):
    contested = visit()
    address = f"/wallet/visits/{contested}"
    wallet.post(f"{address}/contest", data={"reason": "Pas moi"})
    dispute = session.scalars(select(Dispute)).one()
    asked = {"text": "Êtes-vous sûre ?"}
    headers = bearer(a_token(session, "host", space="rubanerie"))
    session.commit()
    client.post(f"/api/v1/disputes/{dispute.id}/messages", json=asked, headers=headers)
    assert "Êtes-vous sûre ?" in wallet.get(address).text
    form = {"id": str(uuid4()), "text": "Tout à fait"}
    for _ in range(2):
        assert wallet.post(f"{address}/answer", data=form).status_code == 303
    assert wallet.get(address).text.count("Tout à fait") == 1
    wallet.post(f"{address}/withdraw", data={"reason": "C’était moi"})
    over = wallet.get(address).text
    assert "retire sa contestation" in over
    assert "Répondre" not in over


def test_what_a_space_contested_is_not_hers_to_answer(wallet, visit, client, session):
    contested = visit()
    headers = bearer(a_token(session, "host", space="comptoir"))
    session.commit()
    path = f"/api/v1/check-ins/{contested}/dispute"
    client.post(path, json={"reason": "Trop cher"}, headers=headers)
    address = f"/wallet/visits/{contested}"
    assert "Trop cher" in wallet.get(address).text
    assert wallet.post(f"{address}/answer", data={"text": "Moi"}).status_code == 404
