"""What a space sells, changed by its host; and the log of what was done."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cowopass.acts.models import Act
from cowopass.acts.service import record_act
from cowopass.passes.models import Plan
from tests.factories import (
    a_network,
    a_pass,
    a_plan,
    a_space,
    a_token,
    an_agreement,
    bearer,
)

PLANS, LOG = "/desk/comptoir/plans", "/desk/comptoir/log"
BOOK = {
    "name": "Carnet de l’été",
    "kind": "book",
    "unit": "day",
    "units": "11",
    "validity_months": "12",
    "price": "150",
    "volunteer_price": "",
    "golden_tickets": "",
    "notional_units": "",
    "roaming": "on",
}


@pytest.fixture
def host(session):
    """Return the headers of the host of Comptoir, which sells a book to Camille."""
    a_network(session)
    an_agreement(session)
    a_space(session, "Comptoir")
    a_space(session, "Rubanerie")
    a_pass(session, a_plan(session, "comptoir"))
    token = a_token(session, "host", space="comptoir")
    session.commit()
    return bearer(token)


@pytest.fixture
def send(client, host):
    def post(address, **over):
        return client.post(f"{PLANS}/{address}", data={**BOOK, **over}, headers=host)

    return post


def versions(session, code):
    session.expire_all()
    found = session.scalars(select(Plan).where(Plan.code == code).order_by(Plan.version))
    return [(plan.version, plan.price_cents, plan.is_offered) for plan in found]


def test_a_sold_plan_gets_a_next_version_and_keeps_the_old_one(session, client, host, send):
    answer = send("voyageur", name="Voyageur", price="160,50", golden_tickets="1")
    assert (answer.status_code, answer.location) == (303, PLANS)
    assert versions(session, "voyageur") == [(1, 15_000, False), (2, 16_050, True)]
    session.commit()
    page = client.get(PLANS, headers=host).text
    assert "Toutes les versions" in page
    assert "1 pass en cours" in page
    assert 'value="160,50"' in client.get(f"{PLANS}/voyageur", headers=host).text


def test_the_form_of_a_plan_sent_as_it_was_changes_nothing(session, send):
    answer = send("voyageur", name="Voyageur", price="150,00", golden_tickets="1")
    assert answer.status_code == 303
    assert versions(session, "voyageur") == [(1, 15_000, True)]


@pytest.mark.parametrize(
    ("kind", "units", "notional"),
    [("book", 11, None), ("quota", 11, None), ("single", 1, None), ("unlimited", None, 20)],
)
def test_a_new_plan_has_the_fields_of_its_kind(session, send, kind, units, notional):
    assert send("new", kind=kind, notional_units="20", golden_tickets="0").status_code == 303
    plan = session.scalar(select(Plan).where(Plan.code == "carnet-de-l-ete"))
    assert (plan.kind, plan.units, plan.notional_units) == (kind, units, notional)


def test_the_second_click_on_a_new_plan_is_the_same_plan(session, send):
    assert [send("new").status_code for _ in range(2)] == [303, 303]
    assert versions(session, "carnet-de-l-ete") == [(1, 15000, True)]


def test_another_new_plan_of_the_same_name_is_refused_and_says_why(session, send):
    send("new")
    answer = send("new", price="120")
    assert answer.status_code == 422
    assert "Une formule porte déjà ce nom" in answer.text
    assert len(versions(session, "carnet-de-l-ete")) == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Donnez-lui un nom"),
        ("name", "★★★", "Donnez-lui un nom"),
        ("kind", "gift", "Choisissez une sorte"),
        ("unit", "week", "Choisissez une durée"),
        ("units", "", "Un nombre entier, 1 ou plus"),
        ("units", "0", "Un nombre entier, 1 ou plus"),
        ("validity_months", "61", "de 1 à 60"),
        ("price", "gratuit", "Écrivez un montant"),
        ("volunteer_price", "moins", "Écrivez un montant, ou rien"),
        ("golden_tickets", "-1", "Un nombre entier, 0 ou plus"),
    ],
)
def test_a_typo_is_said_at_its_field_and_nothing_is_written(session, send, field, typed, said):
    answer = send("new", **{field: typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'aria-describedby="{field}-error"' in answer.text
    assert session.scalars(select(Plan.code)).all() == ["voyageur"]


def test_a_plan_is_taken_off_sale_and_put_back_and_again_changes_nothing(session, client, host):
    for act, is_offered in (("stop", False), ("stop", False), ("resume", True)):
        answer = client.post(f"{PLANS}/voyageur/{act}", headers=host)
        assert (answer.status_code, answer.location) == (303, PLANS)
        assert versions(session, "voyageur") == [(1, 15_000, is_offered)]
        session.commit()
    noted = session.scalars(select(Act.act).where(Act.subject == "voyageur").order_by(Act.number))
    assert list(noted) == ["plan_taken_off_sale", "plan_saved"]


def test_a_plan_that_is_not_there_is_not_found(client, host, send):
    assert client.get(f"{PLANS}/nothing", headers=host).status_code == 404
    assert send("nothing").status_code == 404


def test_a_space_without_plans_says_so(session, client):
    a_network(session)
    a_space(session, "Rubanerie")
    headers = bearer(a_token(session, "host", space="rubanerie"))
    session.commit()
    page = client.get("/desk/rubanerie/plans", headers=headers).text
    assert "Pas encore de formule" in page


def test_the_log_says_who_did_what_a_page_at_a_time(session, client, host, send):
    for cents in range(60):
        facts = {"network": "sainte", "space": "comptoir", "amount_cents": cents}
        record_act(session, "price_saved", **facts)
    record_act(session, "pass_sold", network="sainte", space="rubanerie")
    session.commit()
    send("voyageur", name="Voyageur", price="160")
    page = client.get(LOG, headers=host).text
    assert "Formule mise en vente" in page
    assert "un logiciel" in page
    assert "0,59\xa0€" in page
    assert "Pass vendu" not in page
    older = page.split('href="?before=')[1].split('"')[0]
    assert "0,05\xa0€" in client.get(f"{LOG}?before={older}", headers=host).text
    assert "Rien de plus ancien" in client.get(f"{LOG}?before=0", headers=host).text


@pytest.mark.parametrize("address", [PLANS, f"{PLANS}/new", f"{PLANS}/voyageur", LOG])
def test_only_hosts_of_the_space_see_them(session, client, host, address):
    stranger = bearer(a_token(session, "host", space="rubanerie"))
    session.commit()
    assert client.get(address, headers=host).status_code == 200
    assert client.get(address, headers=stranger).status_code == 403
