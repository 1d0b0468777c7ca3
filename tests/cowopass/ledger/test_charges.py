from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from clearing.ledger import Entry, balances
from clearing.line import Line, leaf_hash
from clearing.valuation import Valuation
from cowopass.errors import NetworkUnknown
from cowopass.ledger.models import LedgerEntry, Period, SettlementLine
from cowopass.ledger.rows import LINE_COLUMNS, line_of, pseudonym, write_lines
from cowopass.ledger.service import post_charge, post_charges, reverse_charges

NOVEMBER_20 = datetime(2026, 11, 20, 10, tzinfo=UTC)
DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def frozen() -> Iterator[Any]:
    with time_machine.travel(NOVEMBER_20, tick=False) as traveller:
        yield traveller


def lines(session: Session) -> list[Line]:
    rows = session.execute(select(*LINE_COLUMNS).order_by(SettlementLine.number))
    return [line_of(row) for row in rows]


def positions(session: Session, network: str, period: str) -> dict[str, int]:
    rows = session.execute(
        select(LedgerEntry.debit, LedgerEntry.credit, LedgerEntry.amount_cents).where(
            LedgerEntry.network == network, LedgerEntry.period == period
        )
    )
    return balances(Entry(*row) for row in rows)


def lock(session: Session, month: str, network: str = "sainte") -> None:
    session.execute(
        update(Period)
        .where(Period.network == network, Period.month == month)
        .values(locked_at=datetime(2026, 12, 1, tzinfo=UTC))
    )


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    yield statements
    event.remove(session.get_bind(), "before_cursor_execute", note)


def test_a_charge_is_a_line_with_its_hash_and_two_entries(sainte, a_charge):
    line_id = post_charge(sainte, a_charge("c1"))
    sainte.commit()
    (line,) = lines(sainte)
    assert (line.id, line.kind, line.period, line.late_from) == (line_id, "charge", "2026-11", None)
    assert (line.debtor, line.creditor, line.amount_cents, line.levy_cents) == (
        "comptoir",
        "b",
        1200,
        60,
    )
    assert sainte.scalar(select(SettlementLine.leaf_hash)) == leaf_hash(line)
    assert positions(sainte, "sainte", "2026-11") == {
        "position:comptoir": -1200,
        "position:b": 1140,
        "position:fund": 60,
    }


@pytest.mark.parametrize("host_network", ["sainte", "lyon"])
def test_a_charge_takes_three_statements(sainte, a_charge, host_network):
    post_charge(sainte, a_charge("c1", host_network=host_network))
    with counted(sainte) as statements:
        post_charge(sainte, a_charge("c2", host_network=host_network))
    assert len(statements) == 3


def test_a_charge_of_zero_has_its_line_and_no_entry(sainte, a_charge):
    post_charge(sainte, a_charge("c1", cents=0, golden=True))
    assert [line.visit for line in lines(sainte)] == ["golden"]
    assert sainte.scalars(select(LedgerEntry)).all() == []


def test_a_visit_between_networks_has_a_line_in_each_ledger(sainte, a_charge):
    line_id = post_charge(sainte, a_charge("c1", host="villeurbanne", host_network="lyon"))
    there, here = lines(sainte)
    assert (there.id, there.network, there.debtor, there.creditor, there.levy_cents) == (
        line_id,
        "lyon",
        "sainte",
        "villeurbanne",
        60,
    )
    assert (here.network, here.debtor, here.creditor, here.levy_cents) == (
        "sainte",
        "comptoir",
        "lyon",
        0,
    )
    assert there.pseudonym != here.pseudonym


def test_notes_tell_what_the_charge_does_not_show(sainte, a_charge):
    capped = Valuation(1200, 0, 300, 15, 0, capped=True)
    post_charge(sainte, a_charge("c1", valuation=capped, notes=("imported", "overused")))
    assert lines(sainte)[0].notes == ("imported", "overused", "liability_capped")


def test_a_visit_of_a_locked_month_lands_in_the_open_one(sainte, a_charge, frozen):
    post_charge(sainte, a_charge("c1"))
    lock(sainte, "2026-11")
    frozen.move_to(DECEMBER_2)
    post_charge(sainte, a_charge("c2", on=date(2026, 11, 29)))
    late = lines(sainte)[-1]
    assert (late.period, late.late_from, late.notes) == ("2026-12", "2026-11", ("late",))


def test_a_visit_before_the_first_locked_month_is_late_too(sainte, a_charge, frozen):
    post_charge(sainte, a_charge("c1"))
    lock(sainte, "2026-11")
    frozen.move_to(DECEMBER_2)
    post_charge(sainte, a_charge("c2", on=date(2026, 10, 3)))
    assert (lines(sainte)[-1].period, lines(sainte)[-1].late_from) == ("2026-12", "2026-10")
    months = sainte.scalars(select(Period.month).where(Period.network == "sainte"))
    assert sorted(months) == ["2026-11", "2026-12"]


def test_a_visit_of_an_unlocked_month_enters_it_however_late_it_comes(sainte, a_charge, frozen):
    frozen.move_to(DECEMBER_2)
    post_charge(sainte, a_charge("c1", on=date(2026, 11, 29)))
    assert lines(sainte)[0].period == "2026-11"


def test_each_network_has_its_own_lock(sainte, a_charge, frozen):
    post_charge(sainte, a_charge("c1", host_network="lyon"))
    lock(sainte, "2026-11", "lyon")
    frozen.move_to(DECEMBER_2)
    post_charge(sainte, a_charge("c2", host_network="lyon"))
    assert [(line.network, line.period) for line in lines(sainte)[2:]] == [
        ("lyon", "2026-12"),
        ("sainte", "2026-11"),
    ]


def test_the_open_month_is_that_of_the_networks_zone(sainte, a_charge, frozen):
    post_charge(sainte, a_charge("c1"))
    lock(sainte, "2026-11")
    frozen.move_to(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    post_charge(sainte, a_charge("c2"))
    assert lines(sainte)[-1].period == "2027-01"


def test_a_clock_set_back_reopens_no_month(sainte, a_charge):
    post_charge(sainte, a_charge("c1"))
    lock(sainte, "2026-11")
    post_charge(sainte, a_charge("c2"))
    assert lines(sainte)[-1].period == "2026-12"


def test_a_reversal_mirrors_the_charge_in_its_own_month(sainte, a_charge):
    charge_id = post_charge(sainte, a_charge("c1"))
    reverse_charges(sainte, "c1")
    charge, reversal = lines(sainte)
    assert (reversal.kind, reversal.reverses, reversal.period) == (
        "reversal",
        charge_id,
        "2026-11",
    )
    assert reversal.pseudonym == charge.pseudonym
    assert set(positions(sainte, "sainte", "2026-11").values()) == {0}


def test_a_reversal_after_the_lock_enters_the_open_month(sainte, a_charge, frozen):
    post_charge(sainte, a_charge("c1"))
    lock(sainte, "2026-11")
    frozen.move_to(DECEMBER_2)
    reverse_charges(sainte, "c1")
    reversal = lines(sainte)[-1]
    assert (reversal.period, reversal.late_from) == ("2026-12", "2026-11")
    assert positions(sainte, "sainte", "2026-12")["position:comptoir"] == 1200


def test_a_reversal_of_a_late_charge_keeps_the_month_of_the_visit(sainte, a_charge, frozen):
    post_charge(sainte, a_charge("c1"))
    lock(sainte, "2026-11")
    frozen.move_to(DECEMBER_2)
    post_charge(sainte, a_charge("c2"))
    reverse_charges(sainte, "c2")
    assert (lines(sainte)[-1].period, lines(sainte)[-1].late_from) == ("2026-12", "2026-11")


def test_what_is_reversed_is_not_reversed_again(sainte, a_charge):
    post_charge(sainte, a_charge("c1"))
    reverse_charges(sainte, "c1")
    reverse_charges(sainte, "c1")
    reverse_charges(sainte, "never charged")
    assert [line.kind for line in lines(sainte)] == ["charge", "reversal"]


def test_both_ledgers_are_reversed(sainte, a_charge):
    post_charge(sainte, a_charge("c1", host_network="lyon"))
    reverse_charges(sainte, "c1")
    assert [line.network for line in lines(sainte) if line.kind == "reversal"] == ["lyon", "sainte"]


def test_an_extended_visit_is_reversed_and_charged_anew(sainte, a_charge):
    post_charge(sainte, a_charge("c1", cents=600, unit="half_day"))
    reverse_charges(sainte, "c1")
    post_charge(sainte, a_charge("c1", notes=("extended",)))
    reverse_charges(sainte, "c1")
    assert [line.kind for line in lines(sainte)] == ["charge", "reversal", "charge", "reversal"]
    assert set(positions(sainte, "sainte", "2026-11").values()) == {0}


def test_a_second_reversal_of_a_line_is_refused_by_the_database(sainte, a_charge):
    post_charge(sainte, a_charge("c1"))
    reverse_charges(sainte, "c1")
    with pytest.raises(DatabaseError):
        write_lines(sainte, [lines(sainte)[1]._replace(id="lin_other")])


def test_many_charges_are_written_in_order_with_three_statements(sainte, a_charge):
    post_charge(sainte, a_charge("c0"))
    charges = [a_charge(f"c{number}", on=date(2026, 11, number)) for number in range(1, 9)]
    with counted(sainte) as statements:
        ids = post_charges(sainte, charges)
    assert len(statements) == 3
    assert [line.id for line in lines(sainte)[1:]] == list(ids.values())
    assert post_charges(sainte, []) == {}


def test_a_pass_has_one_pseudonym_a_month_and_network(sainte, a_charge):
    post_charges(
        sainte,
        [
            a_charge("c1"),
            a_charge("c2", on=date(2026, 11, 13)),
            a_charge("c3", pass_id="pas_2"),
            a_charge("c4", on=date(2026, 10, 13)),
        ],
    )
    first, second, other, october = (line.pseudonym for line in lines(sainte))
    assert first == second
    assert len({first, other, october}) == 3
    assert len(pseudonym(b"k" * 32, "pas_1")) == 20


def test_an_unknown_network_has_no_ledger(sainte, a_charge):
    with pytest.raises(NetworkUnknown):
        post_charge(sainte, a_charge("c1", host_network="paris"))
