from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cowopass.ledger.periods import open_months
from tests.factories import a_network, a_space, a_token, bearer

DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)
NOVEMBER = "/api/v1/periods/sainte/2026-11"


@pytest.fixture
def over(november, travel):
    travel.move_to(DECEMBER_2)
    return november


@pytest.mark.usefixtures("november")
def test_a_running_month_shows_its_positions(client, host_of):
    answer = client.get(NOVEMBER, headers=host_of("b"))
    assert answer.status_code == 200
    month = answer.json
    assert month["state"] == "open"
    assert month["positions"] == [
        {"participant": "b", "amount_cents": 910, "carried_in_cents": 0},
        {"participant": "c", "amount_cents": -900, "carried_in_cents": 0},
        {"participant": "comptoir", "amount_cents": -1225, "carried_in_cents": 0},
        {"participant": "fund", "amount_cents": 1215, "carried_in_cents": 0},
    ]
    assert (month["gross_cents"], month["fund_cents"]) == (24300, 1215)
    assert (month["charges"], month["lines"], month["disputes"]) == (18, 20, 0)
    assert month["next"] == {
        "step": "review",
        "blocked_by": ["period_not_over"],
        "warnings": ["late_days_running"],
        "late_until": "2026-12-05",
        "review_until": None,
    }


@pytest.mark.usefixtures("over")
def test_a_month_goes_from_collecting_to_settled(client, treasurer):
    assert client.get(NOVEMBER, headers=treasurer).json["state"] == "collecting"
    assert client.post(f"{NOVEMBER}/review", headers=treasurer).json["state"] == "review"
    locked = client.post(f"{NOVEMBER}/lock", headers=treasurer)
    assert (locked.status_code, locked.json["state"]) == (200, "locked")
    states = []
    for due in locked.json["transfers"]:
        paid = client.post(
            f"{NOVEMBER}/payments",
            json={
                "transfer": due["id"],
                "amount_cents": due["amount_cents"],
                "paid_on": "2026-12-02",
            },
            headers=treasurer,
        )
        assert paid.status_code == 201
        states.append(paid.json["state"])
    assert states == ["settling", "settled"]
    month = client.get(NOVEMBER, headers=treasurer).json
    assert (month["state"], month["next"]) == ("settled", None)
    assert month["positions"] == locked.json["positions"]


@pytest.mark.usefixtures("over")
def test_a_lock_and_a_review_again_give_the_same_body(client, treasurer):
    for act in ("review", "lock", "lock"):
        first = client.post(f"{NOVEMBER}/{act}", headers=treasurer)
        again = client.post(f"{NOVEMBER}/{act}", headers=treasurer)
        assert (again.status_code, again.json) == (200, first.json)


@pytest.mark.usefixtures("november")
@pytest.mark.parametrize("act", ["review", "lock"])
def test_a_month_that_runs_is_refused(client, treasurer, act):
    answer = client.post(f"{NOVEMBER}/{act}", headers=treasurer)
    assert (answer.status_code, answer.json["code"]) == (409, "period_not_over")


@pytest.mark.usefixtures("over")
def test_a_month_out_of_order_is_refused(client, treasurer, visit, travel):
    visit("comptoir", "b", 1200, on=date(2026, 12, 1))
    travel.move_to(datetime(2027, 1, 2, tzinfo=UTC))
    answer = client.post("/api/v1/periods/sainte/2026-12/lock", headers=treasurer)
    assert (answer.status_code, answer.json["code"]) == (409, "period_out_of_order")
    shown = client.get("/api/v1/periods/sainte/2026-12", headers=treasurer).json
    assert shown["next"]["blocked_by"] == ["period_out_of_order"]


@pytest.mark.usefixtures("november")
@pytest.mark.parametrize("month", ["2026-13", "2026-1", "november"])
def test_what_is_no_month_is_refused(client, treasurer, month):
    answer = client.get(f"/api/v1/periods/sainte/{month}", headers=treasurer)
    assert (answer.status_code, answer.json["code"]) == (422, "month_invalid")


@pytest.mark.usefixtures("over")
def test_a_plan_is_a_preview_until_the_lock(client, treasurer):
    preview = client.get(f"{NOVEMBER}/plan", headers=treasurer).json
    assert preview["preview"] is True
    client.post(f"{NOVEMBER}/lock", headers=treasurer)
    plan = client.get(f"{NOVEMBER}/plan", headers=treasurer).json
    assert plan == {**preview, "preview": False}
    assert set(plan) == {"method", "transfers", "carried", "alternative", "preview"}


@pytest.mark.usefixtures("over")
def test_there_is_no_head_before_the_lock(client, treasurer):
    answer = client.get(f"{NOVEMBER}/head", headers=treasurer)
    assert (answer.status_code, answer.json["code"]) == (409, "period_not_locked")
    root = client.post(f"{NOVEMBER}/lock", headers=treasurer).json["root"]
    head = client.get(f"{NOVEMBER}/head", headers=treasurer).json
    assert head["root"] == root
    assert head["head"].count(".") == 2


@pytest.mark.usefixtures("november")
def test_lines_come_page_by_page_in_leaf_order(client, treasurer):
    seen, cursor = [], 0
    while cursor is not None:
        page = client.get(f"{NOVEMBER}/charges?limit=7&cursor={cursor}", headers=treasurer).json
        seen += page["charges"]
        cursor = page["next"]
    assert len({line["id"] for line in seen}) == len(seen) == 20
    assert len(seen[0]["leaf_hash"]) == 64


@pytest.mark.usefixtures("november")
def test_a_host_sees_its_own_lines_alone(client, host_of):
    lines = client.get(f"{NOVEMBER}/charges", headers=host_of("c")).json["charges"]
    assert len(lines) == 2 + 1 + 4 + 1 + 1
    assert all("c" in (line["home"], line["host"]) for line in lines)


@pytest.mark.usefixtures("over")
def test_months_are_listed_newest_first(client, host_of, visit):
    visit("comptoir", "b", 1200, on=date(2026, 9, 3))
    listed = client.get("/api/v1/periods/sainte", headers=host_of("b")).json["periods"]
    assert [(month["period"], month["state"], month["lines"]) for month in listed] == [
        ("2026-12", "open", 0),
        ("2026-11", "collecting", 20),
        ("2026-10", "collecting", 0),
        ("2026-09", "collecting", 1),
    ]


@pytest.mark.usefixtures("over")
def test_months_are_for_their_own_network_and_locks_for_its_treasurer(client, session, host_of):
    a_network(session, "lyon", name="Lyon")
    a_space(session, "Villeurbanne", network="lyon")
    strangers = [
        bearer(a_token(session, "treasurer", network="lyon")),
        bearer(a_token(session, "host", space="villeurbanne")),
        bearer(a_token(session, "device", space="b")),
    ]
    session.commit()
    for stranger in strangers:
        for path in ("", "/charges", "/plan", "/head"):
            assert client.get(NOVEMBER + path, headers=stranger).status_code == 403
    body = {"transfer": "trf_1", "amount_cents": 1, "paid_on": "2026-12-02"}
    for act in ("review", "lock", "payments"):
        answer = client.post(f"{NOVEMBER}/{act}", json=body, headers=host_of("b"))
        assert (answer.status_code, answer.json["code"]) == (403, "role_forbidden")
    assert client.get(NOVEMBER).status_code == 401


def test_an_operator_is_told_that_a_network_is_unknown(sainte, client):
    operator = bearer(a_token(sainte, "operator"))
    sainte.commit()
    answer = client.get("/api/v1/periods/paris/2026-11", headers=operator)
    assert (answer.status_code, answer.json["code"]) == (404, "network_unknown")


def test_the_list_begins_with_the_first_line_where_months_begin_to_be_settled(
    client, sainte, visit, travel, treasurer
):
    """A network is made in October; its first visit is of November."""
    travel.move_to(datetime(2026, 10, 2, 10, tzinfo=UTC))
    open_months(sainte, "sainte", "Europe/Paris")
    travel.move_to(datetime(2026, 12, 2, 10, tzinfo=UTC))
    visit("comptoir", "b", 1200, on=date(2026, 11, 5))
    listed = client.get("/api/v1/periods/sainte", headers=treasurer).json["periods"]
    assert [each["period"] for each in listed] == ["2026-12", "2026-11"]


def test_the_list_of_a_network_without_lines_begins_where_it_was_made(
    client, sainte, travel, treasurer
):
    travel.move_to(datetime(2026, 10, 2, 10, tzinfo=UTC))
    open_months(sainte, "sainte", "Europe/Paris")
    sainte.commit()
    travel.move_to(datetime(2026, 11, 2, 10, tzinfo=UTC))
    listed = client.get("/api/v1/periods/sainte", headers=treasurer).json["periods"]
    assert [each["period"] for each in listed] == ["2026-11", "2026-10"]
