"""The log of a network, in plain sentences, for its treasurer."""

from __future__ import annotations

import pytest

from cowopass.acts.service import record_act
from cowopass.people.access import Grant
from cowopass.settlement.lock import review_period
from tests.cowopass.settlement.conftest import DECEMBER_2
from tests.cowopass.treasury.reading import MONTH, read, send
from tests.factories import a_network, a_person

LOG = "/treasury/sainte/log"


@pytest.mark.usefixtures("november")
def test_the_log_says_what_was_done_by_whom_and_where(client, session, treasurer, travel):
    anne = a_person(session, "anne@example.org", Grant("treasurer", "sainte"))
    record_act(session, "person_invited", network="sainte", subject=anne.id, role="treasurer")
    record_act(session, "pass_sold", network="sainte", space="b", subject="x", amount_cents=15000)
    session.commit()
    travel.move_to(DECEMBER_2)
    send(client, f"{MONTH}/review", treasurer)
    page = read(client, LOG, treasurer)
    reviewed = page.index("Mois mis en relecture : novembre 2026 un logiciel mercredi 2 décembre")
    assert reviewed < page.index("Pass vendu B ")
    assert "150,00 €" in page
    assert "Personne invitée à la trésorerie" in page


@pytest.mark.usefixtures("november")
def test_a_month_can_be_named_in_english(client, session, treasurer, travel):
    travel.move_to(DECEMBER_2)
    review_period(session, "sainte", "2026-11")
    session.commit()
    page = client.get(LOG, headers=treasurer | {"Accept-Language": "en"}).text
    assert "Month sent out for review: November 2026" in page


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("payment_recorded", "Paiement noté"),
        ("write_off_recorded", "Dette abandonnée"),
        ("statements_sent", "Relevés envoyés"),
        ("statement_reminded", "Lieu relancé pour son relevé"),
        ("agreement_saved", "Accord noté"),
        ("key_rotated", "Clé de signature changée"),
        ("key_compromised", "Clé de signature déclarée volée"),
    ],
)
def test_what_is_done_to_a_network_has_its_sentence(client, session, treasurer, act, words):
    record_act(session, act, network="sainte", subject="x")
    session.commit()
    page = read(client, LOG, treasurer)
    assert words in page
    assert act not in page


@pytest.mark.usefixtures("sainte")
def test_a_long_log_goes_on_page_by_page(client, session, treasurer):
    for cents in range(60):
        record_act(session, "payment_recorded", network="sainte", amount_cents=cents)
    session.commit()
    page = client.get(LOG, headers=treasurer | {"Accept-Language": "fr"}).text
    assert "0,59\xa0€" in page
    assert "0,05\xa0€" not in page
    older = page.split('href="?before=')[1].split('"')[0]
    assert "0,05 €" in read(client, f"{LOG}?before={older}", treasurer)
    assert "Rien de plus ancien" in read(client, f"{LOG}?before=0", treasurer)


def test_the_log_of_a_network_is_its_treasurers_alone(client, session, treasurer, host_of):
    a_network(session, "lyon")
    record_act(session, "key_rotated", network="lyon")
    session.commit()
    assert "Clé de signature changée" not in read(client, LOG, treasurer)
    assert client.get("/treasury/lyon/log", headers=treasurer).status_code == 403
    assert client.get(LOG, headers=host_of("comptoir")).status_code == 403


def test_every_page_of_the_treasury_leads_to_the_log(client, treasurer):
    page = client.get("/treasury/sainte/months", headers=treasurer).text
    assert f'href="{LOG}"' in page


@pytest.mark.parametrize("number", ["9" * 20, "-" + "9" * 20, "-1", "x"])
@pytest.mark.parametrize(
    "address", [f"{LOG}?before=", f"{MONTH}/lines?after=", f"{MONTH}/statements/b?after="]
)
def test_a_list_begins_anew_where_no_row_can_have_the_number(client, treasurer, address, number):
    assert client.get(address + number, headers=treasurer).status_code == 200
