"""What a treasurer is shown to look at twice, and what is too ordinary to be shown."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from uuid import uuid4

import pytest

from cowopass.desk.models import CheckIn
from cowopass.ledger.service import reverse_charges
from tests.cowopass.treasury.reading import MONTH, read
from tests.factories import a_pass, a_plan

TWO_PLACES = "Un pass dans deux lieux à la même heure"
SURGE = "Un lieu loin au-dessus de son mois habituel"
OCTOBER_12 = date(2026, 10, 12)


@pytest.fixture
def come(sainte):
    """Return a function by which one holder of Comptoir comes to a space, at an hour in UTC."""
    holder = a_pass(sainte, a_plan(sainte, "comptoir"))

    def record(space, hour, unit="day", day=12, **over):
        at = datetime(2026, 11, day, hour, tzinfo=UTC)
        values = {"pass_id": holder.id, "state": "accepted", "unit": unit, **over}
        who = {"id": str(uuid4()), "body_hash": "", "space": space, "home": "comptoir"}
        sainte.add(CheckIn(**who, at=at, on=at.date(), recorded_at=at, **values))
        sainte.commit()

    return record


def test_a_pass_at_two_spaces_at_once_leads_to_both_visits(client, treasurer, come):
    come("b", 9)
    come("c", 11)
    page = client.get(MONTH, headers=treasurer | {"Accept-Language": "fr"}).text
    told = page.partition(TWO_PLACES)[2].partition("</li>")[0]
    assert "jeudi 12 novembre, 12 h" in re.sub(r"\s+", " ", told)
    lines = unescape(re.search(r'href="([^"]+)"', told).group(1))
    assert lines.count("visit=") == 2
    assert client.get(lines, headers=treasurer).status_code == 200


@pytest.mark.parametrize(
    "second",
    [
        {"space": "c", "hour": 14},
        {"space": "b", "hour": 11},
        {"space": "c", "hour": 11, "day": 13},
        {"space": "c", "hour": 11, "state": "voided"},
        {"space": "c", "hour": 11, "kind": "golden"},
        {"space": "c", "hour": 11, "pass_id": None},
    ],
    ids=["after_it_was_over", "same_space", "next_day", "voided", "guest", "nobodys"],
)
def test_who_is_at_one_space_at_a_time_is_not_shown(client, treasurer, come, second):
    come("b", 8, "half_day")
    come(**second)
    assert TWO_PLACES not in read(client, MONTH, treasurer)


@pytest.mark.parametrize(
    ("usual", "visits", "is_shown"),
    [(5, 10, True), (5, 9, False), (6, 11, False), (2, 9, False), (0, 12, False)],
    ids=["twice", "not_quite", "not_twice", "too_few_to_tell", "first_month"],
)
def test_a_space_far_above_its_usual_month_is_shown(
    client, treasurer, visit, usual, visits, is_shown
):
    for _ in range(usual):
        visit("comptoir", "b", 1200, on=OCTOBER_12)
    for _ in range(visits):
        visit("comptoir", "b", 1200)
    page = read(client, MONTH, treasurer)
    assert (SURGE in page) is is_shown
    assert (f"B : {visits} passages, {usual} d’habitude" in page) is is_shown


def test_a_visit_taken_back_or_counted_anew_is_not_counted_twice(sainte, client, treasurer, visit):
    for _ in range(5):
        visit("comptoir", "b", 1200, on=OCTOBER_12)
        reverse_charges(sainte, visit("comptoir", "b", 1200))
        visit("comptoir", "b", 600)
    sainte.commit()
    assert SURGE not in read(client, MONTH, treasurer)
