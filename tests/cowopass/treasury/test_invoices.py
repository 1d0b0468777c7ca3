"""The page of a month's invoices: what is done, what waits, who must give what."""

from __future__ import annotations

import pytest

from cowopass.settlement.lock import lock_period
from tests.cowopass.invoicing.conftest import legal
from tests.cowopass.settlement.conftest import DECEMBER_2
from tests.cowopass.treasury.reading import MONTH, read, send

__all__ = ["legal"]

PAGE = f"{MONTH}/invoices"


@pytest.fixture
def locked(november, legal, config, travel):
    travel.move_to(DECEMBER_2)
    lock_period(november, config, "sainte", "2026-11")
    november.commit()
    legal("b", self_billing_mandate_on=None)
    legal("c", town=None)
    return november


def test_the_month_leads_to_its_invoices_once_it_is_locked(client, locked, treasurer):  # noqa: ARG001
    assert "Voir et émettre les factures" in read(client, MONTH, treasurer)
    page = read(client, PAGE, treasurer)
    assert "3 factures à émettre" in page
    assert "Il manque" in page
    assert "C son adresse" in page
    assert "Brouillons, à envoyer par les lieux eux-mêmes" in page


def test_a_click_issues_and_a_second_one_does_nothing(client, locked, treasurer):  # noqa: ARG001
    page = send(client, PAGE, treasurer)
    assert "3 factures émises." in page
    assert "COMPTOIR-2026-000001" in page
    assert "dont TVA 7,50 €" in page
    page = send(client, PAGE, treasurer)
    assert "Rien à émettre de plus." in page
    assert "Tout ce qui peut l’être est émis" in page


def test_before_the_lock_the_page_says_what_comes_first(client, november, treasurer):  # noqa: ARG001
    assert "Le mois n’est pas verrouillé" in read(client, PAGE, treasurer)
    assert "Verrouillez d’abord le mois" in send(client, PAGE, treasurer)


def test_a_month_without_visits_has_nothing_to_invoice(client, sainte, config, treasurer, travel):
    travel.move_to(DECEMBER_2)
    lock_period(sainte, config, "sainte", "2026-11")
    sainte.commit()
    assert "Rien à facturer ce mois-ci" in read(client, PAGE, treasurer)


def test_a_host_may_not_issue(client, locked, host_of):  # noqa: ARG001
    assert client.post(PAGE, headers=host_of("b")).status_code == 403


def test_a_host_reads_its_own_invoices(client, locked, treasurer, host_of):  # noqa: ARG001
    send(client, PAGE, treasurer)
    page = read(client, "/desk/b/invoices", host_of("b"))
    assert "Facture pour Comptoir" in page
    assert "COMPTOIR-2026-000001" in page
    assert "Aucune : vous envoyez les vôtres vous-mêmes." in page
    assert "CAISSE_SAINTE-2026-000001 Caisse du réseau" in page
    lacking = read(client, "/desk/c/invoices?month=2026-11", host_of("c"))
    assert "son adresse : code postal, ville, pays" in lacking
    assert "Compléter nos factures et notre compte" in lacking
    assert "n’est pas verrouillé" in read(client, "/desk/b/invoices?month=2026-12", host_of("b"))
    assert "Factures, novembre 2026" in read(client, "/desk/b/invoices?month=x", host_of("b"))
    assert client.get("/desk/b/invoices", headers=host_of("c")).status_code == 403
