from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cowopass.desk.models import CheckIn
from cowopass.ledger.service import reverse_charges
from cowopass.settlement.balances import check_balances
from cowopass.settlement.lock import lock_period
from tests.factories import a_token, bearer

DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)
QUIET = "5f2b8c1e-3f0e-4e0c-9d2a-0b1f4a7c6d5e"
REASON = {"reason": "Nobody came that day"}


@pytest.fixture
def charged(visit):
    """A check-in of Comptoir's pass at B: 12.00, of which 0.60 of levy."""
    return visit("comptoir", "b", 1200)


@pytest.fixture
def contest(client, host_of, charged):
    def post(space="comptoir", check_in=charged):
        return client.post(
            f"/api/v1/check-ins/{check_in}/dispute", json=REASON, headers=host_of(space)
        )

    return post


@pytest.fixture
def decide(client, treasurer):
    def post(dispute, decision, headers=treasurer):
        return client.post(f"/api/v1/disputes/{dispute}/{decision}", json=REASON, headers=headers)

    return post


@pytest.fixture
def positions(client, treasurer):
    def get(month="2026-11"):
        shown = client.get(f"/api/v1/periods/sainte/{month}", headers=treasurer).json
        return {
            row["participant"]: row["amount_cents"]
            for row in shown["positions"]
            if row["amount_cents"]
        }

    return get


def test_a_dispute_before_the_lock_withholds_the_amount(
    sainte, contest, positions, client, treasurer
):
    dispute = contest()
    assert dispute.status_code == 201
    assert dispute.json["state"] == "open"
    assert dispute.json["withheld"] is True
    assert (dispute.json["home"], dispute.json["host"]) == ("comptoir", "b")
    assert positions() == {}
    month = client.get("/api/v1/periods/sainte/2026-11", headers=treasurer).json
    assert (month["charges"], month["gross_cents"], month["disputes"]) == (0, 0, 1)
    assert check_balances(sainte) == []


@pytest.mark.parametrize("space", ["comptoir", "b"])
def test_a_second_dispute_is_the_open_one(contest, space):
    first = contest()
    again = contest(space)
    assert (again.status_code, again.json) == (200, first.json)


def test_a_space_that_is_no_party_may_not_contest(contest):
    assert contest("c").status_code == 403


def test_a_refused_dispute_releases_the_amount(sainte, contest, decide, positions):
    dispute = contest().json["id"]
    refused = decide(dispute, "refuse")
    assert (refused.status_code, refused.json["state"]) == (200, "refused")
    assert refused.json["decision"] == REASON["reason"]
    assert positions() == {"comptoir": -1200, "b": 1140, "fund": 60}
    assert check_balances(sainte) == []


def test_a_dispute_refused_after_the_lock_is_released_in_the_open_month(
    sainte, contest, decide, positions, travel, config
):
    dispute = contest().json["id"]
    travel.move_to(DECEMBER_2)
    lock_period(sainte, config, "sainte", "2026-11")
    sainte.commit()
    decide(dispute, "refuse")
    assert positions() == {}
    assert positions("2026-12") == {"comptoir": -1200, "b": 1140, "fund": 60}
    assert check_balances(sainte) == []


def test_an_upheld_dispute_ends_the_charge(sainte, contest, decide, positions, charged):
    decide(contest().json["id"], "uphold")
    assert positions() == {}
    reverse_charges(sainte, charged)
    sainte.commit()
    assert positions() == {}
    assert check_balances(sainte) == []


def test_a_dispute_after_the_lock_moves_nothing_until_it_is_upheld(
    sainte, contest, decide, positions, travel, config
):
    travel.move_to(DECEMBER_2)
    lock_period(sainte, config, "sainte", "2026-11")
    sainte.commit()
    dispute = contest().json
    assert dispute["withheld"] is False
    carried = positions("2026-12")
    assert carried == {"comptoir": -60, "fund": 60}
    decide(dispute["id"], "uphold")
    assert positions() == {"comptoir": -1200, "b": 1140, "fund": 60}
    assert positions("2026-12") == {"comptoir": 1140, "b": -1140}
    assert check_balances(sainte) == []


def test_a_decision_is_made_once(contest, decide):
    dispute = contest().json["id"]
    first = decide(dispute, "refuse")
    assert decide(dispute, "refuse").json == first.json
    other = decide(dispute, "uphold")
    assert (other.status_code, other.json["code"]) == (409, "dispute_decided")


def test_a_line_is_contested_once(contest, decide):
    decide(contest().json["id"], "refuse")
    again = contest("b")
    assert (again.status_code, again.json["code"]) == (409, "dispute_decided")


def test_a_treasurer_of_one_of_the_two_needs_the_others_consent(
    session, contest, decide, client, host_of
):
    dispute = contest().json["id"]
    partial = bearer(a_token(session, "treasurer", network="sainte", space="b"))
    session.commit()
    refused = decide(dispute, "refuse", partial)
    assert (refused.status_code, refused.json["code"]) == (409, "consent_missing")
    path = f"/api/v1/disputes/{dispute}/consent"
    assert client.post(path, headers=host_of("c")).status_code == 403
    client.post(path, headers=host_of("b"))
    assert decide(dispute, "refuse", partial).status_code == 409
    agreed = client.post(path, headers=host_of("comptoir"))
    assert agreed.json["consents"] == ["b", "comptoir"]
    assert decide(dispute, "refuse", partial).status_code == 200


def test_a_host_decides_nothing(contest, decide, host_of):
    assert decide(contest().json["id"], "uphold", host_of("comptoir")).status_code == 403


@pytest.mark.parametrize(
    ("over", "status"),
    [
        ({"state": "voided"}, 409),
        ({"state": "refused", "code": "expired"}, 409),
        ({"home": "b"}, 409),
        ({}, 409),
    ],
)
def test_what_made_no_charge_can_not_be_contested(sainte, contest, over, status):
    columns = {
        "id": QUIET,
        "body_hash": "",
        "state": "accepted",
        "space": "b",
        "home": "comptoir",
        "at": DECEMBER_2,
        "on": date(2026, 11, 12),
        "recorded_at": DECEMBER_2,
        **over,
    }
    sainte.add(CheckIn(**columns))
    sainte.commit()
    answer = contest("b", QUIET)
    assert (answer.status_code, answer.json["code"]) == (status, "not_disputable")


@pytest.mark.usefixtures("sainte")
def test_an_unknown_check_in_or_dispute_is_told_as_such(contest, decide):
    assert contest(check_in=QUIET).json["code"] == "check_in_unknown"
    assert decide("dis_nothing", "refuse").json["code"] == "dispute_unknown"


@pytest.mark.usefixtures("sainte")
def test_a_missing_line_is_recorded_and_moves_nothing(client, host_of, decide, positions):
    body = {"space": "b", "on": "2026-11-12", "unit": "day", **REASON}
    first, again = (
        client.post("/api/v1/disputes", json=body, headers=host_of("b")) for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert (first.json["line"], first.json["check_in"]) == (None, None)
    decide(first.json["id"], "uphold")
    assert positions() == {}
    other = client.post("/api/v1/disputes", json=body, headers=host_of("comptoir")).json
    assert (other["home"], other["host"]) == ("comptoir", "b")
    for wrong in ({"on": "2027-01-01"}, {"unit": "week"}, {"reason": ""}, {"space": "nowhere"}):
        answer = client.post("/api/v1/disputes", json={**body, **wrong}, headers=host_of("b"))
        assert answer.status_code in {404, 422}


def test_disputes_are_listed_for_who_they_concern(contest, visit, client, treasurer, host_of):
    first = contest().json
    second = contest("c", visit("c", "b", 600)).json

    def listed(headers, query=""):
        answer = client.get(f"/api/v1/disputes?network=sainte{query}", headers=headers)
        return [dispute["id"] for dispute in answer.json["disputes"]]

    assert sorted(listed(treasurer)) == sorted([first["id"], second["id"]])
    assert sorted(listed(host_of("b"))) == sorted([first["id"], second["id"]])
    assert listed(host_of("comptoir")) == [first["id"]]
    assert listed(treasurer, "&state=upheld") == []
    page = client.get("/api/v1/disputes?network=sainte&limit=1", headers=treasurer).json
    rest = client.get(
        f"/api/v1/disputes?network=sainte&cursor={page['next']}", headers=treasurer
    ).json
    assert len(page["disputes"]) == len(rest["disputes"]) == 1
    assert rest["next"] is None
