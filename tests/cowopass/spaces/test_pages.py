"""The front page, and the colours that follow from a hue."""

from __future__ import annotations

from datetime import date

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from cowopass.spaces.colours import SURFACE, SURFACE_DARK, contrast, derive_palette
from tests.factories import a_network, a_price, a_space

NOON = "2026-11-24T11:00:00+00:00"
HOURS = {"tuesday": [["08:00", "18:30"]]}


def test_the_front_page_of_an_empty_instance_says_what_to_do(client):
    page = client.get("/").text
    assert "Il n’y a pas encore de réseau ici." in page
    assert "cowopass load" in page


@time_machine.travel(NOON, tick=False)
def test_the_front_page_shows_the_spaces_and_their_prices(client, session):
    a_network(session)
    a_space(session, "La Rubanerie", day_cents=1250, opening_hours=HOURS, capacity_comfortable=25)
    a_price(session, "la-rubanerie", "half_day", 700)
    session.commit()
    page = client.get("/", headers={"Accept-Language": "fr"}).text
    for text in (
        "Coworking Sainté",
        "La Rubanerie",
        "12,50\u202f€",
        "7\u202f€",
        "jusqu’à 18 h 30",
        "25 places",
    ):
        assert text.replace("\u202f", "\xa0") in page.replace("\u202f", "\xa0")


@time_machine.travel("2026-11-24T19:00:00+00:00", tick=False)
def test_the_front_page_speaks_english_and_says_when_a_space_opens(client, session):
    a_network(session)
    a_space(session, "La Rubanerie", opening_hours=HOURS)
    session.commit()
    page = client.get("/?lang=en").text
    assert "Where to work today?" in page
    assert "opens Tuesday at 8:00" in page


def test_a_name_is_text_and_never_markup(client, session):
    a_network(session)
    a_space(session, "<script>alert(1)</script>", slug="lieu")
    session.commit()
    assert "<script>" not in client.get("/").text


def test_a_space_that_has_left_is_not_shown(client, session):
    a_network(session)
    a_space(session, "Le Métier", slug="metier", leaves_on=date(2026, 1, 1))
    session.commit()
    assert "Le Métier" not in client.get("/").text


def test_colours_are_served_for_light_and_dark(client, session):
    a_network(session)
    a_space(session, "La Rubanerie", hue=358)
    session.commit()
    sheet = client.get("/spaces.css")
    assert sheet.mimetype == "text/css"
    assert sheet.text.count('[data-space="la-rubanerie"]') == 2


@given(st.integers(0, 359), st.booleans())
def test_every_hue_gives_readable_pairs(hue, dark):
    palette = derive_palette(hue, dark=dark)
    surface = SURFACE_DARK if dark else SURFACE
    assert contrast(palette.on, palette.fill) >= 4.5
    assert contrast(palette.text, surface) >= 4.5
    assert contrast(palette.text, palette.tint) >= 4.5
    assert contrast(palette.deep, SURFACE) >= 4.5
    assert contrast(palette.chart, surface) >= 3
