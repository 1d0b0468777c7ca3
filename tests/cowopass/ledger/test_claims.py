from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clearing.ledger import Entry, balances
from cowopass.ledger.claims import claims_of, release, take_back, withhold
from cowopass.ledger.disputes import close_dispute, open_dispute_of
from cowopass.ledger.models import Dispute, LedgerEntry, Period, SettlementLine
from cowopass.ledger.service import post_charge, reverse_charges

NOVEMBER_20 = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def frozen() -> Iterator[Any]:
    with time_machine.travel(NOVEMBER_20, tick=False) as traveller:
        yield traveller


def dispute_of(session: Session, check_in: str) -> Dispute:
    dispute = Dispute(
        id=f"dis_{check_in}",
        network="sainte",
        period="2026-11",
        check_in=check_in,
        home="comptoir",
        host="b",
        on=date(2026, 11, 12),
        unit="day",
        opened_by="comptoir",
        reason="Nobody came",
        opened_at=NOVEMBER_20,
    )
    session.add(dispute)
    session.flush()
    return dispute


def accounts(session: Session, period: str | None = None) -> dict[str, int]:
    statement = select(LedgerEntry.debit, LedgerEntry.credit, LedgerEntry.amount_cents)
    if period is not None:
        statement = statement.where(LedgerEntry.period == period)
    sums = balances(Entry(*row) for row in session.execute(statement))
    return {name: cents for name, cents in sums.items() if cents}


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(SettlementLine.kind).order_by(SettlementLine.number)))


def lock_november(session: Session, frozen: Any) -> None:
    november = update(Period).where(Period.month == "2026-11")
    session.execute(november.values(locked_at=datetime(2026, 12, 1, tzinfo=UTC)))
    frozen.move_to(datetime(2026, 12, 2, tzinfo=UTC))


@pytest.fixture
def disputed(sainte: Session, a_charge: Any) -> Session:
    post_charge(sainte, a_charge("c1"))
    dispute_of(sainte, "c1")
    withhold(sainte, "c1")
    return sainte


def test_what_is_withheld_leaves_the_positions(disputed):
    assert accounts(disputed) == {
        "disputed:comptoir": -1200,
        "disputed:b": 1140,
        "disputed:fund": 60,
    }
    assert [claim.standing for claim in claims_of(disputed, "c1")] == ["withheld"]


def test_what_is_withheld_is_not_withheld_twice(disputed):
    assert withhold(disputed, "c1") == []


def test_a_refused_dispute_puts_the_amount_back(disputed):
    release(disputed, "c1")
    close_dispute(open_dispute_of(disputed, "c1"), "refused", "They came")
    assert accounts(disputed)["position:b"] == 1140
    assert [claim.standing for claim in claims_of(disputed, "c1")] == ["live"]


def test_a_refused_dispute_after_the_lock_puts_it_into_the_open_month(disputed, frozen):
    lock_november(disputed, frozen)
    release(disputed, "c1")
    assert accounts(disputed, "2026-12")["position:b"] == 1140
    released = disputed.scalars(
        select(SettlementLine).where(SettlementLine.kind == "released")
    ).one()
    assert (released.period, released.late_from) == ("2026-12", "2026-11")


def test_an_upheld_dispute_ends_the_charge_without_moving_positions(disputed):
    take_back(disputed, "c1")
    close_dispute(open_dispute_of(disputed, "c1"), "upheld", "Nobody came")
    assert accounts(disputed) == {}
    assert kinds(disputed) == ["charge", "withheld"]
    assert [claim.standing for claim in claims_of(disputed, "c1")] == ["fallen"]


def test_an_upheld_dispute_after_the_lock_is_a_reversal_in_the_open_month(sainte, a_charge, frozen):
    post_charge(sainte, a_charge("c1"))
    lock_november(sainte, frozen)
    dispute_of(sainte, "c1")
    assert withhold(sainte, "c1") == []
    take_back(sainte, "c1")
    assert accounts(sainte, "2026-12") == {
        "position:comptoir": 1200,
        "position:b": -1140,
        "position:fund": -60,
    }


def test_a_check_in_voided_while_disputed_closes_the_dispute(disputed):
    reverse_charges(disputed, "c1")
    dispute = disputed.get_one(Dispute, "dis_c1")
    assert (dispute.state, dispute.decided_at) == ("upheld", NOVEMBER_20)
    assert accounts(disputed) == {}
    reverse_charges(disputed, "c1")
    assert kinds(disputed) == ["charge", "withheld"]


def test_a_dispute_between_networks_withholds_in_both_ledgers(sainte, a_charge):
    post_charge(sainte, a_charge("c1", host_network="lyon"))
    dispute_of(sainte, "c1")
    assert [line.network for line in withhold(sainte, "c1")] == ["lyon", "sainte"]
    take_back(sainte, "c1")
    assert accounts(sainte) == {}


def test_a_ledger_that_is_locked_keeps_its_line_while_the_other_withholds(sainte, a_charge, frozen):
    post_charge(sainte, a_charge("c1", host_network="lyon"))
    sainte.execute(
        update(Period)
        .where(Period.network == "lyon")
        .values(locked_at=datetime(2026, 12, 1, tzinfo=UTC))
    )
    frozen.move_to(datetime(2026, 12, 2, tzinfo=UTC))
    dispute_of(sainte, "c1")
    assert [line.network for line in withhold(sainte, "c1")] == ["sainte"]
    take_back(sainte, "c1")
    assert kinds(sainte) == ["charge", "charge", "withheld", "reversal"]
