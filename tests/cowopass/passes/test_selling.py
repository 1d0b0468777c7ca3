"""Selling passes over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select

from cowopass.passes.models import Pass, PassEvent, PassUsage
from cowopass.spaces.models import Space
from tests.factories import a_space, a_token, bearer
from wallet.qr import token_from_text

ID = "5f2b8c1e-3f0e-4e0c-9d2a-0b1f4a7c6d5e"


def test_a_sold_book_is_told_with_its_ticket(sell):
    answer = sell()
    assert answer.status_code == 201
    sold = answer.json
    assert sold["id"].startswith("pas_")
    assert (sold["state"], sold["units_left"], sold["golden_left"]) == ("active", 11, 1)
    assert (sold["starts_on"], sold["valid_until"]) == ("2026-11-24", "2027-11-23")
    assert sold["price_paid_cents"] == 15_000
    assert sold["holder"] == {"name": "Camille Durand", "email": "camille@example.org"}
    assert sold["ticket"]["jti"].startswith("tik_")
    assert token_from_text(sold["ticket"]["url"]) == sold["ticket"]["token"]


@pytest.mark.parametrize(
    ("plan", "ends", "units"),
    [
        ("resident", "2026-11-30", None),
        ("nomade", "2027-01-31", 20),
        ("voyageur", "2027-11-23", 11),
        ("campeur", "2027-11-23", 1),
    ],
)
def test_each_kind_of_plan_ends_by_its_own_rule(sell, plan, ends, units):
    sold = sell(plan=plan).json
    assert (sold["valid_until"], sold["units_left"]) == (ends, units)


def test_the_first_day_is_today_where_the_network_is(sell):
    with time_machine.travel("2026-11-24T23:30:00+00:00", tick=False):
        assert sell().json["starts_on"] == "2026-11-25"


def test_a_concierge_pays_the_volunteer_price(sell):
    assert sell(plan="nomade", volunteer=True).json["price_paid_cents"] == 9_000


def test_a_volunteer_price_that_there_is_not_is_refused(sell):
    answer = sell(volunteer=True)
    assert (answer.status_code, answer.json["code"]) == (422, "no_volunteer_price")


@pytest.mark.parametrize(
    ("starts_on", "status"),
    [
        ("2025-10-23", 422),
        ("2025-11-24", 422),
        ("2025-11-25", 201),
        ("2027-11-24", 201),
        ("2027-11-25", 422),
        ("9999-12-31", 422),
        ("0001-01-01", 422),
    ],
)
def test_a_pass_starts_neither_so_early_that_it_is_over_nor_too_far_ahead(sell, starts_on, status):
    answer = sell(starts_on=starts_on)
    assert answer.status_code == status
    if status == 422:
        assert answer.json["code"] == "start_out_of_range"


@pytest.mark.parametrize(
    "over",
    [
        {"plan": "voyageur", "holder": {"name": ""}},
        {"holder": {"name": "Zoé", "email": "zoe"}},
        {"holder": {"name": 7}},
        {"starts_on": "24/11/2026"},
        {"volunteer": "yes"},
        {"volunteer": 1},
        {"price": 12},
        {"id": "not-a-uuid"},
    ],
)
def test_a_wrong_body_is_422_and_sells_nothing(sell, session, over):
    assert sell(**over).status_code == 422
    assert session.scalar(select(func.count()).select_from(Pass)) == 0


def test_a_plan_that_is_not_on_sale_is_unknown(sell):
    answer = sell(plan="nothing")
    assert (answer.status_code, answer.json["code"]) == (404, "plan_unknown")


def test_a_space_that_has_left_sells_no_more(sell, session):
    session.get_one(Space, "comptoir").leaves_on = date(2026, 11, 23)
    session.commit()
    answer = sell()
    assert (answer.status_code, answer.json["code"]) == (409, "space_left")


def test_only_the_host_of_the_home_sells(sell, session):
    other = a_space(session, "Ailleurs")
    stranger = a_token(session, "host", space=other.slug)
    device = a_token(session, "device", space="comptoir")
    session.commit()
    assert sell(headers=bearer(stranger)).status_code == 403
    assert sell(headers=bearer(device)).status_code == 403
    assert sell(headers={}).status_code == 401


def test_the_same_id_and_body_is_one_sale(sell, session):
    first, second = sell(id=ID), sell(id=ID)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Pass)) == 1


def test_the_same_id_with_another_body_is_a_conflict(sell):
    sell(id=ID)
    answer = sell(id=ID, plan="campeur")
    assert (answer.status_code, answer.json["code"]) == (409, "idempotency_conflict")


def test_a_refused_sale_leaves_its_id_free(sell):
    assert sell(id=ID, volunteer=True).status_code == 422
    assert sell(id=ID).status_code == 201


@pytest.mark.race
def test_the_same_sale_from_eight_phones_at_once_is_one_sale(host, app, session):
    body = {"id": ID, "home": "comptoir", "plan": "voyageur", "holder": {"name": "Camille"}}

    def post(_number):
        phone = app.test_client()
        return phone.post("/api/v1/passes", json=body, headers=host).status_code

    with ThreadPoolExecutor(8) as phones:
        answers = sorted(phones.map(post, range(8)))
    assert answers == [200] * 7 + [201]
    assert session.scalar(select(func.count()).select_from(Pass)) == 1


def test_a_reference_is_used_once_per_home(sell):
    assert sell(reference="C-1").status_code == 201
    answer = sell(reference="C-1")
    assert (answer.status_code, answer.json["code"]) == (409, "reference_taken")


def test_a_holder_who_comes_back_is_the_same_holder(sell, session):
    ids = [sell().json["id"] for _ in range(2)]
    holders = session.scalars(select(Pass.holder_id).where(Pass.id.in_(ids)))
    assert len(set(holders)) == 1


def test_a_sale_notes_what_came_in_month_by_month_or_once(sell, session):
    quota, book = (sell(plan=plan).json["id"] for plan in ("nomade", "voyageur"))
    amounts = dict(session.execute(select(PassEvent.pass_id, PassEvent.amount_cents)).all())
    assert amounts == {quota: 45_000, book: 15_000}


def test_a_pass_is_shown_without_its_token(host, sell, client):
    sold = sell().json
    answer = client.get(f"/api/v1/passes/{sold['id']}", headers=host)
    assert answer.status_code == 200
    assert answer.json["ticket"]["jti"] == sold["ticket"]["jti"]
    assert "token" not in answer.text
    assert "url" not in answer.json["ticket"]


def test_a_pass_past_its_end_is_shown_expired(host, sell, client):
    sold = sell(plan="resident").json
    with time_machine.travel("2026-11-30T22:59:00+00:00", tick=False):
        assert client.get(f"/api/v1/passes/{sold['id']}", headers=host).json["state"] == "active"
    with time_machine.travel("2026-11-30T23:00:00+00:00", tick=False):
        assert client.get(f"/api/v1/passes/{sold['id']}", headers=host).json["state"] == "expired"


def test_a_quota_begins_anew_each_month_and_a_book_does_not(host, sell, client, session):
    quota, book = (sell(plan=plan).json["id"] for plan in ("nomade", "voyageur"))
    session.add_all(
        [
            PassUsage(pass_id=quota, bucket="2026-11", units_used=7),
            PassUsage(pass_id=book, bucket="life", units_used=7),
        ]
    )
    session.commit()

    def left(pass_id):
        return client.get(f"/api/v1/passes/{pass_id}", headers=host).json["units_left"]

    assert (left(quota), left(book)) == (13, 4)
    with time_machine.travel("2026-12-01T11:00:00+00:00", tick=False):
        assert (left(quota), left(book)) == (20, 4)


def test_an_unknown_pass_is_404_and_another_spaces_is_403(host, sell, client, session):
    other = a_space(session, "Ailleurs")
    stranger = a_token(session, "host", space=other.slug)
    session.commit()
    sold = sell().json
    assert client.get("/api/v1/passes/pas_none", headers=host).status_code == 404
    path = f"/api/v1/passes/{sold['id']}"
    assert client.get(path, headers=bearer(stranger)).status_code == 403


def test_passes_are_listed_newest_first_page_by_page(host, sell, client):
    ids = []
    for minute in range(5):
        with time_machine.travel(f"2026-11-24T11:0{minute}:00+00:00", tick=False):
            ids.append(sell().json["id"])
    seen, cursor = [], None
    while True:
        query = {"home": "comptoir", "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/v1/passes", query_string=query, headers=host).json
        seen += [one["id"] for one in page["passes"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ids[::-1]


def test_a_pass_is_found_by_its_reference(host, sell, client):
    sell()
    sold = sell(reference="C-7").json
    query = {"home": "comptoir", "reference": "C-7"}
    found = client.get("/api/v1/passes", query_string=query, headers=host).json["passes"]
    assert [one["id"] for one in found] == [sold["id"]]


def test_passes_of_another_home_are_not_listed(host, client, session):
    a_space(session, "Ailleurs")
    session.commit()
    answer = client.get("/api/v1/passes", query_string={"home": "ailleurs"}, headers=host)
    assert answer.status_code == 403
