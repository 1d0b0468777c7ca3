from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from cowopass.errors import (
    DataInvalid,
    IdempotencyConflict,
    PaymentTooLarge,
    PaymentUnknown,
    PeriodNotLocked,
    TransferUnknown,
)
from cowopass.settlement.balances import check_balances
from cowopass.settlement.lock import lock_period
from cowopass.settlement.models import Payment
from cowopass.settlement.payments import Bill, record_bounce, record_payment, write_off
from cowopass.settlement.service import get_month, show_month, show_plan

DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)
TODAY = date(2026, 12, 2)


@pytest.fixture
def locked(november, travel, config):
    travel.move_to(DECEMBER_2)
    lock_period(november, config, "sainte", "2026-11")
    november.commit()
    return november


@pytest.fixture
def bills(locked):
    """The two transfers: comptoir pays the fund 12.15, c pays b 9.00."""
    plan = show_plan(locked, "sainte", "2026-11")
    return [Bill("sainte", "2026-11", transfer["id"]) for transfer in plan["transfers"]]


def state(session):
    session.flush()
    return get_month(session, "sainte", "2026-11").state


def test_a_transfer_is_paid_in_parts(locked, bills):
    fund, b = bills
    assert state(locked) == "locked"
    first = record_payment(locked, fund, 1000, TODAY)
    assert (first.left_cents, state(locked)) == (215, "settling")
    assert record_payment(locked, fund, 215, TODAY).left_cents == 0
    assert state(locked) == "settling"
    record_payment(locked, b, 900, TODAY)
    assert state(locked) == "settled"
    assert check_balances(locked) == []


def test_a_payment_larger_than_what_is_left_is_refused(locked, bills):
    record_payment(locked, bills[0], 1000, TODAY)
    with pytest.raises(PaymentTooLarge) as refused:
        record_payment(locked, bills[0], 216, TODAY)
    assert refused.value.left_cents == 215


def test_a_payment_sent_twice_counts_once(locked, bills):
    payment_id = str(uuid4())
    first = record_payment(locked, bills[0], 1000, TODAY, payment_id)
    again = record_payment(locked, bills[0], 1000, TODAY, payment_id)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.document() == first.document()
    with pytest.raises(IdempotencyConflict):
        record_payment(locked, bills[0], 999, TODAY, payment_id)
    with pytest.raises(IdempotencyConflict):
        record_payment(locked, bills[1], 900, TODAY, payment_id)


def test_a_last_payment_sent_twice_is_not_too_large(locked, bills):
    payment_id = str(uuid4())
    record_payment(locked, bills[0], 1215, TODAY, payment_id)
    assert record_payment(locked, bills[0], 1215, TODAY, payment_id).left_cents == 0


def test_a_payment_to_come_is_refused(locked, bills):
    with pytest.raises(DataInvalid):
        record_payment(locked, bills[0], 1215, date(2026, 12, 3))


def test_there_is_nothing_to_pay_before_the_lock(november):
    with pytest.raises(PeriodNotLocked):
        record_payment(november, Bill("sainte", "2026-11", "trf_1"), 1, TODAY)


@pytest.mark.usefixtures("bills")
def test_what_is_carried_or_of_another_month_is_no_transfer_to_pay(locked):
    (carried,) = show_plan(locked, "sainte", "2026-11")["carried"]
    for transfer in (carried["id"], "trf_unknown"):
        with pytest.raises(TransferUnknown):
            record_payment(locked, Bill("sainte", "2026-11", transfer), 1, TODAY)


def test_what_the_creditor_gives_up_settles_the_transfer(locked, bills):
    record_payment(locked, bills[1], 500, TODAY)
    given_up = write_off(locked, bills[1], reason="C closed", borne_by="creditor")
    assert (given_up.payment.amount_cents, given_up.left_cents) == (400, 0)
    record_payment(locked, bills[0], 1215, TODAY)
    assert state(locked) == "settled"
    assert show_month(locked, "sainte", "2026-12")["lines"] == 1
    assert check_balances(locked) == []


def test_what_the_fund_bears_is_owed_to_the_creditor_in_the_open_month(locked, bills):
    write_off(locked, bills[1], reason="C closed", borne_by="fund", amount_cents=300)
    rows = show_month(locked, "sainte", "2026-12")["positions"]
    positions = {row["participant"]: row["amount_cents"] for row in rows}
    assert positions == {"comptoir": -10, "b": 310, "fund": -300}
    assert check_balances(locked) == []


def test_a_write_off_sent_twice_counts_once(locked, bills):
    payment_id = str(uuid4())
    for _ in range(2):
        given_up = write_off(
            locked, bills[1], reason="C closed", borne_by="fund", payment_id=payment_id
        )
        assert given_up.payment.amount_cents == 900
    assert locked.scalar(select(func.count()).select_from(Payment)) == 1
    assert show_month(locked, "sainte", "2026-12")["lines"] == 2


def test_the_fund_can_not_bear_what_it_is_owed(locked, bills):
    with pytest.raises(DataInvalid):
        write_off(locked, bills[0], reason="Too small", borne_by="fund")


def test_nothing_is_left_to_give_up_of_what_is_paid(locked, bills):
    record_payment(locked, bills[1], 900, TODAY)
    with pytest.raises(PaymentTooLarge):
        write_off(locked, bills[1], reason="C closed", borne_by="creditor")


@pytest.mark.usefixtures("locked")
def test_a_payment_over_http_is_created_once(bills, client, treasurer):
    path = "/api/v1/periods/sainte/2026-11/payments"
    body = {
        "id": str(uuid4()),
        "transfer": bills[0].transfer,
        "amount_cents": 1000,
        "paid_on": "2026-12-02",
    }
    first, again = (client.post(path, json=body, headers=treasurer) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert (first.json["left_cents"], first.json["state"]) == (215, "settling")
    too_large = client.post(path, json={**body, "id": str(uuid4())}, headers=treasurer)
    assert (too_large.status_code, too_large.json["code"]) == (422, "payment_too_large")
    conflict = client.post(path, json={**body, "amount_cents": 1}, headers=treasurer)
    assert (conflict.status_code, conflict.json["code"]) == (409, "idempotency_conflict")


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize(
    "over",
    [
        {"amount_cents": 0},
        {"amount_cents": -5},
        {"amount_cents": 10.0},
        {"amount_cents": True},
        {"amount_cents": "10"},
        {"paid_on": "2 December"},
        {"id": "not-a-uuid"},
        {"unknown": 1},
    ],
)
def test_what_is_no_payment_is_refused(bills, client, treasurer, over):
    body = {"transfer": bills[0].transfer, "amount_cents": 10, "paid_on": "2026-12-02", **over}
    answer = client.post("/api/v1/periods/sainte/2026-11/payments", json=body, headers=treasurer)
    assert answer.status_code == 422


@pytest.mark.usefixtures("locked")
def test_a_write_off_over_http(bills, client, treasurer):
    answer = client.post(
        "/api/v1/periods/sainte/2026-11/write-offs",
        json={"transfer": bills[1].transfer, "reason": "C closed", "borne_by": "fund"},
        headers=treasurer,
    )
    assert answer.status_code == 201
    assert (answer.json["kind"], answer.json["amount_cents"]) == ("write_off", 900)


def test_a_payment_that_came_back_is_lacking_again(locked, bills):
    for bill, cents in zip(bills, (1215, 900), strict=True):
        paid = record_payment(locked, bill, cents, TODAY).payment
    assert state(locked) == "settled"
    for is_new in (True, False):
        bounced = record_bounce(locked, "sainte", "2026-11", paid.id, TODAY, "Account closed")
        assert (bounced.is_new, bounced.left_cents) == (is_new, 900)
    assert state(locked) == "settling"
    assert check_balances(locked) == []
    record_payment(locked, bills[1], 900, TODAY)
    assert state(locked) == "settled"


def test_a_month_whose_only_payment_came_back_is_still_settling(locked, bills):
    paid = record_payment(locked, bills[0], 1215, TODAY).payment
    record_bounce(locked, "sainte", "2026-11", paid.id, TODAY, "Account closed")
    assert state(locked) == "settling"


def test_what_was_given_up_or_is_unknown_can_not_come_back(locked, bills):
    given_up = write_off(locked, bills[1], reason="C closed", borne_by="creditor").payment
    for payment in (given_up.id, str(uuid4())):
        with pytest.raises(PaymentUnknown):
            record_bounce(locked, "sainte", "2026-11", payment, TODAY, "Account closed")


def test_nothing_is_given_up_without_a_reason(locked, bills):
    with pytest.raises(DataInvalid):
        write_off(locked, bills[1], reason=" ", borne_by="creditor")


@pytest.mark.usefixtures("locked")
def test_a_bounce_over_http(bills, client, treasurer):
    month = "/api/v1/periods/sainte/2026-11"
    body = {"transfer": bills[1].transfer, "amount_cents": 900, "paid_on": "2026-12-02"}
    paid = client.post(f"{month}/payments", json=body, headers=treasurer).json
    told = {"payment": paid["id"], "bounced_on": "2026-12-02", "reason": "Account closed"}
    answers = [client.post(f"{month}/bounces", json=told, headers=treasurer) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json["left_cents"] == 900
    listed = client.get(f"{month}/payments", headers=treasurer).json["payments"]
    assert [(row["kind"], row["reverses"]) for row in listed] == [
        ("payment", None),
        ("bounce", paid["id"]),
    ]
