from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from cowopass.app import create_app
from cowopass.legal.accounts import note_change
from cowopass.people.access import Grant
from cowopass.settlement.payments import list_payments
from cowopass.settlement.service import show_month
from cowopass.spaces.models import Space
from tests.cowopass.invoicing.conftest import a_legal_side
from tests.cowopass.treasury.reading import MONTH, read, send
from tests.factories import a_person, a_token, bearer, sign_in

DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)


@pytest.fixture
def over(november, travel):
    travel.move_to(DECEMBER_2)
    return november


@pytest.fixture
def locked(over, client, treasurer):
    send(client, f"{MONTH}/review", treasurer)
    send(client, f"{MONTH}/lock", treasurer)
    return over


def transfers(session) -> dict[str, str]:
    """Return the addresses of the transfers of November, by debtor."""
    dues = show_month(session, "sainte", "2026-11")["transfers"]
    session.rollback()  # nothing stays held: the pages are to write
    return {due["debtor"]: f"{MONTH}/transfers/{due['id']}" for due in dues}


@pytest.mark.usefixtures("over")
def test_a_month_goes_from_review_to_settled_by_plain_forms(client, session, treasurer):
    assert "Novembre 2026 est en relecture." in send(client, f"{MONTH}/review", treasurer)
    page = send(client, f"{MONTH}/lock", treasurer)
    assert "Novembre 2026 est verrouillé." in page
    assert "2 virements à recevoir" in page
    assert "La preuve du mois" in page
    due = transfers(session)
    page = send(
        client, f"{due['comptoir']}/payments", treasurer, amount="5,15", paid_on="2026-12-01"
    )
    assert "Noté : 5,15 € payés." in page
    assert "il reste 7,00 €" in page
    send(client, f"{due['comptoir']}/payments", treasurer, amount="7", paid_on="2026-12-02")
    page = send(client, f"{due['c']}/write-off", treasurer, reason="Lieu fermé", borne_by="fund")
    assert "9,00 € abandonnés : Lieu fermé (la caisse supporte)" in page
    assert "Ce mois est soldé" in page
    december = read(client, "/treasury/sainte/2026-12", treasurer)
    assert "Caisse du réseau paie B 9,00 €" in december


@pytest.mark.usefixtures("over")
def test_a_second_tap_on_lock_finds_the_month_locked(client, session, treasurer):
    first = send(client, f"{MONTH}/lock", treasurer)
    again = send(client, f"{MONTH}/lock", treasurer)
    assert "Novembre 2026 est verrouillé." in first
    assert "Novembre 2026 est verrouillé." in again
    assert len(transfers(session)) == 2
    assert "C’est déjà fait." in read(client, f"{MONTH}/lock", treasurer)


def test_more_than_what_is_left_is_refused_clearly(client, locked, treasurer):
    address = f"{transfers(locked)['c']}/payments"
    page = send(client, address, treasurer, amount="9,01", paid_on="2026-12-02")
    assert "C’est plus que ce qui reste à payer : 9,00 €." in page
    assert "il reste 9,00 €" in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"amount": "neuf", "paid_on": "2026-12-02"}, "Écrivez la somme avec une virgule"),
        ({"amount": "9,001", "paid_on": "2026-12-02"}, "Écrivez la somme avec une virgule"),
        ({"amount": "9", "paid_on": "2026-12-03"}, "il ne peut pas être à venir"),
        ({"amount": "9", "paid_on": "hier"}, "Donnez le jour du virement"),
    ],
)
def test_a_payment_with_a_typo_is_told_and_nothing_is_written(
    client, locked, treasurer, form, said
):
    page = send(client, f"{transfers(locked)['c']}/payments", treasurer, **form)
    assert said in page
    assert "il reste 9,00 €" in page


def test_a_form_sent_twice_is_one_payment(client, locked, treasurer):
    form = {"id": str(uuid4()), "amount": "4", "paid_on": "2026-12-02"}
    address = f"{transfers(locked)['c']}/payments"
    send(client, address, treasurer, **form)
    assert "il reste 5,00 €" in send(client, address, treasurer, **form)


def test_a_write_off_needs_a_reason(client, locked, treasurer):
    page = send(client, f"{transfers(locked)['c']}/write-off", treasurer, reason=" ")
    assert "Dites pourquoi" in page
    assert "il reste 9,00 €" in page


@pytest.mark.usefixtures("over")
def test_a_dispute_is_decided_with_both_sides_in_view(client, treasurer, host_of, visit):
    check_in = visit("comptoir", "b", 1200, on=date(2026, 11, 13))
    contested = client.post(
        f"/api/v1/check-ins/{check_in}/dispute",
        json={"reason": "Personne n’est venu."},
        headers=host_of("comptoir"),
    ).json
    page = read(client, MONTH, treasurer)
    assert "1 contestation ouverte" in page
    assert "« Personne n’est venu. » Comptoir" in page
    assert "Passage accepté le vendredi 20 novembre à 11 h. le comptoir de B" in page
    address = f"{MONTH}/disputes/{contested['id']}"
    assert "Dites pourquoi" in send(client, f"{address}/refuse", treasurer)
    page = send(client, f"{address}/refuse", treasurer, reason="Le comptoir a vu le pass.")
    assert "Écartée : la ligne reste. « Le comptoir a vu le pass. »" in page
    page = send(client, f"{address}/uphold", treasurer, reason="Finalement, oui.")
    assert "Cette contestation est déjà tranchée" in page


def test_a_treasurer_of_one_of_the_two_spaces_waits_for_the_other(client, over, host_of, visit):
    partial = bearer(a_token(over, "treasurer", network="sainte", space="b"))
    over.commit()
    check_in = visit("comptoir", "b", 1200)
    contested = client.post(
        f"/api/v1/check-ins/{check_in}/dispute",
        json={"reason": "Non."},
        headers=host_of("comptoir"),
    ).json
    assert "Comptoir doit d’abord accepter" in read(client, MONTH, partial)
    address = f"{MONTH}/disputes/{contested['id']}/uphold"
    assert "Comptoir doit d’abord accepter" in send(client, address, partial, reason="Oui.")


def test_in_production_what_moves_money_needs_a_passkey(config, over):
    person = a_person(over, "anne@example.org", Grant("treasurer", "sainte"))
    app = create_app(replace(config, environment="production"))
    client = app.test_client()
    sign_in(client, over, person)
    over.commit()
    page = send(client, f"{MONTH}/lock", {"Sec-Fetch-Site": "same-origin"})
    assert "il faut une clé d’accès" in page
    assert "Verrouillé (à venir)" in page.replace("  ", " ")
    # They give the invoices their numbers.
    page = send(client, f"{MONTH}/documents", {"Sec-Fetch-Site": "same-origin"})
    assert "il faut une clé d’accès" in page
    app.extensions["cowopass.engine"].dispose()


def test_a_payment_that_came_back_is_to_be_paid_again(client, locked, treasurer):
    address = f"{transfers(locked)['c']}/payments"
    send(client, address, treasurer, amount="9", paid_on="2026-12-02")
    (paid,) = [each.payment.id for each in list_payments(locked, "sainte", "2026-11")]
    locked.rollback()
    form = {"bounced_on": "2026-12-02", "reason": "Compte clos"}
    address = f"{MONTH}/payments/{paid}/bounce"
    assert "Dites pourquoi" in send(client, address, treasurer, bounced_on="2026-12-02")
    page = send(client, address, treasurer, **form)
    assert "Noté : 9,00 € revenus, à payer de nouveau." in page
    assert "9,00 € revenus le mercredi 2 décembre : Compte clos" in page
    assert "il reste 9,00 €" in page


@pytest.mark.usefixtures("locked")
def test_a_payment_file_that_can_not_be_made_says_who_lacks_what(client, treasurer):
    assert "Fichier pour sa banque" in read(client, MONTH, treasurer)
    page = client.get(f"{MONTH}/payment-files/c", headers=treasurer, follow_redirects=True).text
    assert "Pour payer, il manque : c: legal; b: legal." in page


@pytest.mark.usefixtures("locked")
def test_an_account_that_changed_since_the_last_plan_is_said_where_it_is_paid(
    client, session, config, treasurer
):
    b = session.get_one(Space, "b")
    b.legal = a_legal_side("b", iban="FR7630004000010000000000136")
    session.commit()
    assert "IBAN a changé" not in read(client, MONTH, treasurer)
    note_change(session, config, b, before="FR7630004000010000000000039", now=b.legal.iban)
    session.commit()
    page = read(client, MONTH, treasurer)
    assert "Cet IBAN a changé le mercredi 2 décembre. Il était FR76 … 0039." in page
