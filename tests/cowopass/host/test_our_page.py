"""A space's own page, written by its host."""

from __future__ import annotations

import re
from html import unescape

import pytest

from cowopass.host.identity import typed_of
from cowopass.spaces.models import Space
from tests.factories import a_network, a_space, a_token, an_agreement, bearer

PAGE = "/desk/comptoir/page"


@pytest.fixture
def space(session):
    """Add Comptoir as a file has made it."""
    a_network(session)
    an_agreement(session)
    a_space(session, "Rubanerie")
    found = a_space(
        session,
        "Comptoir",
        presentation="Un atelier.\nEt un café.",
        good_at=["fablab"],
        address={"street_name": "Place Foch", "town": "Saint-Étienne", "country": "FR"},
        latitude=45.4397,
        longitude=4.3872,
        opening_hours={"monday": [["08:00", "12:00"], ["13:00", "18:00"]]},
        closed_days=["2026-12-25"],
        rooms=[{"name": "La Cabine", "seats": 2}],
        capacity_comfortable=25,
        capacity_maximum=35,
        hue=264,
        weave="chevron",
    )
    session.commit()
    return found


@pytest.fixture
def host(session, space):  # noqa: ARG001 (at her space)
    token = a_token(session, "host", space="comptoir")
    session.commit()
    return bearer(token)


@pytest.fixture
def open_form(client, host):
    """Return a function that opens the form and returns the digests it keeps."""

    def get():
        page = client.get(PAGE, headers=host)
        assert page.status_code == 200
        return unescape(re.search(r'name="opened" value="([^"]+)"', page.text)[1])

    return get


@pytest.fixture
def write(client, host, space, open_form):
    """Return a function that opens the form, changes fields of it, and sends it."""
    unchanged = typed_of(space)

    def send(opened=None, **over):
        form = {name: text for name, text in unchanged.items() if isinstance(text, str)}
        for day, spans in unchanged["week"].items():
            form[f"{day}_opens"] = [opens for opens, _ in spans]
            form[f"{day}_closes"] = [closes for _, closes in spans]
        for place, part in enumerate(("room_name", "room_seats", "room_use")):
            form[part] = [room[place] for room in unchanged["rooms"]]
        form |= {"opened": opened or open_form(), **over}
        return client.post(PAGE, data=form, headers=host)

    return send


def columns(session):
    session.expire_all()
    space = session.get(Space, "comptoir")
    return {name.key: getattr(space, name.key) for name in Space.__table__.columns}


def test_a_form_sent_as_it_was_changes_nothing(session, write):
    before = columns(session)
    session.commit()
    answer = write()
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert columns(session) == before


def test_the_words_the_hours_and_the_rooms_are_written(session, client, write):
    answer = write(
        presentation="Des métiers à tisser.\r\nEt du calme.",
        equipment=" Imprimante 3D \r\n\r\nScanner",
        monday_opens=["", "14:00"],
        monday_closes=["", "18:30"],
        sunday_opens=["10:00"],
        sunday_closes=["12:00"],
        closed_days="25/12/2026\r\n1/1/2027",
        room_name=["Le Salon", "", "La Cabine"],
        room_seats=["8", "", "2"],
        room_use=["lire", "", ""],
        latitude="45,5",
        maximum="",
        website="https://comptoir.example",
    )
    assert answer.status_code == 303
    found = columns(session)
    assert found["presentation"] == "Des métiers à tisser.\nEt du calme."
    assert found["equipment"] == ["Imprimante 3D", "Scanner"]
    assert found["opening_hours"] == {
        "monday": [["14:00", "18:30"]],
        "sunday": [["10:00", "12:00"]],
    }
    assert found["closed_days"] == ["2026-12-25", "2027-01-01"]
    assert found["rooms"] == [
        {"name": "Le Salon", "seats": 8, "use": "lire"},
        {"name": "La Cabine", "seats": 2},
    ]
    assert (found["latitude"], found["capacity_maximum"]) == (45.5, None)
    assert found["address"]["country"] == "FR"
    session.commit()
    assert "Des métiers à tisser." in client.get("/spaces/comptoir").text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("monday_closes", ["07:00", "18:00"], "Une fermeture après chaque ouverture"),
        ("monday_closes", ["", "18:00"], "Une fermeture après chaque ouverture"),
        ("monday_opens", ["08:00", "11:00"], "Une fermeture après chaque ouverture"),
        ("closed_days", "Noël", "Un jour par ligne"),
        ("latitude", "douze", "Un nombre de −90 à 90"),
        ("latitude", "91", "Un nombre de −90 à 90"),
        ("comfortable", "36", "pas plus que les places"),
        ("comfortable", "9" * 5000, "pas plus que les places"),
        ("maximum", "0", "Un nombre entier, 1 ou plus"),
        ("room_seats", ["beaucoup"], "Chaque salle a un nom"),
        ("email", "comptoir", "Une adresse comme"),
        ("phone", "le mien", "Des chiffres"),
        ("website", "comptoir", "Une adresse entière"),
        ("hue", "400", "Un nombre de 0 à 359"),
        ("weave", "plaid", "Choisissez un tissage"),
        ("town", "x" * 71, "C’est trop long"),
        ("presentation", "x" * 5001, "5 000 lettres"),
        ("good_at", "x\n" * 51, "50 lignes au plus"),
    ],
)
def test_a_typo_is_said_and_nothing_is_written_nor_lost(session, write, field, typed, said):
    before = columns(session)
    session.commit()
    answer = write(**{field: typed, "presentation" if field != "presentation" else "phone": "0477"})
    assert answer.status_code == 422
    assert said in answer.text
    assert "0477" in answer.text
    assert columns(session) == before


def test_what_two_hosts_changed_in_different_places_is_kept_from_both(session, write, open_form):
    opened = open_form()
    assert write(phone="04 77 00 00 00").status_code == 303
    assert write(opened, presentation="Autre chose.").status_code == 303
    found = columns(session)
    assert (found["phone"], found["presentation"]) == ("04 77 00 00 00", "Autre chose.")


def test_what_two_hosts_changed_is_said_and_the_second_try_counts(session, write, open_form):
    opened = open_form()
    write(presentation="Le premier.")
    answer = write(opened, presentation="Le second.")
    assert answer.status_code == 409
    assert "Quelqu’un d’autre a changé entre-temps" in answer.text
    assert "Dans nos mots" in answer.text
    assert "Le second." in answer.text
    assert columns(session)["presentation"] == "Le premier."
    session.commit()
    again = unescape(re.search(r'name="opened" value="([^"]+)"', answer.text)[1])
    assert write(again, presentation="Le second.").status_code == 303
    assert columns(session)["presentation"] == "Le second."


def test_the_second_click_and_the_back_button_are_no_conflict(write, open_form):
    opened = open_form()
    for _ in range(2):
        assert write(opened, presentation="Autre chose.").status_code == 303


def test_a_form_without_its_digests_overwrites_nothing_unsaid(session, write):
    answer = write("broken", presentation="Autre chose.")
    assert answer.status_code == 409
    assert columns(session)["presentation"] == "Un atelier.\nEt un café."


def test_a_hue_has_colours_for_light_and_dark(client, host):
    palettes = client.get(f"{PAGE}/palette?hue=30", headers=host).json
    assert set(palettes) == {"light", "dark"}
    assert palettes["light"]["fill"].startswith("#")


def test_only_hosts_of_the_space_write_it(session, client, host):
    stranger = bearer(a_token(session, "host", space="rubanerie"))
    session.commit()
    assert client.get(PAGE, headers=host).status_code == 200
    assert client.post(PAGE, data={}, headers=stranger).status_code == 403
