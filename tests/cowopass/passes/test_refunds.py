"""Refunds: what is unused, at its exact value."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from cowopass.passes.models import PassEvent, PassUsage, Ticket
from cowopass.passes.refunds import months_not_begun
from wallet.plan import last_day


def test_a_book_gives_back_its_price_less_the_values_given(sell, post, session):
    sold = sell().json
    usage = PassUsage(pass_id=sold["id"], bucket="life", units_used=2, value_given_cents=2_727)
    session.add(usage)
    session.commit()
    answer = post(f"passes/{sold['id']}/refund", reason="moves away")
    assert answer.status_code == 200
    assert answer.json["state"] == "refunded"
    assert answer.json["refund"] == {"amount_cents": 12_273, "months": None}


def test_a_repeated_refund_is_the_first_one_again(sell, post, session):
    sold = sell().json["id"]
    first, second = (post(f"passes/{sold}/refund", reason="moves away") for _ in range(2))
    assert first.json == second.json
    events = select(func.count()).where(PassEvent.kind == "refunded")
    assert session.scalar(events) == 1
    assert session.scalar(select(PassEvent.amount_cents).where(PassEvent.kind == "refunded")) == (
        -15_000
    )


def test_the_tickets_of_a_refunded_pass_count_no_more(sell, post, session):
    sold = sell().json
    post(f"passes/{sold['id']}/refund")
    assert post(f"passes/{sold['id']}/resume").json["code"] == "pass_ended"
    assert session.get_one(Ticket, sold["ticket"]["jti"]).revoked_at is not None


def test_a_monthly_pass_gives_back_the_months_not_begun(sell, post):
    sold = sell(plan="nomade").json["id"]
    refund = post(f"passes/{sold}/refund").json["refund"]
    assert refund == {"amount_cents": 30_000, "months": 2}


def test_a_monthly_pass_gives_back_no_month_that_was_not_paid(sell, post):
    sold = sell(plan="nomade").json["id"]
    refund = post(f"passes/{sold}/refund", paid_through="2026-12").json["refund"]
    assert refund == {"amount_cents": 15_000, "months": 1}


def test_a_monthly_pass_that_has_not_begun_is_given_back_whole(sell, post):
    sold = sell(plan="nomade", starts_on="2026-11-25").json["id"]
    assert post(f"passes/{sold}/refund").json["refund"]["months"] == 3


def test_an_expired_pass_has_nothing_to_give_back(sell, post):
    sold = sell(plan="resident").json["id"]
    with time_machine.travel("2026-12-01T11:00:00+00:00", tick=False):
        answer = post(f"passes/{sold}/refund")
    assert (answer.status_code, answer.json["code"]) == (409, "pass_expired")


def test_a_revoked_pass_may_be_refunded(sell, post):
    sold = sell().json["id"]
    post(f"passes/{sold}/revoke")
    assert post(f"passes/{sold}/refund").json["refund"]["amount_cents"] == 15_000


@pytest.mark.parametrize("paid_through", ["2026", "2026-13", "December", 202612])
def test_a_month_that_is_none_is_422(sell, post, paid_through):
    sold = sell(plan="nomade").json["id"]
    assert post(f"passes/{sold}/refund", paid_through=paid_through).status_code == 422


@given(
    starts_on=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    months=st.integers(1, 24),
    waited=st.integers(-60, 800),
)
def test_months_begun_and_not_begun_add_up_to_all(starts_on, months, waited):
    ends_on = last_day("quota", starts_on, months)
    today = starts_on + timedelta(days=waited)
    left = months_not_begun(starts_on, ends_on, today)
    begun = months - left
    assert 0 <= left <= months
    assert (begun == 0) == (today < starts_on)
    if today > starts_on.replace(day=28) + timedelta(days=31 * months):
        assert left == 0
