from __future__ import annotations

from datetime import date

import pytest

from clearing.ledger import Entry, balances
from cowopass.desk.models import CheckIn
from cowopass.ledger.models import LedgerEntry, SettlementLine
from cowopass.passes.models import PassUsage
from tests.factories import a_price


def test_a_half_day_becomes_a_day_at_the_prices_of_the_first_scan(
    sell, scan, act, rows, session, noon
):
    _, ticket = sell()
    visit = scan(ticket, unit="half_day")
    assert visit.json["charge"]["charge_cents"] == 600
    a_price(session, "rubanerie", "day", 9_900, date(2026, 11, 25))
    session.commit()
    noon.move_to("2026-11-26T11:00:00+00:00")
    told = act(visit, "extend").json
    assert (told["unit"], told["units"], told["units_left"]) == ("day", 1, 10)
    assert (told["charge"]["charge_cents"], told["charge"]["host_price_cents"]) == (1200, 1200)
    lines = rows(SettlementLine.kind, SettlementLine.unit, SettlementLine.amount_cents)
    assert lines == [
        ("charge", "half_day", 600),
        ("reversal", "half_day", 600),
        ("charge", "day", 1200),
    ]
    entries = rows(LedgerEntry.debit, LedgerEntry.credit, LedgerEntry.amount_cents)
    assert balances(Entry(*entry) for entry in entries)["position:rubanerie"] == 1140


def test_a_half_day_plan_pays_the_second_half(sell, scan, act, rows):
    _, ticket = sell(unit="half_day", units=11, price_cents=9_000)
    visit = scan(ticket)
    told = act(visit, "extend").json
    assert (told["units"], told["units_left"]) == (2, 9)
    assert told["charge"]["pass_value_cents"] == 1636
    assert rows(PassUsage.units_used, PassUsage.value_given_cents) == [(2, 1636)]


def test_without_a_second_half_the_half_day_stands(sell, scan, act, rows):
    _, ticket = sell(unit="half_day", units=1, price_cents=900)
    visit = scan(ticket)
    answer = act(visit, "extend")
    assert (answer.status_code, answer.json["code"]) == (422, "no_units_left")
    assert rows(CheckIn.unit, CheckIn.units) == [("half_day", 1)]
    assert rows(SettlementLine.kind) == [("charge",)]


def test_extending_twice_happens_once(sell, scan, act, count):
    _, ticket = sell()
    visit = scan(ticket, unit="half_day")
    first = act(visit, "extend")
    again = act(visit, "extend")
    assert (again.status_code, again.json) == (200, first.json)
    assert count(SettlementLine) == 3


def test_a_visit_at_home_is_extended_without_a_charge(sell, scan, act, count, rows):
    _, ticket = sell(unit="half_day", units=11, price_cents=9_000)
    visit = scan(ticket, "comptoir")
    told = act(visit, "extend", space="comptoir").json
    assert (told["unit"], told["charge"]) == ("day", None)
    assert rows(PassUsage.units_used) == [(2,)]
    assert count(SettlementLine) == 0


@pytest.mark.parametrize("unit", ["hour"])
def test_only_a_half_day_can_become_a_day(sell, scan, act, unit):
    _, ticket = sell()
    answer = act(scan(ticket, unit=unit), "extend")
    assert (answer.status_code, answer.json["code"]) == (409, "not_extensible")


def test_a_reentry_or_a_voided_visit_can_not_be_extended(sell, scan, act):
    _, ticket = sell()
    visit = scan(ticket, unit="half_day")
    assert act(scan(ticket), "extend").status_code == 409
    act(visit, "void", reason="Erreur")
    assert act(visit, "extend").status_code == 409


def test_only_the_host_of_the_space_extends(sell, scan, act, desk):
    _, ticket = sell()
    visit = scan(ticket, unit="half_day")
    assert act(visit, "extend", headers=desk("comptoir")).status_code == 403


def test_the_half_days_own_charge_leaves_the_liability_cap(sell, scan, act, session, agreement):
    agreement.liability_cap_bps = 10_000
    session.commit()
    _, ticket = sell("unlimited", price_cents=1_200, validity_months=1)
    visit = scan(ticket, unit="half_day")
    told = act(visit, "extend").json
    assert (told["charge"]["charge_cents"], told["capped"]) == (1200, False)


def test_an_extended_visit_can_be_voided(sell, scan, act, rows):
    _, ticket = sell(unit="half_day", units=11, price_cents=9_000)
    visit = scan(ticket)
    act(visit, "extend")
    act(visit, "void", reason="Erreur")
    assert rows(PassUsage.units_used, PassUsage.value_given_cents) == [(0, 0)]
    kinds = [kind for (kind,) in rows(SettlementLine.kind)]
    assert kinds == ["charge", "reversal", "charge", "reversal"]


def test_a_contested_visit_can_not_be_extended(sell, scan, act, client, desk):
    _, ticket = sell()
    visit = scan(ticket, unit="half_day")
    answer = client.post(
        f"/api/v1/check-ins/{visit.json['id']}/dispute",
        json={"reason": "Elle n’est pas venue"},
        headers=desk("comptoir"),
    )
    assert answer.status_code == 201
    assert act(visit, "extend").json["code"] == "not_extensible"
