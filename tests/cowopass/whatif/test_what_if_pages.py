"""A rule is tried on pages: by the treasurer, by a space, and by a space that has not joined."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from cowopass.settlement.lock import lock_period
from cowopass.whatif.averages import averages_of
from cowopass.whatif.trial import proposal_address
from tests.cowopass.settlement.conftest import DECEMBER_2
from tests.cowopass.treasury.reading import read

TREASURY = "/treasury/sainte/what-if"
DESK = "/desk/b/what-if"
TRY = "/rules/sainte/try"

MIDPOINT = {"first": "2026-11", "last": "2026-11", "preset": "midpoint"}


def address(page, **asked):
    return f"{page}?{urlencode(asked)}"


@pytest.mark.usefixtures("november")
def test_a_space_reads_its_own_sentence_first(client, host_of):
    words = read(client, address(DESK, **MIDPOINT), host_of("b"))
    first = words.partition("Contour")[0]
    assert "Avec la règle du point milieu, B aurait reçu" in first
    assert "Comptoir aurait" not in first


@pytest.mark.usefixtures("november")
def test_a_treasurer_sees_every_position_then_and_now(client, treasurer):
    rule = {"kind": "difference_share", "share": "100", "cap": "on", "levy": "0"}
    words = read(client, address(TREASURY, last="2026-11", tried=1, **rule), treasurer)
    assert "B +13,00 € avant : +9,10 €, écart : +3,90 €" in words
    assert "Y perdent Avec cette règle, la caisse du réseau aurait reçu 12,15 € de moins" in words
    assert "Dettes brutes 243,00 € 243,00 €" in words


@pytest.mark.usefixtures("november")
def test_what_was_typed_wrong_is_kept_and_explained_beside_its_field(client, treasurer):
    page = address(
        TREASURY, last="2026-11", tried=1, kind="flat", share="50", day="douze", levy="101"
    )
    html = client.get(page, headers=treasurer | {"Accept-Language": "fr"}).text
    assert 'name="day" value="douze"' in html
    assert 'id="day-error">Écrivez une somme, comme 12 ou 12,50.' in html
    assert 'id="levy-error">Écrivez un pourcentage de 0 à 100' in html
    assert "avant et avec cette règle" not in html


@pytest.mark.usefixtures("november")
def test_the_rule_in_force_is_where_the_form_starts(client, treasurer):
    words = read(client, address(TREASURY, last="2026-11"), treasurer)
    assert "C’est la règle en vigueur" in words
    assert "Y gagnent" not in words


@pytest.mark.usefixtures("sainte")
def test_a_month_with_nothing_in_it_says_so(client, treasurer):
    assert "Aucune visite dans ce choix de mois" in read(client, TREASURY, treasurer)


@pytest.mark.usefixtures("november")
def test_months_in_the_wrong_order_are_explained(client, treasurer, travel):
    travel.move_to(DECEMBER_2)
    words = read(client, address(TREASURY, first="2026-12", last="2026-11"), treasurer)
    assert "Le dernier mois vient avant le premier." in words


@pytest.mark.usefixtures("november")
def test_others_may_not_try_a_space_s_rule(client, host_of):
    assert client.get(DESK, headers=host_of("c")).status_code == 403
    assert client.get(TREASURY, headers=host_of("b")).status_code == 403


def test_a_rule_is_proposed_where_the_service_has_a_page_for_it(app):
    with app.app_context():
        assert proposal_address("/no/such/page", {}) is None
        assert proposal_address("/desk/b/plans", {"levy_bps": 0}) == (
            "/desk/b/plans/new?agreement=%7B%22levy_bps%22%3A0%7D"
        )


def lock_november(session, app, config, travel):
    travel.move_to(DECEMBER_2)
    with app.app_context():
        lock_period(session, config, "sainte", "2026-11")
    session.commit()


def test_a_space_outside_tries_its_own_prices_and_a_guess(november, app, config, travel, client):
    lock_november(november, app, config, travel)
    asked = {"price_day": "18", "received_day": "10", "sent_half_day": "4", "kind": "book"}
    words = read(client, address(TRY, **asked, plan_price="150", units="11"), {})
    # 10 × 18.00 less 5 %, less 4 half-days at 7.83, the mean of what the three spaces ask
    assert "Vous recevriez 139,68 € par mois." in words
    assert "Reçues : 10 × journée" in words
    assert "La réciprocité gratuite 0,00 € 0,00 € 0,00 €" in words


@pytest.mark.usefixtures("november")
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"received_day": "4"}, "Il manque un prix pour ces visites."),
        ({"price_day": "dix", "received_day": "4"}, "Écrivez une somme"),
        ({"price_day": "10", "received_day": "-4"}, "Écrivez un nombre entier de visites"),
        ({"price_day": "10"}, "Devinez au moins une visite"),
        ({"sent_day": "4"}, "Écrivez le prix de ce pass"),
        ({"sent_day": "4", "plan_price": "9", "units": "0"}, "Écrivez combien de visites"),
        ({"sent_day": "4", "plan_price": "9", "plan_unit": "hour"}, "ne couvre pas cette durée"),
    ],
)
def test_a_guess_that_can_not_be_read_is_explained(client, asked, told):
    words = read(client, address(TRY, **asked), {})
    assert told in words
    assert "par mois." not in words


def test_averages_tell_nothing_of_few_visits_nor_of_a_month_that_still_changes(
    november, app, config, travel
):
    travel.move_to(DECEMBER_2)
    assert averages_of(november, "sainte", DECEMBER_2.date()).visits == 0
    lock_november(november, app, config, travel)
    averages = averages_of(november, "sainte", DECEMBER_2.date())
    # One half-day was visited, at 6.00 by a pass that brought in 6.82.
    assert averages.visits == 17
    assert (averages.host_price["half_day"], averages.value["half_day"]) == (783, 783)
    assert averages.host_price["day"] != 1567


@pytest.mark.usefixtures("sainte")
def test_a_network_without_visits_offers_the_prices_that_its_spaces_ask(client):
    words = read(client, address(TRY, sent_day="1", plan_price="100", units="10"), {})
    assert "Vous paieriez 15,67 € par mois." in words
    assert "Ce réseau a encore trop peu de visites" in words


def test_a_network_that_is_none_is_not_found(client):
    assert client.get("/rules/nowhere/try").status_code == 404
