"""The front page, and the colours that follow from a hue."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from cowopass.passes.wallet import WALLET, wallet_link
from cowopass.spaces.colours import SURFACE, SURFACE_DARK, contrast, derive_palette
from tests.cowopass.directory.visits import a_visit
from tests.factories import a_network, a_pass, a_plan, a_space, an_agreement

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
    session.commit()
    page = client.get("/", headers={"Accept-Language": "fr"}).text
    for text in (
        "Coworking Sainté",
        "La Rubanerie",
        "12,50\u202f€",
        "jusqu’à 18\xa0h\xa030",
        "25 places libres sur 25",
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


def test_a_colour_that_changes_is_seen_at_once(client, session):
    a_network(session)
    space = a_space(session, "La Rubanerie", hue=358)
    session.commit()
    sheet = client.get("/spaces.css")
    assert "no-cache" in sheet.headers["Cache-Control"]
    kept = {"If-None-Match": sheet.headers["ETag"]}
    assert client.get("/spaces.css", headers=kept).status_code == 304
    space.hue = 120
    session.commit()
    assert client.get("/spaces.css", headers=kept).status_code == 200


@pytest.fixture
def sainte(session):
    """Three spaces on a Tuesday at noon: one open with people in it, one shut, one always open."""
    with time_machine.travel(NOON, tick=False):
        a_network(session)
        a_space(
            session,
            "La Rubanerie",
            opening_hours=HOURS,
            capacity_comfortable=2,
            transport=["Tram à 9 min"],
            equipment=["Table de coupe"],
            latitude=45.44,
            longitude=4.38,
        )
        a_space(
            session,
            "Le Crêt",
            slug="cret",
            opening_hours={"monday": [["09:00", "17:00"]]},
            capacity_comfortable=18,
            transport=["Bus à 4 min"],
            latitude=45.45,
            longitude=4.40,
        )
        a_space(session, "Le Métier", slug="metier")
        session.commit()
        yield session


def test_the_front_page_counts_the_seats_taken_and_free(client, sainte):
    a_visit(sainte, "la-rubanerie")
    page = client.get("/").text
    assert "1 place libre sur 2" in page
    assert "18 places" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("open=1", {"La Rubanerie", "Le Métier"}),
        ("free=1", {"La Rubanerie", "Le Métier"}),
        ("transport=Tram", {"La Rubanerie"}),
        ("transport=Bus&open=1", set()),
        ("equipment=Table+de+coupe", {"La Rubanerie"}),
        ("equipment=Piscine", set()),
        ("open=&transport=", {"La Rubanerie", "Le Crêt", "Le Métier"}),
    ],
)
@pytest.mark.usefixtures("sainte")
def test_filters_work_by_the_address_alone(client, query, shown):
    page = client.get(f"/?{query}").text
    cards = {
        name for name in ("La Rubanerie", "Le Crêt", "Le Métier") if f">{name}</a></h3>" in page
    }
    assert cards == shown


def test_a_full_space_has_no_free_seat(client, sainte):
    a_visit(sainte, "la-rubanerie")
    a_visit(sainte, "la-rubanerie")
    page = client.get("/?free=1").text
    assert ">La Rubanerie</a></h3>" not in page
    assert "Complet, 2 places" in client.get("/").text


@pytest.mark.usefixtures("sainte")
def test_the_map_has_a_pin_for_each_space_that_says_where_it_is(client):
    page = client.get("/").text
    assert page.count('class="pin"') == 2
    assert 'aria-label="Le Crêt : fermé"' in page


def test_more_spaces_take_no_more_statements(client, sainte, engine):
    def statements() -> int:
        seen: list[str] = []

        def see(*args: object) -> None:
            seen.append(str(args[2]))

        event.listen(engine, "before_cursor_execute", see)
        client.get("/")
        event.remove(engine, "before_cursor_execute", see)
        return len(seen)

    few = statements()
    for number in range(12):
        a_space(sainte, f"Lieu {number}", capacity_comfortable=10)
    sainte.commit()
    assert statements() == few


@pytest.mark.parametrize(
    ("top_up", "said"),
    [(False, "1 journée de votre pass, rien à payer."), (True, "1 journée de votre pass, et 0,68")],
)
def test_a_wallet_that_is_known_here_sees_what_a_visit_costs(client, sainte, config, top_up, said):
    midpoint = {"kind": "difference_share", "share_bps": 5000, "cap_at_host_price": False}
    an_agreement(sainte, rule=midpoint, top_up=top_up)
    sold = a_pass(sainte, a_plan(sainte, "metier"))
    sainte.commit()
    assert "de votre pass" not in client.get("/").text
    client.set_cookie(f"__Host-{WALLET}", wallet_link(config, sold.holder))
    assert said in client.get("/").text
    assert said in client.get("/spaces/la-rubanerie").text


def test_a_wallet_sees_where_its_pass_is_not_taken(client, sainte, config):
    sold = a_pass(sainte, a_plan(sainte, "metier"))
    sainte.commit()
    client.set_cookie(f"__Host-{WALLET}", wallet_link(config, sold.holder))
    assert client.get("/").text.count("Votre pass n’ouvre pas ce lieu.") == 2


def test_the_front_page_tells_how_to_be_each_of_the_three(client):
    page = client.get("/").text
    for way in ('href="/wallet"', 'href="/desk"', 'href="/treasury"'):
        assert way in page


@given(st.integers(0, 359), st.booleans())
def test_every_hue_gives_readable_pairs(hue, dark):
    palette = derive_palette(hue, dark=dark)
    surface = SURFACE_DARK if dark else SURFACE
    assert contrast(palette.on, palette.fill) >= 4.5
    assert contrast(palette.text, surface) >= 4.5
    assert contrast(palette.text, palette.tint) >= 4.5
    assert contrast(palette.deep, SURFACE) >= 4.5
    assert contrast(palette.chart, surface) >= 3
