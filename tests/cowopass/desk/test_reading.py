from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cowopass.desk.occupancy import Presence, count_people, leaves_at, place_at
from cowopass.networks.models import Network
from cowopass.spaces.models import Space

NOON_AT = datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture
def listed(client, desk):
    def get(space="rubanerie", headers=None, **query):
        names = {"first": "from"}
        query = {names.get(name, name): value for name, value in query.items()}
        headers = headers or desk(space)
        path = "/api/v1/check-ins"
        return client.get(path, query_string={"space": space, **query}, headers=headers)

    return get


def test_a_host_sees_her_own_visits_newest_first(sell, scan, listed, noon):
    _, ticket = sell()
    scan(ticket, "cret")
    for day in (25, 26, 27):
        noon.move_to(f"2026-11-{day}T11:00:00+00:00")
        scan(ticket)
    days = [each["on"] for each in listed().json["check_ins"]]
    assert days == ["2026-11-27", "2026-11-26", "2026-11-25"]
    some = listed(first="2026-11-26", to="2026-11-26").json["check_ins"]
    assert [each["on"] for each in some] == ["2026-11-26"]
    assert {each["holder"] for each in some} == {"Camille"}


def test_pages_follow_each_other_without_gap_or_overlap(sell, scan, listed):
    for _ in range(5):
        _, ticket = sell()
        scan(ticket)
    whole = [each["id"] for each in listed().json["check_ins"]]
    paged, cursor = [], None
    while True:
        page = listed(limit=2, **({"cursor": cursor} if cursor else {})).json
        paged += [each["id"] for each in page["check_ins"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert paged == whole
    assert len(whole) == 5


def test_refused_and_voided_visits_are_listed_too(sell, scan, act, listed):
    _, suspended = sell(state="suspended")
    _, ticket = sell()
    scan(suspended)
    act(scan(ticket), "void", reason="Erreur")
    told = {(each["state"], each["code"]) for each in listed().json["check_ins"]}
    assert told == {("refused", "suspended"), ("voided", None)}


def test_only_the_host_lists(listed, desk):
    assert listed(headers=desk("cret")).status_code == 403
    assert listed(headers=desk("rubanerie", "device")).status_code == 403
    assert listed(cursor="not-an-id").status_code == 422
    unknown = "00000000-0000-4000-8000-000000000000"
    assert listed(cursor=unknown).status_code == 404


def test_a_check_in_is_shown_to_its_space(sell, scan, client, desk):
    _, ticket = sell()
    visit = scan(ticket).json
    path = f"/api/v1/check-ins/{visit['id']}"
    assert client.get(path, headers=desk("rubanerie", "device")).json == visit
    assert client.get(path, headers=desk("comptoir")).status_code == 403
    unknown = "/api/v1/check-ins/00000000-0000-4000-8000-000000000000"
    assert client.get(unknown, headers=desk("rubanerie")).status_code == 404


def test_occupancy_is_open_to_anyone(sell, scan, client, session, noon):
    space = session.get_one(Space, "rubanerie")
    space.capacity_comfortable, space.capacity_maximum = 2, 4
    space.visitors_per_day = 10
    space.opening_hours = {"tuesday": [["08:00", "19:00"]]}
    session.commit()
    (_, one), (_, other) = sell(), sell()
    scan(one, unit="hour")
    scan(other)
    seen = client.get("/api/v1/spaces/rubanerie/occupancy")
    assert seen.json == {
        "space": "rubanerie",
        "as_of": "2026-11-24T11:00:00Z",
        "capacity": 2,
        "maximum": 4,
        "present": 2,
        "free": 0,
        "visitors_today": 2,
        "visitors_per_day": 10,
    }
    noon.move_to("2026-11-24T12:00:00+00:00")
    assert client.get("/api/v1/spaces/rubanerie/occupancy").json["present"] == 1
    noon.move_to("2026-11-24T18:00:00+00:00")
    gone = client.get("/api/v1/spaces/rubanerie/occupancy").json
    assert (gone["present"], gone["free"], gone["visitors_today"]) == (0, 2, 2)


def test_an_unknown_space_has_no_occupancy(client):
    answer = client.get("/api/v1/spaces/nowhere/occupancy")
    assert (answer.status_code, answer.json["code"]) == (404, "space_unknown")


def a_place(at=NOON_AT, **over):
    network = Network(slug="sainte", timezone="Europe/Paris")
    return place_at(Space(slug="rubanerie", **{"opening_hours": {}, **over}), network, at)


def a_presence(unit="day", hour=9, day=24, **over):
    at = datetime(2026, 11, day, hour, tzinfo=UTC)
    visit = Presence("pas_1", at, date(2026, 11, day), unit, is_away=True)
    return visit._replace(**over)


@pytest.mark.parametrize(
    ("unit", "hours", "leaves"),
    [
        ("hour", {}, "2026-11-24T10:00"),
        ("half_day", {}, "2026-11-24T14:00"),
        ("day", {}, "2026-11-24T23:00"),
        ("day", {"tuesday": [["08:00", "12:00"], ["14:00", "18:30"]]}, "2026-11-24T17:30"),
        ("day", {"tuesday": [["07:00", "08:30"]]}, "2026-11-24T23:00"),
        ("day", {"monday": [["08:00", "18:00"]]}, "2026-11-24T23:00"),
    ],
)
def test_how_long_a_visit_lasts(unit, hours, leaves):
    place = a_place(opening_hours=hours)
    expected = datetime.fromisoformat(leaves).replace(tzinfo=UTC)
    assert leaves_at(a_presence(unit), place) == expected


def test_everybody_is_counted_once():
    people = [
        a_presence("half_day", 8),
        a_presence("day", 10),
        a_presence("hour", 10, person="pas_2"),
        a_presence("hour", 9, person="pas_3", is_away=False),
        a_presence("hour", 13, person="pas_4"),
    ]
    at = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
    count = count_people(people, a_place(at), at)
    assert (count.present, count.visitors) == (2, 3)


def test_who_came_late_yesterday_may_still_be_there():
    late = a_presence("half_day", 22, day=23)
    at = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    count = count_people([late], a_place(at), at)
    assert (count.present, count.visitors) == (1, 0)


def test_who_was_let_in_while_another_waited_has_the_seat():
    at = datetime(2026, 11, 24, 10, tzinfo=UTC)
    first = Presence("pas_1", at + timedelta(seconds=2), date(2026, 11, 24), "day", is_away=True)
    assert count_people([first], a_place(at), at).present == 1
