"""A dispute on pages: both sides and the treasurer read all that is said, and each may end it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from cowopass.ledger.models import DisputeMessage
from tests.cowopass.treasury.reading import MONTH, read, send
from tests.factories import a_network, a_token, bearer

WORDS = "Elle était là\n\nle cahier le dit"


@pytest.fixture
def dispute(client, visit, host_of):
    """The dispute that Comptoir opened about a visit at B."""
    check_in = visit("comptoir", "b", 1200)
    body, headers = {"reason": "pas nous"}, host_of("comptoir")
    answer = client.post(f"/api/v1/check-ins/{check_in}/dispute", json=body, headers=headers)
    return answer.json["id"]


@pytest.fixture
def desk(client, dispute, host_of):
    """Return a function that reads the dispute as the host of a space, or sends it something."""

    def go(space, act=None, **form):
        address, headers = f"/desk/{space}/disputes/{dispute}", host_of(space)
        if act is None:
            return read(client, address, headers)
        return send(client, f"{address}{act}", headers, **form)

    return go


def said(session):
    found = session.scalars(select(DisputeMessage.text)).all()
    session.rollback()
    return found


def test_both_sides_read_what_is_said_and_one_form_says_it_once(sainte, desk):
    assert "7 jours pour répondre" in desk("b")
    form = str(uuid4())
    for _ in range(2):
        assert "C’est envoyé" in desk("b", "", id=form, text=WORDS)
    assert said(sainte) == [WORDS]
    for space in ("b", "comptoir"):
        page = desk(space)
        assert "pas nous" in page
        assert "le cahier le dit" in page


def test_nothing_is_sent_without_words(sainte, desk):
    assert "Écrivez quelques mots" in desk("b", "", text="  \n ")
    assert "Écrivez quelques mots" in desk("b", "/accept", reason="")
    assert said(sainte) == []


def test_the_other_side_gives_way_and_then_it_is_over(desk):
    assert "L’autre a raison" not in desk("comptoir")
    assert "accepte : la ligne tombe" in desk("b", "/accept", reason="notre erreur")
    late = desk("comptoir", "", text="trop tard")
    assert "trop tard" not in late
    assert "Répondre" not in late


def test_who_opened_it_takes_it_back(desk):
    assert "Retirer ma contestation" not in desk("b")
    page = desk("comptoir", "/withdraw", reason="on l’a retrouvée")
    assert "retire sa contestation : la ligne reste" in page


def test_a_space_reads_only_what_is_its_own(client, dispute, host_of):
    address = f"/desk/c/disputes/{dispute}"
    assert client.get(address, headers=host_of("c")).status_code == 403
    assert client.post(address, data={"text": "x"}, headers=host_of("c")).status_code == 403
    assert client.get("/desk/c/disputes/none", headers=host_of("c")).status_code == 404


def test_the_month_leads_the_treasurer_to_it_to_ask_and_decide(client, dispute, desk, treasurer):
    address = f"/treasury/sainte/disputes/{dispute}"
    assert "Écrire aux deux lieux" in read(client, MONTH, treasurer)
    assert "Écrivez quelques mots" in send(client, address, treasurer, text="")
    page = send(client, address, treasurer, id=str(uuid4()), text="Montrez le cahier")
    assert "La trésorerie" in page
    assert "1 réponse" in read(client, MONTH, treasurer)
    assert "Montrez le cahier" in desk("b")
    send(client, f"{MONTH}/disputes/{dispute}/refuse", treasurer, reason="vu dans le cahier")
    assert "écarte : la ligne reste" in desk("comptoir")
    assert "Trancher" not in read(client, address, treasurer)


def test_a_treasurer_of_another_network_is_sent_away(client, dispute, sainte):
    a_network(sainte, "lyon")
    headers = bearer(a_token(sainte, "treasurer", "lyon"))
    sainte.commit()
    assert client.get(f"/treasury/lyon/disputes/{dispute}", headers=headers).status_code == 403
