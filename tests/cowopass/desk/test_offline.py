from __future__ import annotations

from uuid import uuid4

import pytest

from cowopass.desk.models import CheckIn
from cowopass.ledger.models import SettlementLine
from cowopass.passes.models import PassUsage
from cowopass.spaces.models import Space

MORNING = "2026-11-24T08:00:00+01:00"


def test_an_offline_visit_counts_on_its_own_day(sell, scan, rows):
    _, ticket = sell()
    told = scan(ticket, offline=True, at="2026-11-20T09:00:00+01:00").json
    assert (told["on"], told["source"]) == ("2026-11-20", "offline")
    assert rows(SettlementLine.on, SettlementLine.notes) == [("2026-11-20", "offline")]


def test_an_offline_visit_past_the_last_unit_happened(sell, scan, rows):
    _, ticket = sell(units=1)
    scan(ticket)
    told = scan(ticket, "cret", offline=True, at=MORNING).json
    assert (told["state"], told["overused"], told["units_left"]) == ("accepted", True, 0)
    assert told["charge"]["pass_value_cents"] == 15_000
    assert told["message"] == "Bonjour Camille. Ce passage dépasse ce qui restait."
    assert rows(PassUsage.units_used, PassUsage.value_given_cents) == [(1, 15_000)]
    assert (("cret", "offline overused")) in rows(SettlementLine.creditor, SettlementLine.notes)


def test_a_space_never_refuses_what_has_happened(sell, scan, session):
    _, ticket = sell()
    space = session.get_one(Space, "rubanerie")
    space.opening_hours, space.visitors_per_day = {"monday": [["09:00", "10:00"]]}, 0
    session.commit()
    assert scan(ticket, offline=True, at=MORNING).status_code == 201


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2026-11-25T11:00:00Z", "in_future"),
        ("2026-11-24T11:02:01Z", "in_future"),
        ("2023-11-24T11:00:00Z", "too_old"),
        ("2025-10-24T10:59:59Z", "too_old"),
    ],
)
def test_a_visit_of_tomorrow_or_of_years_ago_is_refused(sell, scan, at, code):
    _, ticket = sell()
    assert scan(ticket, offline=True, at=at).json["code"] == code


def test_a_clock_a_little_ahead_is_forgiven(sell, scan):
    _, ticket = sell()
    assert scan(ticket, offline=True, at="2026-11-24T11:02:00Z").status_code == 201


def test_without_an_instant_an_offline_visit_is_of_now(sell, scan):
    _, ticket = sell()
    assert scan(ticket, offline=True).json["at"] == "2026-11-24T11:00:00Z"


@pytest.fixture
def post_batch(client, desk):
    def post(*scans, headers=None):
        headers = headers or desk("rubanerie", "device")
        body = {"check_ins": list(scans)}
        return client.post("/api/v1/check-ins/batch", json=body, headers=headers)

    return post


def an_offline_scan(ticket, **over):
    return {
        "id": str(uuid4()),
        "token": ticket.token,
        "space": "rubanerie",
        "at": MORNING,
        "offline": True,
        **over,
    }


def test_each_scan_of_a_batch_has_its_own_result(sell, post_batch, count):
    _, ticket = sell()
    good = an_offline_scan(ticket)
    batch = [
        good,
        good,
        an_offline_scan(ticket, id=good["id"], unit="hour"),
        an_offline_scan(ticket, token="hello"),
        an_offline_scan(ticket, space="cret"),
        an_offline_scan(ticket, at="yesterday"),
        "nonsense",
        an_offline_scan(ticket),
    ]
    answer = post_batch(*batch)
    assert answer.status_code == 200
    results = answer.json["results"]
    assert [(each["status"], each.get("code")) for each in results] == [
        (201, None),
        (200, None),
        (409, "idempotency_conflict"),
        (422, "not_a_ticket"),
        (403, "role_forbidden"),
        (422, "data_invalid"),
        (422, "data_invalid"),
        (201, None),
    ]
    assert [each.get("id") for each in results] == [
        scan["id"] if isinstance(scan, dict) else None for scan in batch
    ]
    assert results[5]["errors"][0]["path"] == "at"
    assert results[7]["reentry"] is True
    assert count(CheckIn) == 3


def test_a_scan_of_a_batch_may_be_sent_alone_again(sell, post_batch, scan):
    _, ticket = sell()
    first = an_offline_scan(ticket)
    result = post_batch(first).json["results"][0]
    alone = scan(ticket, headers=None, **{k: v for k, v in first.items() if k != "space"})
    assert alone.status_code == 200
    assert alone.json == {k: v for k, v in result.items() if k != "status"}


def test_a_batch_has_a_limit_and_needs_a_token(sell, post_batch):
    _, ticket = sell()
    many = [an_offline_scan(ticket, token="x") for _ in range(501)]
    assert post_batch(*many).json["code"] == "data_invalid"
    assert post_batch().json["code"] == "data_invalid"
    assert post_batch(many[0], headers={"Authorization": ""}).status_code == 401


def test_a_token_of_a_megabyte_is_one_refusal_of_the_batch(sell, post_batch):
    _, ticket = sell()
    batch = [an_offline_scan(ticket, token="x" * 1_000_000), an_offline_scan(ticket)]
    statuses = [each.get("code") for each in post_batch(*batch).json["results"]]
    assert statuses == ["token_too_large", None]
