from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from cowopass import clock
from cowopass.mail.models import Mail
from cowopass.passes.models import Pass, PassRequest, Ticket
from cowopass.people.models import Holder
from tests.cowopass.host.conftest import words
from tests.factories import a_plan, a_token, bearer
from wallet.code import show_code

NAMES = [
    "Zoé " + "É" * 76,
    "مريم الفاسي",
    "Léa 🧵",
]


def passes(session):
    return session.scalar(select(func.count()).select_from(Pass))


def test_the_form_shows_each_formula_with_what_it_gives_and_its_price(read):
    page = read("/desk/comptoir/passes/sell")
    assert "Voyageur 11 journées, 1 an, 1 ticket d’or 150 €" in page
    assert "Nomade 20 demi-journées par mois, 3 mois, 1 ticket d’or 150 € par mois" in page
    assert "Tarif concierge pour qui donne un coup de main : Nomade 90 €" in page


def test_a_sale_leads_to_what_the_holder_takes_away(client, desk, sale, session):
    answer = sale()
    sold = session.scalars(select(Pass)).one()
    assert (answer.status_code, answer.location) == (
        303,
        f"/desk/comptoir/passes/{sold.id}/sold",
    )
    page = client.get(answer.location, headers=desk)
    assert "C’est vendu, Nadia a son pass" in words(page)
    assert "Voyageur 11 journées, 1 an" in words(page)
    assert "du 24 novembre 2026 au 23 novembre 2027" in words(page)
    code = show_code(session.scalars(select(Ticket.code)).one())
    assert f"Son code, pour qui le tape {code}" in words(page)
    assert (sold.holder.name, sold.holder.email, sold.starts_on) == (
        "Nadia Berger",
        None,
        date(2026, 11, 24),
    )


def test_a_second_click_sells_nothing_more(sale, session):
    first, second = sale(), sale()
    assert first.location == second.location
    assert passes(session) == 1


def test_a_form_that_sold_and_was_changed_asks_before_it_sells_another(sale, session):
    sale()
    answer = sale(name="Samir Alaoui")
    assert answer.status_code == 409
    assert "Ce formulaire a déjà vendu un pass." in words(answer)
    assert 'value="Samir Alaoui"' in answer.text
    assert passes(session) == 1


def test_the_time_of_a_sale_is_told_when_it_was_measured(client, desk, sale, noon):
    opened = str(int(clock.now().timestamp()))
    noon.shift(24)
    answer = sale(opened=opened)
    assert answer.location.endswith("/sold?seconds=24")
    assert "vendu en 24 s" in words(client.get(answer.location, headers=desk))


@pytest.mark.parametrize("opened", ["", "yesterday", "0", "99999999999999"])
def test_a_time_that_was_not_measured_is_not_told(sale, opened):
    assert "seconds" not in sale(opened=opened).location


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"plan": ""}, "Choisissez une formule."),
        ({"plan": "no-such-plan"}, "Cette formule n’est plus en vente."),
        ({"name": "  "}, "Écrivez le prénom et le nom"),
        ({"email": "nadia@"}, "Cette adresse n’est pas entière."),
        ({"starts_on": "2026-11-31"}, "Écrivez un jour qui existe"),
        ({"starts_on": "2029-01-01"}, "Choisissez un autre jour."),
        ({"starts_on": "2025-11-01"}, "Ce pass serait déjà fini"),
        ({"volunteer": "on"}, "Cette formule n’a pas de tarif concierge."),
        ({"id": "no-uuid"}, "Rechargez la page."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(sale, session, over, said):
    answer = sale(**{"name": "Nadia Berger", "email": "nadia@exemple.fr", **over})
    assert answer.status_code == 422
    assert said in words(answer)
    for model in (Pass, Holder, PassRequest):
        assert session.scalar(select(func.count()).select_from(model)) == 0


def test_what_was_typed_is_kept_beside_the_error(sale):
    answer = sale(email="nadia@", name="Nadia Berger", starts_on="2026-12-01")
    assert 'value="nadia@"' in answer.text
    assert 'value="Nadia Berger"' in answer.text
    assert 'value="2026-12-01"' in answer.text
    assert 'value="voyageur" required checked' in answer.text


def test_a_form_that_was_corrected_sells(sale, session):
    sale(email="nadia@")
    assert sale(email="nadia@exemple.fr").status_code == 303
    assert passes(session) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept_as_it_is_whatever_its_letters(client, desk, sale, session, name):
    answer = sale(name=name)
    assert session.scalars(select(Holder.name)).one() == name
    assert client.get(answer.location, headers=desk).status_code == 200


def test_a_volunteer_pays_the_volunteer_price(sale, session):
    sale(plan="nomade", volunteer="on")
    sold = session.scalars(select(Pass)).one()
    assert (sold.price_paid_cents, sold.volunteer) == (9_000, True)


def test_the_one_formula_of_a_space_is_chosen_already(client, session, desk):  # noqa: ARG001
    a_plan(session, "cret")
    host = bearer(a_token(session, "host", space="cret"))
    session.commit()
    page = client.get("/desk/cret/passes/sell", headers=host)
    assert 'value="voyageur" required checked' in page.text


def test_a_space_without_formulas_is_told_where_to_make_one(session, read, desk):  # noqa: ARG001
    host = bearer(a_token(session, "host", space="cret"))
    session.commit()
    assert "Votre lieu n’a encore aucune formule en vente." in read("/desk/cret/passes/sell", host)


def test_nobody_sells_for_another_space(client, session, sale, desk):  # noqa: ARG001
    stranger = bearer(a_token(session, "host", space="cret"))
    device = bearer(a_token(session, "device", space="comptoir"))
    session.commit()
    assert sale(headers=stranger).status_code == 403
    assert sale(headers=device).status_code == 403
    assert client.get("/desk/comptoir/passes/sell").status_code == 401


def test_the_sold_page_of_another_space_is_not_shown(client, session, sale, desk):  # noqa: ARG001
    sale()
    pass_id = session.scalars(select(Pass.id)).one()
    stranger = bearer(a_token(session, "host", space="cret"))
    session.commit()
    for space, status in (("comptoir", 403), ("cret", 404)):
        address = f"/desk/{space}/passes/{pass_id}/sold"
        assert client.get(address, headers=stranger).status_code == status


def test_two_forms_sell_two_passes(sale, session):
    sale()
    sale(id=str(uuid4()))
    assert passes(session) == 2


def test_who_has_an_address_gets_one_letter_with_her_pass(client, desk, sale, session):
    answer = sale(email="nadia@exemple.fr")
    sale(email="nadia@exemple.fr")
    assert session.scalars(select(Mail.recipient)).all() == ["nadia@exemple.fr"]
    page = words(client.get(answer.location, headers=desk))
    assert "La lettre avec son pass part à nadia@exemple.fr" in page
    assert "Lire les mails de cet essai" in page


def test_who_has_none_gets_no_letter(sale, session):
    sale()
    assert session.scalars(select(Mail)).all() == []
