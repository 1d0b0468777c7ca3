from __future__ import annotations

import pytest
from sqlalchemy import select

from cowopass.ledger.models import SettlementLine
from cowopass.passes.golden import hand_over
from cowopass.passes.models import PassUsage, Ticket


@pytest.fixture
def hand(session, config):
    """Return a function that hands a golden ticket of a pass over."""

    def over(sold):
        _, ticket = hand_over(session, config, sold.id)
        session.commit()
        return ticket

    return over


def test_a_golden_ticket_is_good_once(sell, hand, scan, rows):
    sold, _ = sell()
    golden = hand(sold)
    told = scan(golden).json
    assert (told["kind"], told["units"], told["units_left"]) == ("golden", 1, 0)
    assert told["charge"]["charge_cents"] == told["charge"]["pass_value_cents"] == 0
    assert told["message"] == "Bienvenue ! Ce ticket d’or est maintenant utilisé."
    again = scan(golden).json
    assert (again["code"], again["message"]) == ("no_units_left", "Ce ticket d’or a déjà servi.")
    assert rows(PassUsage.units_used, PassUsage.golden_used) == [(0, 1)]
    assert rows(SettlementLine.visit, SettlementLine.amount_cents) == [("golden", 0)]


def test_a_guest_is_not_the_holder_who_comes_again(sell, hand, scan):
    sold, ticket = sell()
    scan(ticket)
    assert scan(hand(sold)).json["reentry"] is False


def test_a_holder_is_not_the_guest_who_comes_again(sell, hand, scan):
    sold, ticket = sell()
    scan(hand(sold))
    assert scan(ticket).json["reentry"] is False


def test_a_golden_visit_may_be_of_any_unit_and_is_charged_its_share(
    sell, hand, scan, session, agreement
):
    agreement.golden_share_bps = 5_000
    session.commit()
    sold, _ = sell("single", unit="hour", units=1, golden_tickets=1)
    charge = scan(hand(sold), unit="day").json["charge"]
    assert (charge["charge_cents"], charge["levy_cents"]) == (600, 30)


def test_a_golden_ticket_of_a_plan_that_does_not_roam_stays_at_home(sell, hand, scan):
    sold, _ = sell(roaming=False)
    golden = hand(sold)
    assert scan(golden).json["code"] == "roaming_not_included"
    assert scan(golden, "comptoir").status_code == 201


def test_a_golden_visit_counts_as_a_roaming_day(sell, hand, scan, session, agreement, noon):
    agreement.roaming_days_per_month = 1
    session.commit()
    sold, ticket = sell()
    scan(hand(sold))
    noon.move_to("2026-11-25T11:00:00+00:00")
    assert scan(ticket).json["code"] == "roaming_cap_reached"


def test_a_voided_golden_visit_makes_the_ticket_good_again(sell, hand, scan, act, rows):
    sold, _ = sell()
    golden = hand(sold)
    act(scan(golden), "void", reason="Pas venu")
    assert rows(PassUsage.golden_used) == [(0,)]
    assert scan(golden).status_code == 201


def test_a_refused_golden_ticket_is_not_used(sell, hand, scan, session):
    sold, _ = sell(roaming=False)
    golden = hand(sold)
    scan(golden)
    used_at = session.scalar(select(Ticket.used_at).where(Ticket.jti == golden.jti))
    session.rollback()
    assert used_at is None


def test_a_golden_ticket_of_the_pass_shown_stands_in_for_a_unit_that_is_not_there(sell, scan, rows):
    _, ticket = sell("single", units=1, golden_tickets=1)
    assert scan(ticket).json["units_left"] == 0
    refused = scan(ticket, "cret")
    assert (refused.json["code"], refused.json["golden_left"]) == ("no_units_left", 1)
    told = scan(ticket, "cret", kind="golden").json
    assert (told["state"], told["kind"], told["units_left"]) == ("accepted", "golden", 0)
    assert rows(PassUsage.units_used, PassUsage.golden_used) == [(1, 1)]
    again = scan(ticket, "cret", kind="golden").json
    assert (again["code"], again["golden_left"]) == ("no_units_left", 0)


def test_a_golden_ticket_that_is_promised_to_a_guest_is_not_the_holders_any_more(sell, hand, scan):
    sold, ticket = sell("single", units=1, golden_tickets=1)
    scan(ticket)
    golden = hand(sold)
    assert scan(ticket, "cret").json["golden_left"] == 0
    assert scan(ticket, "cret", kind="golden").json["code"] == "no_units_left"
    assert scan(golden, "cret").status_code == 201


def test_a_golden_visit_of_the_holder_that_is_taken_back_gives_the_ticket_back(sell, scan, act):
    _, ticket = sell("single", units=1, golden_tickets=1)
    scan(ticket)
    act(scan(ticket, "cret", kind="golden"), "void", "cret", reason="Pas venu")
    assert scan(ticket, "cret", kind="golden").status_code == 201


def test_a_refusal_names_the_pass_to_a_host_of_its_home_alone(sell, scan, desk, session):
    sold, ticket = sell("single")
    scan(ticket, "comptoir")
    at_home = {"space": "comptoir", "unit": "day"}
    sold.state = "suspended"
    session.commit()
    assert scan(ticket, **at_home).json["pass"] == sold.id
    assert "pass" not in scan(ticket, headers=desk("comptoir", "device"), **at_home).json
    assert "pass" not in scan(ticket, "rubanerie").json
