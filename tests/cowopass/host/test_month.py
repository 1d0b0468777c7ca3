from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from cowopass.ledger.models import Dispute
from cowopass.passes.tickets import issue_ticket
from tests.cowopass.host.conftest import words
from tests.factories import a_pass, a_plan, a_token, bearer

MONTH = "/desk/comptoir/month"


@pytest.fixture
def visit(client, session, config, desk):  # noqa: ARG001 (of its network)
    """Return a function that lets somebody of one space in at another; it returns the id."""
    plans, hosts = {}, {}

    def scan(home, host, at=None):
        if home not in plans:
            plans[home] = a_plan(session, home, code="billet")
        plan = plans[home]
        sold = a_pass(session, plan, starts_on=datetime(2026, 10, 1, tzinfo=UTC).date())
        ticket = issue_ticket(session, config, sold)
        if host not in hosts:
            hosts[host] = bearer(a_token(session, "host", space=host))
        session.commit()
        body = {"id": str(uuid4()), "token": ticket.token, "space": host, "unit": "day"}
        if at:
            body |= {"at": at, "offline": True}
        answer = client.post("/api/v1/check-ins", json=body, headers=hosts[host])
        assert answer.status_code == 201, answer.text
        return body["id"]

    return scan


@pytest.fixture
def treasurer(session, desk):  # noqa: ARG001 (of its network)
    token = bearer(a_token(session, "treasurer", "sainte"))
    session.commit()
    return token


@pytest.fixture
def busy(visit):
    """Two visits received from the Rubanerie, one of ours at the Cret."""
    return [
        visit("rubanerie", "comptoir"),
        visit("rubanerie", "comptoir"),
        visit("comptoir", "cret"),
    ]


def dispute_of(session):
    found = session.scalars(select(Dispute)).one()
    session.commit()
    return found


def test_a_month_with_nothing_in_it_says_so(read):
    page = read(MONTH)
    assert "novembre 2026" in page
    assert "Rien encore ce mois-ci" in page
    assert "0,00 €" in page
    assert "Aucune contestation pour ce mois." in page
    assert "mars 2020" in read(f"{MONTH}?month=2020-03")


@pytest.mark.parametrize("month", ["", "2026-13", "next", "2099-01"])
def test_a_month_that_has_not_been_is_the_running_one(read, month):
    assert "novembre 2026" in read(f"{MONTH}?month={month}")


def test_a_month_says_what_it_comes_to_and_with_whom(busy, read):  # noqa: ARG001
    page = read(MONTH)
    assert "2 visites reçues +28,50 €" in page
    assert "1 visite des nôtres ailleurs −20,00 €" in page
    assert "À recevoir si le mois finissait ce soir cotisation de 1,50 € comprise 8,50 €" in page
    assert "Rubanerie 2 reçus, 0 chez eux +28,50 €" in page
    assert "Cret 0 reçu, 1 chez eux −20,00 €" in page


def test_the_position_is_that_of_the_settlement(client, busy, treasurer, read):  # noqa: ARG001
    month = client.get("/api/v1/periods/sainte/2026-11", headers=treasurer).json
    [ours] = [one for one in month["positions"] if one["participant"] == "comptoir"]
    assert ours["amount_cents"] == 850
    assert "8,50 €" in read(MONTH)


def test_each_figure_leads_to_its_lines(busy, client, desk):  # noqa: ARG001
    page = client.get(f"{MONTH}?side=received", headers=desk)
    assert words(page).count("Visite reçue 1 journée") == 2
    assert "Un des nôtres" not in words(page)
    page = client.get(f"{MONTH}?with=cret", headers=desk)
    assert "Un des nôtres" in words(page)
    assert "Visite reçue 1 journée" not in words(page)


def test_a_long_month_goes_on_page_by_page(monkeypatch, busy, client, desk):  # noqa: ARG001
    monkeypatch.setattr("cowopass.host.month.PAGE", 2)
    first = client.get(MONTH, headers=desk)
    assert "Un des nôtres" in words(first)
    following = re.search(r'href="([^"]*before=[^"#]*)', first.text)[1].replace("&amp;", "&")
    second = words(client.get(following, headers=desk))
    assert second.count("Visite reçue 1 journée") == 1
    assert "Les lignes d’avant" not in second


def test_a_line_is_contested_with_a_reason_and_put_aside(client, session, busy, desk, read):
    address = f"{MONTH}/contest/{busy[2]}"
    assert "Montant 20,00 €" in read(address)
    answer = client.post(address, data={"reason": "Camille était malade"}, headers=desk)
    assert answer.location == f"{MONTH}?month=2026-11#disputes"
    page = read(MONTH)
    assert "Son montant est mis de côté" in page
    assert "Camille était malade" in page
    assert "À recevoir si le mois finissait ce soir cotisation de 1,50 € comprise 28,50 €" in page
    assert (dispute_of(session).opened_by, dispute_of(session).state) == ("comptoir", "open")


def test_a_line_is_not_contested_without_a_reason(client, session, busy, desk):
    answer = client.post(f"{MONTH}/contest/{busy[2]}", data={"reason": ""}, headers=desk)
    assert answer.status_code == 422
    assert "Écrivez pourquoi" in words(answer)
    assert session.scalars(select(Dispute)).all() == []


def test_contesting_twice_opens_one_dispute(client, session, busy, desk):
    for _ in range(2):
        data = {"reason": "doublon"}
        assert client.post(f"{MONTH}/contest/{busy[0]}", data=data, headers=desk).status_code == 303
    assert dispute_of(session).reason == "doublon"


def test_a_space_agrees_that_a_treasurer_of_the_other_one_decides(
    client, session, busy, desk, read
):
    client.post(f"{MONTH}/contest/{busy[2]}", data={"reason": "pas nous"}, headers=desk)
    offer = "Accepter que la trésorerie tranche"
    address = f"/desk/comptoir/disputes/{dispute_of(session).id}"
    assert offer in read(address)
    assert client.post(f"{address}/consent", headers=desk).status_code == 303
    session.expire_all()
    assert dispute_of(session).consents == ["comptoir"]
    assert offer not in read(address)


@pytest.mark.parametrize(("decision", "said"), [("uphold", "retenue"), ("refuse", "rejetée")])
def test_a_decision_is_shown_with_both_words(
    client, session, busy, desk, treasurer, read, decision, said
):
    client.post(f"{MONTH}/contest/{busy[2]}", data={"reason": "pas nous"}, headers=desk)
    dispute = dispute_of(session)
    client.post(
        f"/api/v1/disputes/{dispute.id}/{decision}",
        json={"reason": "vu au registre"},
        headers=treasurer,
    )
    page = read(MONTH)
    assert "pas nous" in page
    assert "vu au registre" in page
    assert said in page
    answer = client.post(f"{MONTH}/contest/{busy[2]}", data={"reason": "encore"}, headers=desk)
    assert answer.status_code == 303
    assert dispute_of(session).reason == "pas nous"


def test_a_missing_visit_is_reported_once(client, session, desk, read):
    form = {"space": "cret", "on": "2026-11-20", "unit": "day", "reason": "oubliée au Cret"}
    for _ in range(2):
        answer = client.post(f"{MONTH}/missing", data=form, headers=desk)
        assert answer.location == f"{MONTH}?month=2026-11#disputes"
    assert dispute_of(session).opened_by == "comptoir"
    assert "ligne manquante" in read(MONTH)


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"space": "nowhere"}, "Choisissez le lieu."),
        ({"on": "2026-11-31"}, "Écrivez un jour qui existe"),
        ({"on": "2026-12-24"}, "Ce jour n’est pas encore venu."),
        ({"unit": "week"}, "Choisissez une durée."),
        ({"reason": " "}, "Écrivez pourquoi"),
    ],
)
def test_what_is_wrong_with_a_report_is_said_at_its_field(client, session, desk, over, said):
    form = {"space": "cret", "on": "2026-11-20", "unit": "day", "reason": "oubliée", **over}
    answer = client.post(f"{MONTH}/missing", data=form, headers=desk)
    assert answer.status_code == 422
    assert said in words(answer)
    assert session.scalars(select(Dispute)).all() == []


@pytest.mark.usefixtures("busy")
def test_a_locked_month_keeps_its_figures_and_shows_its_transfers(
    client, treasurer, read, noon, visit
):
    noon.move_to("2026-12-10T11:00:00+00:00")
    assert client.post("/api/v1/periods/sainte/2026-11/lock", headers=treasurer).status_code < 300
    page = read(f"{MONTH}?month=2026-11")
    assert "Solde verrouillé, à recevoir" in page
    assert "8,50 €" in page
    assert "pas encore payé" in page
    assert "Écritures pour votre comptable" in page
    assert "Écritures pour votre comptable" not in read(f"{MONTH}?month=2026-12")
    visit("rubanerie", "comptoir", at="2026-11-29T10:00:00+00:00")
    late = read(f"{MONTH}?month=2026-12&side=late")
    assert "en retard, de novembre 2026" in late
    assert "8,50 €" in read(f"{MONTH}?month=2026-11")


def test_a_line_of_others_is_not_contested_here(client, session, busy, desk):  # noqa: ARG001
    stranger = bearer(a_token(session, "host", space="rubanerie"))
    session.commit()
    address = f"/desk/rubanerie/month/contest/{busy[2]}"
    assert client.get(address, headers=stranger).status_code == 404
    assert client.post(address, data={"reason": "x"}, headers=stranger).status_code == 404
