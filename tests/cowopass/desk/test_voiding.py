from __future__ import annotations

import pytest
from sqlalchemy import select

from clearing.ledger import Entry, balances
from cowopass.desk.models import CheckIn
from cowopass.ledger.models import LedgerEntry, SettlementLine
from cowopass.passes.models import PassUsage


@pytest.fixture
def positions(rows):
    def read():
        columns = (LedgerEntry.debit, LedgerEntry.credit, LedgerEntry.amount_cents)
        found = balances(Entry(*row) for row in rows(*columns))
        return {account: cents for account, cents in found.items() if cents}

    return read


def test_a_void_gives_units_value_and_money_back(sell, scan, act, rows, positions):
    _, ticket = sell()
    visit = scan(ticket)
    told = act(visit, "void", reason="Erreur de billet")
    assert told.status_code == 200
    assert (told.json["state"], told.json["void_reason"]) == ("voided", "Erreur de billet")
    assert (told.json["units_left"], told.json["message"]) == (11, "Ce passage est annulé.")
    assert rows(PassUsage.units_used, PassUsage.value_given_cents) == [(0, 0)]
    assert rows(SettlementLine.kind) == [("charge",), ("reversal",)]
    assert positions() == {}


def test_a_void_asked_twice_happens_once(sell, scan, act, count):
    _, ticket = sell()
    visit = scan(ticket)
    first = act(visit, "void", reason="Erreur")
    again = act(visit, "void", reason="Encore")
    assert (again.status_code, again.json) == (200, first.json)
    assert count(SettlementLine) == 2


def test_a_refusal_can_not_be_voided(sell, scan, act):
    _, ticket = sell(state="suspended")
    answer = act(scan(ticket), "void", reason="Erreur")
    assert (answer.status_code, answer.json["code"]) == (409, "check_in_not_accepted")


def test_an_unknown_check_in_can_not_be_voided(network, act):  # noqa: ARG001 (its desks)
    unknown = "00000000-0000-4000-8000-000000000000"
    assert act(unknown, "void", reason="Erreur").status_code == 404


def test_only_the_host_of_the_space_voids(sell, scan, act, desk):
    _, ticket = sell()
    visit = scan(ticket)
    for headers in (desk("comptoir"), desk("comptoir", "device"), {"Authorization": ""}):
        answer = act(visit, "void", headers=headers, reason="Erreur")
        assert answer.status_code in {401, 403}


def test_a_void_needs_a_reason(sell, scan, act):
    _, ticket = sell()
    assert act(scan(ticket), "void", reason="").json["code"] == "data_invalid"


def test_a_voided_visit_makes_no_reentry(sell, scan, act):
    _, ticket = sell()
    visit = scan(ticket)
    scan(ticket)
    act(visit, "void", reason="Erreur")
    told = scan(ticket).json
    assert (told["reentry"], told["charge"]["charge_cents"]) == (False, 1200)


def test_a_voided_reentry_gives_nothing_back(sell, scan, act, rows):
    _, ticket = sell()
    scan(ticket)
    assert act(scan(ticket), "void", reason="Erreur").json["state"] == "voided"
    assert rows(PassUsage.units_used) == [(1,)]


def test_values_stay_exact_with_voids(sell, scan, act, noon):
    _, ticket = sell(units=3, price_cents=10_000)
    first = scan(ticket)
    noon.move_to("2026-11-25T11:00:00+00:00")
    values = [scan(ticket).json["charge"]["pass_value_cents"]]
    act(first, "void", reason="Erreur")
    for day in (26, 27):
        noon.move_to(f"2026-11-{day}T11:00:00+00:00")
        values.append(scan(ticket).json["charge"]["pass_value_cents"])
    assert sum(values) == 10_000


def test_a_void_frees_the_capacity_of_the_space(sell, scan, act, session, rows):
    from cowopass.spaces.models import Space

    session.get_one(Space, "rubanerie").capacity_comfortable = 1
    session.commit()
    (_, one), (_, other) = sell(), sell()
    visit = scan(one)
    assert scan(other).json["code"] == "space_full"
    act(visit, "void", reason="Partie")
    assert scan(other).status_code == 201
    assert sorted(rows(CheckIn.state)) == [("accepted",), ("refused",), ("voided",)]


def test_the_same_scan_again_after_a_void_tells_of_the_void(sell, scan, act):
    _, ticket = sell()
    visit = scan(ticket)
    act(visit, "void", reason="Erreur")
    again = scan(ticket, id=visit.json["id"])
    assert (again.status_code, again.json["state"]) == (200, "voided")


def test_both_ledgers_take_a_visit_between_networks_back(sell, scan, act, session, positions):
    from tests.factories import a_network, a_space, an_agreement

    a_network(session, "lyon", name="Lyon")
    a_space(session, "Soierie", "lyon", day_cents=1800)
    an_agreement(session, "sainte", "lyon")
    session.commit()
    _, ticket = sell()
    visit = scan(ticket, "soierie")
    assert positions()
    act(visit, "void", space="soierie", reason="Erreur")
    assert positions() == {}
    kinds = session.scalars(select(SettlementLine.kind)).all()
    session.rollback()
    assert sorted(kinds) == ["charge", "charge", "reversal", "reversal"]
