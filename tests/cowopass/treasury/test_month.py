from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape

import pytest

from tests.cowopass.treasury.reading import MONTH, read, send
from tests.factories import a_network, a_space, a_token, bearer

DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)


@pytest.fixture
def over(november, travel):
    travel.move_to(DECEMBER_2)
    return november


@pytest.mark.usefixtures("over")
def test_the_worked_example_shows_its_positions_gross_and_plan(client, treasurer):
    page = read(client, MONTH, treasurer)
    for text in (
        "Novembre 2026",
        "somme : 0,00 €",
        "+12,15 €",
        "+9,10 €",
        "−9,00 €",
        "−12,25 €",
        "18 passages, 243,00 €",
        "2 virements à tous 21,15 €",
        "Reporté au mois suivant",
        "0,10 €",
    ):
        assert text in page


@pytest.mark.usefixtures("over")
def test_every_figure_leads_to_lines_that_add_up_to_it(client, treasurer):
    page = client.get(MONTH, headers=treasurer | {"Accept-Language": "fr"}).text
    links = re.findall(r'href="(/treasury/sainte/2026-11/lines\?[^"]+)"[^>]*>(.*?)</a>', page)
    assert len(links) > 12
    for address, inside in links:
        without_hidden = re.sub(r"<span class=\"visually-hidden\">.*?</span>", "", inside)
        figures = re.findall(r"[−+]?\d+,\d\d", without_hidden)
        if figures:
            assert f"somme : {figures[-1]} €" in read(client, unescape(address), treasurer)


@pytest.mark.usefixtures("over")
def test_the_chord_is_drawn_from_the_very_table(client, treasurer):
    page = client.get(MONTH, headers=treasurer).text
    drawn = json.loads(re.search(r'id="chord">(.*?)</script>', page, re.DOTALL).group(1))
    assert [party["slug"] for party in drawn["parties"]] == ["b", "c", "comptoir"]
    assert drawn["matrix"] == [[0, 2000, 4500], [600, 0, 6000], [7200, 4000, 0]]


@pytest.mark.usefixtures("november")
def test_a_running_month_can_be_neither_reviewed_nor_locked(client, treasurer):
    page = read(client, MONTH, treasurer)
    assert "Le mois n’est pas fini" in page
    assert "Pas encore possible" in page
    assert "revenez le" in send(client, f"{MONTH}/lock", treasurer)
    assert "Pas encore possible" in read(client, f"{MONTH}/lock", treasurer)


@pytest.mark.usefixtures("over")
def test_windows_are_counted_down_and_keep_nobody_from_locking(client, treasurer):
    assert "4 jours pour les retards" in read(client, MONTH, treasurer)
    page = send(client, f"{MONTH}/review", treasurer)
    assert "8 jours de relecture" in page
    assert "Rien ne vous retient" in page
    assert "Un mois verrouillé ne se rouvre pas" in read(client, f"{MONTH}/lock", treasurer)


@pytest.mark.usefixtures("over")
def test_what_a_creditor_lacks_to_be_paid_is_said(client, treasurer):
    assert "1 IBAN manque B : à donner avant les virements" in read(client, MONTH, treasurer)


@pytest.mark.usefixtures("over")
def test_a_month_comes_after_the_one_before(client, treasurer, visit, travel):
    visit("comptoir", "b", 1200, on=datetime(2026, 12, 1, tzinfo=UTC).date())
    travel.move_to(datetime(2027, 1, 2, tzinfo=UTC))
    page = read(client, "/treasury/sainte/2026-12", treasurer)
    assert "Novembre 2026 d’abord" in page
    assert "Novembre 2026 d’abord." in send(client, "/treasury/sainte/2026-12/lock", treasurer)


@pytest.mark.usefixtures("sainte")
def test_a_month_with_nothing_in_it_says_so(client, treasurer):
    page = read(client, "/treasury/sainte/2026-11", treasurer)
    assert "Personne ne doit rien à personne ce mois-ci." in page
    assert "Aucun passage d’un lieu à l’autre ce mois-ci." in page
    assert "Aucun virement à faire." in page
    assert "Aucune ligne de cette sorte." in read(client, f"{MONTH}/lines", treasurer)


def test_a_network_without_an_agreement_is_told_what_to_do(client, session, travel):
    a_network(session)
    a_space(session, "B")
    header = bearer(a_token(session, "treasurer", network="sainte"))
    session.commit()
    travel.move_to(DECEMBER_2)
    page = read(client, MONTH, header)
    assert "Aucune convention en vigueur ce mois-là" in page
    assert "Sans convention, on ne sait pas comment compenser." in page


@pytest.mark.usefixtures("over")
def test_the_treasury_opens_the_month_that_needs_an_act(client, treasurer, visit):
    visit("comptoir", "b", 1200, on=DECEMBER_2.date())
    assert client.get("/treasury", headers=treasurer).headers["Location"] == "/treasury/sainte"
    answer = client.get("/treasury/sainte", headers=treasurer)
    assert (answer.status_code, answer.headers["Location"]) == (303, MONTH)


@pytest.mark.usefixtures("november")
def test_a_treasury_is_for_its_own_treasurer_alone(client, session, host_of):
    a_network(session, "lyon", name="Lyon")
    stranger = bearer(a_token(session, "treasurer", network="lyon"))
    session.commit()
    for path in ("", "/2026-11", "/2026-11/lines", "/2026-11/lock", "/months"):
        assert client.get(f"/treasury/sainte{path}", headers=host_of("b")).status_code == 403
        assert client.get(f"/treasury/sainte{path}", headers=stranger).status_code == 403
    assert client.post(f"{MONTH}/lock", headers=host_of("b")).status_code == 403
    assert client.get("/treasury/paris", headers=stranger).status_code == 404


@pytest.mark.usefixtures("over")
def test_the_history_leads_to_each_month_and_its_lines(client, treasurer, visit):
    visit("comptoir", "b", 1200, on=DECEMBER_2.date())
    page = read(client, "/treasury/sainte/months", treasurer)
    assert "Décembre 2026 Ouvert 1 12,00 € 0,60 €" in page
    assert "Novembre 2026 Collecte 18 243,00 € 12,15 €" in page
    assert "Novembre 2026 243,00 € Décembre 2026 12,00 €" in page


@pytest.mark.usefixtures("over")
def test_a_month_of_the_past_without_visits_waits_for_nobody(client, treasurer, visit, travel):
    travel.move_to(datetime(2027, 2, 2, tzinfo=UTC))
    visit("comptoir", "b", 1200, on=datetime(2027, 1, 12, tzinfo=UTC).date())
    page = read(client, "/treasury/sainte/months", treasurer)
    assert "Décembre 2026 Sans passage 0 – –" in page
    assert "Février 2027 Ouvert 0 – –" in page
    assert "Novembre 2026 243,00 € Février 2027" in page


@pytest.mark.usefixtures("over")
def test_lines_that_came_since_the_review_are_told_of_and_led_to(client, treasurer, visit):
    send(client, f"{MONTH}/review", treasurer)
    visit("comptoir", "b", 1200)
    page = client.get(MONTH, headers=treasurer | {"Accept-Language": "fr"}).text
    notice = page.partition("Des lignes sont arrivées depuis la relecture")[2].partition("</li>")[0]
    address = re.search(r'href="([^"]+)"', notice).group(1)
    assert address == f"{MONTH}/lines"
    assert "somme :" in read(client, address, treasurer)


@pytest.mark.usefixtures("november")
def test_a_month_is_locked_on_the_day_that_it_is_where_the_network_is(client, treasurer, travel):
    travel.move_to(datetime(2026, 12, 2, 23, 30, tzinfo=UTC))
    assert "Verrouillé le 3 déc" in send(client, f"{MONTH}/lock", treasurer)
