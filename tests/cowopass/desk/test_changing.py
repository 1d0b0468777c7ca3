"""Another unit for a visit that was counted: taken back and made anew, as the scanner does."""

from __future__ import annotations

from datetime import date

import pytest

from clearing.ledger import Entry, balances
from cowopass.audit.service import audit_records
from cowopass.desk.changing import change_unit, other_units
from cowopass.desk.decision import Refused
from cowopass.desk.models import CheckIn
from cowopass.errors import UnitFixed
from cowopass.ledger.models import LedgerEntry, SettlementLine
from cowopass.passes.models import PassUsage
from tests.factories import a_price


@pytest.fixture
def change(session):
    """Return a function that counts another unit for a check-in, posted or by its id."""

    def act(visit, unit):
        check_in = visit if isinstance(visit, str) else visit.json["id"]
        try:
            return change_unit(session, check_in, unit, "Autre durée")
        finally:
            session.commit()

    return act


def test_a_day_becomes_a_half_day_at_its_own_time_and_prices(
    sell, scan, change, rows, session, noon
):
    _, ticket = sell()
    visit = scan(ticket)
    a_price(session, "rubanerie", "day", 9_900, date(2026, 11, 25))
    session.commit()
    noon.move_to("2026-11-26T11:00:00+00:00")
    made = change(visit, "half_day").check_in
    assert (made.unit, made.charge_cents, made.on) == ("half_day", 600, date(2026, 11, 24))
    assert rows(PassUsage.units_used) == [(1,)]
    lines = rows(SettlementLine.kind, SettlementLine.unit, SettlementLine.notes)
    assert lines == [("charge", "day", ""), ("reversal", "day", ""), ("charge", "half_day", "")]
    entries = rows(LedgerEntry.debit, LedgerEntry.credit, LedgerEntry.amount_cents)
    assert balances(Entry(*entry) for entry in entries)["position:rubanerie"] == 570


def test_a_second_click_changes_nothing_more(sell, scan, change, count):
    _, ticket = sell()
    visit = scan(ticket)
    first = change(visit, "half_day").check_in.id
    assert change(visit, "half_day").check_in.id == first
    assert count(CheckIn) == 2
    assert count(SettlementLine) == 3


def test_a_visit_that_became_shorter_and_longer_again_is_one(sell, scan, change, rows, count):
    _, ticket = sell(unit="half_day", units=3, price_cents=3_000)
    visit = scan(ticket, unit="day")
    shorter = change(visit, "half_day").check_in
    assert rows(PassUsage.units_used) == [(1,)]
    longer = change(shorter.id, "day").check_in
    assert (longer.id, longer.unit) == (shorter.id, "day")
    assert rows(PassUsage.units_used) == [(2,)]
    assert count(CheckIn) == 2


def test_without_the_units_the_visit_stands(sell, scan, change, rows):
    _, ticket = sell(unit="half_day", units=1, price_cents=900)
    visit = scan(ticket, unit="hour")
    assert change(visit, "day") == Refused("no_units_left", {"units_left": 1})
    assert rows(CheckIn.unit, CheckIn.state) == [("hour", "accepted")]


def test_a_proof_that_let_in_lets_in_no_second_time(sell, scan, change, rows, session):
    _, ticket = sell()
    visit = scan(ticket)
    session.get_one(CheckIn, visit.json["id"]).proof_hash = "proof"
    session.commit()
    change(visit, "hour")
    assert set(rows(CheckIn.state, CheckIn.proof_hash)) == {
        ("voided", "proof"),
        ("accepted", "proof"),
    }


def test_a_golden_visit_may_take_any_length_and_uses_one_ticket(sell, scan, change, rows):
    _, ticket = sell("single", unit="hour", units=1, golden_tickets=1)
    visit = scan(ticket, kind="golden")
    made = change(visit, "day")
    assert (made.check_in.kind, made.check_in.unit) == ("golden", "day")
    assert other_units(made) == ["half_day", "hour"]
    assert rows(PassUsage.golden_used, PassUsage.units_used) == [(1, 0)]


def test_what_is_taken_back_contested_or_a_reentry_is_counted_no_other_way(
    sell, scan, act, change, client, desk
):
    _, ticket = sell()
    visit = scan(ticket)
    with pytest.raises(UnitFixed, match="re-entry"):
        change(scan(ticket), "hour")
    reason = {"reason": "Elle n’est pas venue"}
    address = f"/api/v1/check-ins/{visit.json['id']}/dispute"
    assert client.post(address, json=reason, headers=desk("comptoir")).status_code == 201
    with pytest.raises(UnitFixed, match="contested"):
        change(visit, "hour")
    act(visit, "void", reason="Erreur")
    with pytest.raises(UnitFixed, match="voided"):
        change(visit, "hour")


def test_the_audit_agrees_with_what_was_changed_and_with_golden_visits_of_holders(
    sell, scan, change, session, config
):
    _, ticket = sell(units=1, golden_tickets=1)
    change(scan(ticket), "half_day")
    golden = scan(ticket, "cret", kind="golden")
    change(golden, "hour")
    assert list(audit_records(session, config, None, lambda *_: None)) == []
