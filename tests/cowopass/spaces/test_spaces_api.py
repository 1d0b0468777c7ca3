"""The open directory of spaces over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from cowopass.networks.models import LegalEntity
from tests.factories import a_network, a_price, a_space


@pytest.fixture(autouse=True)
def directory(session):
    """Three spaces of Sainté and one of Lyon, at noon of 24 November 2026 in Paris."""
    with time_machine.travel(datetime(2026, 11, 24, 11, tzinfo=UTC), tick=False):
        a_network(session)
        a_network(session, "lyon", timezone="Europe/Paris")
        a_space(
            session,
            "Comptoir",
            legal=LegalEntity(name="Openscop", siret="73282932000074", iban="FR76SECRET"),
            presentation="Tout le monde est concierge.",
            good_at=["fablab"],
            capacity_comfortable=25,
            capacity_maximum=35,
            opening_hours={"tuesday": [["08:00", "18:00"]]},
            hue=264,
            email="bonjour@comptoir.example",
        )
        a_space(session, "Rubanerie", opening_hours={"wednesday": [["09:00", "12:00"]]})
        a_space(session, "Lampisterie", day_cents=None)
        a_space(session, "Traboule", network="lyon")
        a_price(session, "comptoir", "day", 1700, date(2026, 12, 1))
        session.commit()
        yield


def slugs(answer):
    return [space["slug"] for space in answer.json["spaces"]]


def test_spaces_are_listed_by_slug_to_anyone(client):
    answer = client.get("/api/v1/spaces")
    assert slugs(answer) == ["comptoir", "lampisterie", "rubanerie", "traboule"]
    assert answer.json["next"] is None


def test_spaces_are_listed_by_network(client):
    assert slugs(client.get("/api/v1/spaces?network=lyon")) == ["traboule"]
    unknown = client.get("/api/v1/spaces?network=paris")
    assert (unknown.status_code, unknown.json["code"]) == (404, "network_unknown")


def test_spaces_are_paged_by_cursor(client):
    seen, cursor = [], ""
    while cursor is not None:
        answer = client.get(f"/api/v1/spaces?limit=3{cursor}")
        seen += slugs(answer)
        cursor = answer.json["next"] and f"&cursor={answer.json['next']}"
    assert seen == ["comptoir", "lampisterie", "rubanerie", "traboule"]


def test_a_space_tells_who_it_is_and_what_it_charges(client):
    space = client.get("/api/v1/spaces/comptoir").json
    assert space["name"] == "Comptoir"
    assert (space["network"], space["currency"]) == ("sainte", "EUR")
    assert space["capacity"] == {"comfortable": 25, "maximum": 35}
    assert (space["good_at"], space["hue"]) == (["fablab"], 264)
    assert space["prices"] == [
        {"unit": "day", "amount_cents": 1500, "effective_from": "2025-01-01"},
        {"unit": "day", "amount_cents": 1700, "effective_from": "2026-12-01"},
    ]


def test_legal_data_stays_out_of_the_directory(client):
    for path in ("/api/v1/spaces", "/api/v1/spaces/comptoir"):
        text = client.get(path).text
        assert not any(secret in text for secret in ("FR76", "73282932000074", "Openscop"))


@pytest.mark.parametrize(
    ("space", "told"),
    [
        ("comptoir", (True, "18:00", None)),
        ("rubanerie", (False, None, "2026-11-25T09:00:00+01:00")),
        ("lampisterie", (None, None, None)),
    ],
)
def test_a_space_tells_whether_it_is_open(client, space, told):
    answer = client.get(f"/api/v1/spaces/{space}").json
    opens_at = answer["opens_at"]
    expected = told[2] and datetime.fromisoformat(told[2])
    assert (answer["open_now"], answer["closes_at"]) == told[:2]
    assert (opens_at and datetime.fromisoformat(opens_at)) == expected


@pytest.mark.parametrize("slug", ["none", "Comptoir", "a" * 300])
def test_a_space_that_is_not_there_is_404(client, slug):
    answer = client.get(f"/api/v1/spaces/{slug}")
    assert answer.status_code == 404
    assert answer.json["code"] == "space_unknown"


@pytest.mark.parametrize("query", ["limit=501", "network=Sainte", "cursor=-", "colour=red"])
def test_a_query_that_makes_no_sense_is_refused(client, query):
    assert client.get(f"/api/v1/spaces?{query}").status_code == 422
