"""Many writers at once. PostgreSQL is where these prove something; SQLite queues writers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clearing.month import fold
from clearing.valuation import Valuation
from cowopass.ledger.models import Period, SettlementLine
from cowopass.ledger.rows import LINE_COLUMNS, line_of
from cowopass.ledger.service import Charge, post_charge
from cowopass.settlement.balances import check_balances
from cowopass.settlement.lock import lock_period
from cowopass.settlement.models import Transfer
from cowopass.settlement.payments import Bill, record_payment
from cowopass.settlement.service import show_month, show_plan

pytestmark = pytest.mark.race

DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)
CENTS = Valuation(1200, 1364, 1200, 60, 0, capped=False)


def charge(number, on=date(2026, 11, 29)):
    return Charge(
        f"c{number}",
        on,
        "day",
        False,
        "comptoir",
        "sainte",
        "b",
        "sainte",
        "pas_1",
        CENTS,
        None,
        "sainte>sainte@2025-01",
    )


def at_once(engine, works):
    """Do each work in a thread and a transaction of its own, all starting together."""
    barrier = Barrier(len(works))

    def run(work):
        barrier.wait()
        with Session(engine, expire_on_commit=False) as session, session.begin():
            return work(session)

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


@pytest.fixture
def december(november):
    with time_machine.travel(DECEMBER_2, tick=False):
        yield november


def test_each_visit_that_races_a_lock_is_in_exactly_one_period(december, engine, config):
    def post(number):
        return lambda session: post_charge(session, charge(number))

    works = [post(number) for number in range(24)]
    works.insert(12, lambda session: lock_period(session, config, "sainte", "2026-11"))
    at_once(engine, works)
    lines = dict(
        december.execute(
            select(SettlementLine.check_in, func.count())
            .where(SettlementLine.check_in.like("c%"), func.length(SettlementLine.check_in) < 4)
            .group_by(SettlementLine.check_in)
        ).all()
    )
    assert set(lines.values()) == {1}
    assert len(lines) == 24
    rows = december.execute(
        select(*LINE_COLUMNS)
        .where(SettlementLine.period == "2026-11")
        .order_by(SettlementLine.number)
    )
    locked = december.get_one(Period, ("sainte", "2026-11"))
    totals = fold(line_of(row) for row in rows)
    assert (totals.root.hex(), totals.count) == (locked.root, locked.totals["count"])
    late = december.scalar(select(func.count()).where(SettlementLine.late_from == "2026-11"))
    assert totals.count - 20 + late == 24
    assert check_balances(december) == []


def test_a_lock_asked_twice_at_once_is_done_once(december, engine, config):
    periods = at_once(
        engine, [lambda session: lock_period(session, config, "sainte", "2026-11")] * 6
    )
    assert len({period.head for period in periods}) == 1
    assert len({(period.root, period.locked_at) for period in periods}) == 1
    assert december.scalar(select(func.count()).select_from(Transfer)) == 3
    assert check_balances(december) == []


def test_the_first_lines_of_a_month_make_one_row_of_it(december, engine):
    at_once(
        engine,
        [
            lambda session, number=number: post_charge(session, charge(number, date(2026, 12, 1)))
            for number in range(12)
        ],
    )
    assert show_month(december, "sainte", "2026-12")["lines"] == 12


def test_two_payments_at_once_never_pay_too_much(december, engine, config):
    lock_period(december, config, "sainte", "2026-11")
    december.commit()
    transfer = show_plan(december, "sainte", "2026-11")["transfers"][0]["id"]
    december.commit()
    bill = Bill("sainte", "2026-11", transfer)

    def pay(session):
        try:
            return record_payment(session, bill, 700, date(2026, 12, 2)).is_new
        except Exception as error:
            return getattr(error, "code", repr(error))

    assert sorted(map(str, at_once(engine, [pay] * 5))) == ["True"] + ["payment_too_large"] * 4
    assert check_balances(december) == []
