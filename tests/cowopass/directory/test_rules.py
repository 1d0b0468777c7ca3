"""The agreements in plain words, with an example that the real rules work out."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from tests.factories import a_network, a_plan, a_space, an_agreement

NOON = "2026-11-24T11:00:00+00:00"


@pytest.fixture
def sainte(session):
    """Comptoir sells 11 days for 150.00; the Rubanerie asks 12.00 a day; today is 24 November."""
    with time_machine.travel(NOON, tick=False):
        a_network(session)
        comptoir = a_space(session, "Comptoir", day_cents=1500)
        a_space(session, "Rubanerie", day_cents=1200)
        a_plan(session, comptoir)
        session.commit()
        yield session


def rules(client, network="sainte"):
    return client.get(f"/rules/{network}").text.replace("\u202f", "\xa0")


def test_the_example_is_worked_out_in_the_networks_own_prices(client, sainte):
    an_agreement(sainte, roaming_days_per_month=5)
    sainte.commit()
    page = rules(client)
    for text in ("13,63\xa0€", "12,00\xa0€", "−12,00\xa0€", "+11,40\xa0€", "+0,60\xa0€"):
        assert text in page
    assert "5 jours ailleurs par mois" in page
    assert "5\xa0% pour la caisse" in page
    assert "Rien à payer à l’accueil." in page


def test_the_example_follows_another_rule(client, sainte):
    midpoint = {"kind": "difference_share", "share_bps": 5000, "cap_at_host_price": False}
    an_agreement(sainte, rule=midpoint, top_up=True, levy_bps=0, max_host_price_cents=1000)
    sainte.commit()
    page = rules(client)
    assert "plus 50\xa0% de ce qui manque" in page
    assert "Au-delà de 10\xa0€ la journée" in page
    assert "−11,82\xa0€" in page
    assert "pour la caisse" not in page
    assert "La différence se paie à l’accueil" in page


def test_free_reciprocity_is_said_to_be_free(client, sainte):
    free = {"kind": "flat", "amounts_cents": {"day": 0, "half_day": 0, "hour": 0}}
    an_agreement(sainte, rule=free)
    sainte.commit()
    assert "on s’accueille librement" in rules(client)


def test_past_and_future_versions_are_told_apart(client, sainte):
    an_agreement(sainte, effective_from=date(2026, 1, 1))
    an_agreement(sainte, effective_from=date(2026, 9, 1), levy_bps=700)
    an_agreement(sainte, effective_from=date(2027, 1, 1), levy_bps=900)
    sainte.commit()
    page = rules(client)
    assert "En vigueur depuis septembre 2026." in page
    assert "depuis janvier 2026, remplacée" in page
    assert "à partir de janvier 2027" in page
    assert page.count("Par exemple") == 1


def test_rules_with_another_network_name_both(client, sainte):
    a_network(sainte, "lyon", name="Lyon")
    an_agreement(sainte, "lyon", "sainte")
    sainte.commit()
    assert "Pass Lyon, reçus chez Coworking Sainté" in rules(client)
    assert "Pass Lyon, reçus chez Coworking Sainté" in rules(client, "lyon")
    assert "Lyon" in client.get("/rules").text


@pytest.mark.usefixtures("sainte")
def test_a_network_without_rules_says_so(client):
    assert "n’a pas encore voté de règles" in rules(client)


def test_rules_without_a_price_to_tell_have_no_example(client, session):
    a_network(session)
    a_space(session, "Comptoir")
    an_agreement(session)
    session.commit()
    assert "Par exemple" not in rules(client)


@pytest.mark.usefixtures("sainte")
def test_the_rules_of_the_only_network_are_the_rules(client):
    assert client.get("/rules").location == "/rules/sainte"


def test_an_unknown_network_is_a_page_that_says_what_to_do(client):
    answer = client.get("/rules/nope", headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert answer.status_code == 404
    assert "Ce réseau n’existe pas ici." in answer.text
    assert "Vérifiez l’adresse" in answer.text
