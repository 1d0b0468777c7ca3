"""Golden tickets: handed over, good once, taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from cowopass.passes.golden import redeem_golden, return_golden
from cowopass.passes.models import PassUsage, Ticket

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)


def test_a_golden_ticket_is_a_ticket_of_its_own(sell, post, session):
    sold = sell(plan="nomade").json
    answer = post(f"passes/{sold['id']}/golden-tickets", recipient="ami@example.org")
    assert answer.status_code == 201
    ticket = answer.json["ticket"]
    assert (ticket["kind"], ticket["recipient"]) == ("golden", "ami@example.org")
    assert ticket["jti"] != sold["ticket"]["jti"]
    assert answer.json["golden_left"] == 0
    stored = session.get_one(Ticket, ticket["jti"])
    assert stored.golden_month == "2026-11"


def test_of_a_quota_it_ends_with_its_month_and_of_a_book_with_the_pass(sell, post):
    ends = {}
    for plan in ("nomade", "voyageur"):
        sold = sell(plan=plan).json["id"]
        ends[plan] = post(f"passes/{sold}/golden-tickets").json["ticket"]["expires_at"]
    assert ends == {
        "nomade": "2026-11-30T23:00:00Z",
        "voyageur": "2027-11-23T23:00:00Z",
    }


def test_what_is_handed_over_counts_against_the_allowance(sell, post):
    sold = sell(plan="nomade").json["id"]
    assert post(f"passes/{sold}/golden-tickets").status_code == 201
    answer = post(f"passes/{sold}/golden-tickets")
    assert (answer.status_code, answer.json["code"]) == (409, "no_golden_left")


def test_what_is_used_counts_against_the_allowance(sell, post, session):
    sold = sell(plan="voyageur").json["id"]
    session.add(PassUsage(pass_id=sold, bucket="life", golden_used=1))
    session.commit()
    assert post(f"passes/{sold}/golden-tickets").json["code"] == "no_golden_left"


def test_the_next_month_has_an_allowance_of_its_own(sell, post, show):
    sold = sell(plan="nomade").json["id"]
    post(f"passes/{sold}/golden-tickets")
    with time_machine.travel("2026-12-01T11:00:00+00:00", tick=False):
        assert show(sold)["golden_left"] == 1
        assert post(f"passes/{sold}/golden-tickets").status_code == 201


def test_before_a_pass_begins_the_allowance_is_that_of_its_first_month(sell, post):
    sold = sell(plan="nomade", starts_on="2027-02-10").json["id"]
    ticket = post(f"passes/{sold}/golden-tickets").json["ticket"]
    assert ticket["expires_at"] == "2027-02-28T23:00:00Z"


def test_one_taken_back_can_be_handed_over_again(sell, post, show):
    sold = sell(plan="nomade").json["id"]
    jti = post(f"passes/{sold}/golden-tickets").json["ticket"]["jti"]
    for _ in range(2):
        taken = post(f"tickets/{jti}/revoke", reason="she is ill")
        assert taken.status_code == 200
        assert taken.json["revoked_at"] is not None
    assert show(sold)["golden_left"] == 1
    assert post(f"passes/{sold}/golden-tickets").status_code == 201


def test_one_that_was_used_can_not_be_taken_back(sell, post, session):
    sold = sell(plan="nomade").json["id"]
    jti = post(f"passes/{sold}/golden-tickets").json["ticket"]["jti"]
    assert redeem_golden(session, jti, NOW)
    session.commit()
    answer = post(f"tickets/{jti}/revoke")
    assert (answer.status_code, answer.json["code"]) == (409, "ticket_used")


def test_it_is_good_once_until_its_visit_is_voided(sell, post, session):
    sold = sell(plan="nomade").json["id"]
    jti = post(f"passes/{sold}/golden-tickets").json["ticket"]["jti"]
    assert redeem_golden(session, jti, NOW)
    assert not redeem_golden(session, jti, NOW)
    return_golden(session, jti)
    assert redeem_golden(session, jti, NOW)


def test_one_that_was_taken_back_is_good_no_more(sell, post, session):
    sold = sell(plan="nomade").json["id"]
    jti = post(f"passes/{sold}/golden-tickets").json["ticket"]["jti"]
    post(f"tickets/{jti}/revoke")
    assert not redeem_golden(session, jti, NOW)


def test_a_paper_ticket_is_no_golden_ticket(sell, session):
    assert not redeem_golden(session, sell().json["ticket"]["jti"], NOW)


@pytest.mark.parametrize("plan", ["resident", "campeur"])
def test_a_plan_without_golden_tickets_hands_none_over(sell, post, plan):
    sold = sell(plan=plan).json["id"]
    assert post(f"passes/{sold}/golden-tickets").json["code"] == "no_golden_left"


def test_a_suspended_or_expired_pass_hands_none_over(sell, post):
    sold = sell(plan="nomade").json["id"]
    with time_machine.travel("2027-02-01T11:00:00+00:00", tick=False):
        assert post(f"passes/{sold}/golden-tickets").json["code"] == "pass_expired"
    post(f"passes/{sold}/suspend")
    assert post(f"passes/{sold}/golden-tickets").json["code"] == "pass_suspended"


def test_the_guest_gets_pictures_by_link(sell, post, client):
    sold = sell(plan="nomade").json["id"]
    links = post(f"passes/{sold}/golden-tickets").json["ticket"]["links"]
    for link in links.values():
        assert client.get(link).status_code == 200
