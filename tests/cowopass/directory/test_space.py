"""A space's own page, and the sign on its door."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from tests.cowopass.directory.visits import a_visit
from tests.factories import a_network, a_plan, a_price, a_space

NOON = "2026-11-24T11:00:00+00:00"
HOURS = {"tuesday": [["08:00", "12:30"], ["13:30", "18:00"]]}


@pytest.fixture
def rubanerie(session):
    """La Rubanerie at noon on a Tuesday, with all that a space can say of itself."""
    with time_machine.travel(NOON, tick=False):
        a_network(session)
        a_space(
            session,
            "La Rubanerie",
            day_cents=1200,
            presentation="Neuf métiers.\n\nUn café.",
            opening_hours=HOURS,
            closed_days=["2026-01-01", "2026-12-25"],
            capacity_comfortable=25,
            visitors_per_day=1,
            rooms=[{"name": "L’étage", "seats": 6, "use": "Silence"}],
            equipment=["Machines à coudre"],
            transport=["Tram à 9 min"],
            address={"building_number": "14", "street_name": "rue de la Ruche", "town": "Sainté"},
            email="bonjour@rubanerie.example",
            latitude=45.44,
            longitude=4.38,
        )
        session.commit()
        yield session


def page_of(client, address="/spaces/la-rubanerie"):
    answer = client.get(address, headers={"Accept-Language": "fr"})
    assert answer.status_code == 200
    return answer.text.replace("\u202f", "\xa0")


def test_a_space_says_what_it_is_in_its_own_words(client, rubanerie):
    a_plan(rubanerie, "la-rubanerie", name="Bobine")
    a_price(rubanerie, "la-rubanerie", "day", 1300, date(2027, 1, 1))
    rubanerie.commit()
    page = page_of(client)
    for text in (
        "<p>Neuf métiers.</p><p>Un café.</p>",
        "25 places libres sur 25",
        "jusqu’à 12\xa0h\xa030",
        "8\xa0h à 12\xa0h\xa030, 13\xa0h\xa030 à 18\xa0h",
        "vendredi 25 décembre",
        "14 rue de la Ruche, Sainté",
        "L’étage",
        "Machines à coudre",
        "Tram à 9 min",
        "Bobine<small>11 journées, valable 12 mois, 1 ticket d’or</small>",
        "<td>12\xa0€</td>",
        "À partir du vendredi 1er janvier 2027 : journée à 13\xa0€.",
        "bonjour@rubanerie.example",
    ):
        assert text in page
    assert "janvier 2026" not in page


def test_visitors_beyond_the_quota_are_told_before_they_come(client, rubanerie):
    assert "Il reste 1 visite d’un autre lieu aujourd’hui." in page_of(client)
    a_space(rubanerie, "Le Crêt", slug="cret")
    a_visit(rubanerie, "la-rubanerie", home="cret")
    assert "Plus de visite d’un autre lieu aujourd’hui." in page_of(client)


def test_a_plan_that_is_off_sale_is_not_shown(client, rubanerie):
    a_plan(rubanerie, "la-rubanerie", name="Bobine", is_offered=False)
    rubanerie.commit()
    assert "Bobine" not in page_of(client)


def test_a_space_that_has_told_nothing_has_a_page(client, session):
    a_network(session)
    a_space(session, "Le Métier", slug="metier", day_cents=None)
    session.commit()
    assert "Toujours ouvert" in page_of(client, "/spaces/metier")


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"leaves_on": date(2026, 6, 30)}, "a quitté le réseau"),
        ({"joins_on": date(2027, 1, 1)}, "rejoint le réseau"),
        ({"suspended_on": date(2026, 11, 1)}, "ne sont pas acceptés ailleurs"),
    ],
)
def test_a_space_that_takes_no_part_says_so(client, session, over, said):
    with time_machine.travel(NOON, tick=False):
        a_network(session)
        a_space(session, "Le Métier", slug="metier", **over)
        session.commit()
        assert said in page_of(client, "/spaces/metier")


@pytest.mark.parametrize("address", ["/spaces/nope", "/spaces/nope/door", "/spaces/nope/door.svg"])
def test_an_unknown_space_is_a_page_that_says_what_to_do(client, session, address):
    a_network(session)
    session.commit()
    answer = client.get(address)
    assert answer.status_code == 404
    assert "Vérifiez l’adresse, ou choisissez dans la liste." in answer.text


def test_a_presentation_is_text_and_never_markup(client, session):
    a_network(session)
    a_space(session, "Lieu", presentation="<script>alert(1)</script>")
    session.commit()
    assert "<script>alert" not in page_of(client, "/spaces/lieu")


def test_the_door_says_how_many_seats_are_free(client, rubanerie):
    a_visit(rubanerie, "la-rubanerie")
    page = page_of(client, "/spaces/la-rubanerie/door")
    assert "24 places libres sur 25" in page
    assert page.count('class="seat taken"') == 1
    assert "L’étage" in page
    assert "Silence" in page
    assert "mardi 24 novembre, 12\xa0h" in page


def test_the_door_of_a_closed_space_counts_nobody(client, rubanerie):
    a_visit(rubanerie, "la-rubanerie")
    with time_machine.travel("2026-11-24T22:00:00+00:00", tick=False):
        page = page_of(client, "/spaces/la-rubanerie/door")
    assert "Fermé" in page
    assert "seat taken" not in page
    assert '<text x="50" y="59">' not in page


def test_the_picture_of_the_door_can_stand_on_any_site(client, rubanerie):
    a_visit(rubanerie, "la-rubanerie")
    answer = client.get("/spaces/la-rubanerie/door.svg?lang=en")
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert 'aria-label="La Rubanerie: 1 seats taken of 25"' in answer.text
    assert "style" not in answer.text


def test_the_picture_of_a_space_without_seats_is_drawn_all_the_same(client, session):
    a_network(session)
    a_space(session, "A & B", slug="lieu")
    session.commit()
    assert 'aria-label="A &amp; B"' in client.get("/spaces/lieu/door.svg").text
