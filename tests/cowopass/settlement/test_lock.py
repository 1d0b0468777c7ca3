from __future__ import annotations

from datetime import UTC, date, datetime

import jwt
import pytest
from sqlalchemy import func, select

from clearing.month import fold
from cowopass.errors import (
    AgreementMissing,
    NetworkUnknown,
    PeriodNotOver,
    PeriodOutOfOrder,
)
from cowopass.ledger.models import LedgerEntry, Period, SettlementLine
from cowopass.ledger.rows import LINE_COLUMNS, line_of
from cowopass.networks.keys import trust_for
from cowopass.networks.models import Agreement
from cowopass.settlement.balances import check_balances
from cowopass.settlement.lock import lock_period, months_to_lock, review_period
from cowopass.settlement.models import Transfer
from cowopass.settlement.service import get_network, show_month, show_plan
from cowopass.spaces.models import Space

DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)
JANUARY_2 = datetime(2027, 1, 2, 10, tzinfo=UTC)


def positions(session, month):
    return {
        row["participant"]: row["amount_cents"]
        for row in show_month(session, "sainte", month)["positions"]
    }


def lines_of(session, month):
    rows = session.execute(
        select(*LINE_COLUMNS).where(SettlementLine.period == month).order_by(SettlementLine.number)
    )
    return [line_of(row) for row in rows]


@pytest.fixture
def over(november, travel):
    travel.move_to(DECEMBER_2)
    return november


def test_the_worked_example_is_locked_to_the_cent(over, config):
    lock_period(over, config, "sainte", "2026-11")
    assert positions(over, "2026-11") == {"comptoir": -1225, "b": 910, "c": -900, "fund": 1215}
    plan = show_plan(over, "sainte", "2026-11")
    assert [(t["debtor"], t["creditor"], t["amount_cents"]) for t in plan["transfers"]] == [
        ("comptoir", "fund", 1215),
        ("c", "b", 900),
    ]
    (carried,) = plan["carried"]
    assert (carried["debtor"], carried["creditor"], carried["amount_cents"], carried["since"]) == (
        "comptoir",
        "b",
        10,
        "2026-11",
    )
    assert (plan["method"], plan["preview"]) == ("exact", False)


def test_a_late_visit_and_a_carry_make_the_positions_of_the_next_month(over, config, visit):
    lock_period(over, config, "sainte", "2026-11")
    visit("comptoir", "b", 1200, on=date(2026, 11, 29))
    assert positions(over, "2026-12") == {"comptoir": -1210, "b": 1150, "fund": 60}
    shown = show_month(over, "sainte", "2026-12")
    assert (shown["late"], shown["gross_cents"], shown["charges"]) == (1, 1200, 1)
    assert {row["participant"]: row["carried_in_cents"] for row in shown["positions"]} == {
        "comptoir": -10,
        "b": 10,
        "fund": 0,
    }


def test_the_head_is_signed_by_the_networks_key_and_says_all(over, config):
    period = lock_period(over, config, "sainte", "2026-11")
    (key,) = trust_for(over, config, "sainte").keys
    head = jwt.decode(period.head, key.public_key, algorithms=["ES256"])
    header = jwt.get_unverified_header(period.head)
    assert (header["typ"], header["kid"]) == ("cowopass-head+jwt", key.kid)
    totals = fold(lines_of(over, "2026-11"))
    assert head == {
        "iss": "https://pass.example",
        "net": "sainte",
        "period": "2026-11",
        "count": 20,
        "root": totals.root.hex(),
        "transfers": {row["id"]: row["amount_cents"] for row in period.plan["transfers"]},
        "carried": {row["id"]: row["amount_cents"] for row in period.plan["carried"]},
        "gross_cents": 24300,
        "fund_cents": 1215,
        "charges": 18,
        "positions": {"comptoir": -1225, "b": 910, "c": -900, "fund": 1215},
        "carried_in": {},
        "agreements": ["sainte>sainte@2025-01"],
        "previous_root": None,
        "iat": int(DECEMBER_2.timestamp()),
    }


def test_a_lock_empties_the_positions_into_dues_and_carries(over, config):
    lock_period(over, config, "sainte", "2026-11")
    over.commit()
    assert check_balances(over) == []
    events = dict(
        over.execute(
            select(LedgerEntry.event, func.count())
            .where(LedgerEntry.transfer_id.is_not(None))
            .group_by(LedgerEntry.event)
        ).all()
    )
    assert events == {"transfer": 4, "carry": 2}


def test_a_lock_again_is_the_lock_before(over, config, travel):
    first = lock_period(over, config, "sainte", "2026-11")
    over.commit()
    before = (first.head, first.locked_at, first.plan)
    travel.move_to(JANUARY_2)
    again = lock_period(over, config, "sainte", "2026-11")
    assert (again.head, again.locked_at, again.plan) == before
    assert over.scalar(select(func.count()).select_from(Transfer)) == 3


@pytest.mark.parametrize("month", ["2026-11", "2026-12", "2027-05"])
def test_a_month_that_runs_is_neither_reviewed_nor_locked(november, config, month):
    with pytest.raises(PeriodNotOver):
        lock_period(november, config, "sainte", month)
    with pytest.raises(PeriodNotOver):
        review_period(november, "sainte", month)


def test_a_month_is_over_in_the_networks_own_zone(november, config, travel):
    travel.move_to(datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    assert lock_period(november, config, "sainte", "2026-11").locked_at is not None


def test_months_lock_in_order(over, config, visit, travel):
    visit("comptoir", "b", 1200, on=date(2026, 12, 2))
    travel.move_to(JANUARY_2)
    with pytest.raises(PeriodOutOfOrder) as refused:
        lock_period(over, config, "sainte", "2026-12")
    assert refused.value.first == "2026-11"
    first = lock_period(over, config, "sainte", "2026-11")
    second = lock_period(over, config, "sainte", "2026-12")
    assert second.previous_root == first.root


def test_the_lock_of_a_month_locks_the_empty_ones_before_it(sainte, config, visit, travel):
    visit("comptoir", "b", 1200, on=date(2026, 8, 3))
    lock_period(sainte, config, "sainte", "2026-08")
    visit("comptoir", "b", 1200)
    travel.move_to(DECEMBER_2)
    lock_period(sainte, config, "sainte", "2026-11")
    locked = select(Period).where(Period.locked_at.is_not(None)).order_by(Period.month)
    months = sainte.scalars(locked).all()
    assert [period.month for period in months] == ["2026-08", "2026-09", "2026-10", "2026-11"]
    assert [period.previous_root for period in months[1:]] == [p.root for p in months[:-1]]
    assert show_month(sainte, "sainte", "2026-09")["state"] == "settled"
    carries = sainte.execute(
        select(Transfer.period, Transfer.since).where(Transfer.kind == "carried")
    )
    assert sorted(carries.all()) == [(f"2026-{month:02}", "2026-08") for month in (8, 9, 10)]
    assert check_balances(sainte) == []


def test_a_month_before_the_first_line_or_the_first_lock_is_out_of_order(over, config):
    with pytest.raises(PeriodOutOfOrder):
        lock_period(over, config, "sainte", "2026-10")
    lock_period(over, config, "sainte", "2026-11")
    with pytest.raises(PeriodOutOfOrder):
        lock_period(over, config, "sainte", "2026-10")


def test_a_network_without_lines_locks_the_month_it_is_asked_for(sainte, travel):
    travel.move_to(DECEMBER_2)
    assert months_to_lock(sainte, get_network(sainte, "sainte"), "2026-10") == ["2026-10"]
    with pytest.raises(PeriodOutOfOrder):
        months_to_lock(sainte, get_network(sainte, "sainte"), "1066-10")


def test_a_lock_needs_an_agreement_of_the_network_with_itself(over, config):
    agreement = over.get_one(Agreement, "sainte>sainte@2025-01")
    agreement.effective_from = date(2026, 12, 1)
    over.commit()
    with pytest.raises(AgreementMissing):
        lock_period(over, config, "sainte", "2026-11")
    shown = show_month(over, "sainte", "2026-11")["next"]
    assert shown["blocked_by"] == ["agreement_missing"]


def test_an_unknown_network_is_refused(sainte, config):
    with pytest.raises(NetworkUnknown):
        lock_period(sainte, config, "paris", "2026-11")


def test_a_review_is_marked_changed_by_what_still_arrives(over, visit, travel):
    review_period(over, "sainte", "2026-11")
    shown = show_month(over, "sainte", "2026-11")
    assert (shown["state"], shown["changed_since_review"]) == ("review", False)
    visit("comptoir", "b", 1200, on=date(2026, 11, 29))
    travel.move_to(datetime(2026, 12, 8, 10, tzinfo=UTC))
    shown = show_month(over, "sainte", "2026-11")
    assert (shown["state"], shown["changed_since_review"]) == ("review", True)
    assert shown["next"]["warnings"] == ["review_days_running", "changed_since_review"]
    review_period(over, "sainte", "2026-11")
    shown = show_month(over, "sainte", "2026-11")
    assert shown["changed_since_review"] is False
    assert shown["reviewed_at"] == datetime(2026, 12, 8, 10, tzinfo=UTC)


def test_the_plan_before_the_lock_is_a_preview_of_the_same_transfers(over, config):
    preview = show_plan(over, "sainte", "2026-11")
    lock_period(over, config, "sainte", "2026-11")
    assert preview.pop("preview")
    plan = show_plan(over, "sainte", "2026-11")
    assert plan.pop("preview") is False
    assert plan == preview


@pytest.mark.usefixtures("travel")
def test_a_carry_of_a_space_that_leaves_is_paid(over, config):
    over.get_one(Space, "b").leaves_on = date(2026, 11, 30)
    over.commit()
    lock_period(over, config, "sainte", "2026-11")
    plan = show_plan(over, "sainte", "2026-11")
    assert plan["carried"] == []
    assert len(plan["transfers"]) == 3
    assert over.get_one(Period, ("sainte", "2026-11")).totals["leaving"] == ["b"]


def test_bilateral_netting_keeps_pairs_and_levies_apart(over, config):
    over.get_one(Agreement, "sainte>sainte@2025-01").netting = "bilateral"
    over.commit()
    lock_period(over, config, "sainte", "2026-11")
    plan = show_plan(over, "sainte", "2026-11")
    moves = {(t["debtor"], t["creditor"]): t["amount_cents"] for t in plan["transfers"]}
    assert plan["method"] == "bilateral"
    assert moves[("comptoir", "b")] == 7200 - 4500
    assert moves[("comptoir", "fund")] == 525
    assert check_balances(over) == []
