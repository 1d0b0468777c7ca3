from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from cowopass.desk.models import CheckIn
from cowopass.ledger.models import LedgerEntry, SettlementLine
from cowopass.passes.models import PassUsage
from tests.factories import a_network, a_plan, a_price, a_space, a_token, an_agreement, bearer
from wallet.code import show_code
from wallet.qr import token_to_text


def test_a_visit_away_takes_a_unit_and_makes_a_charge(sell, scan, count, rows):
    _, ticket = sell()
    answer = scan(ticket)
    assert answer.status_code == 201
    told = answer.json
    assert told["charge"] == {
        "host_price_cents": 1200,
        "pass_value_cents": 1363,
        "charge_cents": 1200,
        "levy_cents": 60,
        "top_up_cents": 0,
    }
    assert (told["state"], told["unit"], told["units_left"]) == ("accepted", "day", 10)
    assert (told["reentry"], told["overused"], told["holder"]) == (False, False, "Camille")
    assert told["message"] == "Bonjour Camille. Il reste 10 journées."
    assert (told["on"], told["at"]) == ("2026-11-24", "2026-11-24T11:00:00Z")
    lines = rows(SettlementLine.check_in, SettlementLine.debtor, SettlementLine.creditor)
    assert lines == [(told["id"], "comptoir", "rubanerie")]
    assert count(LedgerEntry) == 2


def test_english_is_spoken_to_who_asks_for_it(sell, client, desk):
    _, ticket = sell()
    body = {"id": str(uuid4()), "token": ticket.token, "space": "rubanerie"}
    headers = {**desk("rubanerie"), "Accept-Language": "en"}
    told = client.post("/api/v1/check-ins", json=body, headers=headers).json
    assert told["message"] == "Hello Camille. 10 days left."


@pytest.mark.parametrize(
    "way", ["address", "address in small letters", "jws", "code", "typed code"]
)
def test_a_ticket_is_read_however_it_comes(sell, scan, config, way):
    _, ticket = sell()
    text = token_to_text(ticket.token, config.base_url)
    shown = {
        "address": {"token": text},
        "address in small letters": {"token": text.lower()},
        "jws": {},
        "code": {"token": None, "code": show_code(ticket.code)},
        "typed code": {"token": None, "code": f" {ticket.code.lower()} "},
    }[way]
    assert scan(ticket, **shown).status_code == 201


def test_a_visit_at_home_counts_units_and_makes_no_charge(sell, scan, count, rows):
    _, ticket = sell()
    told = scan(ticket, "comptoir").json
    assert (told["charge"], told["units_left"]) == (None, 10)
    assert count(SettlementLine) == 0
    assert rows(PassUsage.units_used, PassUsage.value_given_cents) == [(1, 1363)]


def test_a_scan_sent_twice_is_one_visit(sell, scan, count):
    _, ticket = sell()
    key = str(uuid4())
    first, again = scan(ticket, id=key), scan(ticket, id=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert scan(ticket, id=key.upper()).status_code == 200
    assert count(SettlementLine) == 1


def test_an_id_with_another_body_is_a_conflict(sell, scan):
    _, ticket = sell()
    key = str(uuid4())
    scan(ticket, id=key)
    answer = scan(ticket, id=key, unit="half_day")
    assert (answer.status_code, answer.json["code"]) == (409, "idempotency_conflict")
    assert scan(ticket, path="check-ins/preview", id=key, unit="hour").status_code == 409


def test_coming_again_the_same_day_is_free(sell, scan, noon, count):
    _, ticket = sell()
    scan(ticket, unit="half_day")
    noon.move_to("2026-11-24T15:00:00+00:00")
    again = scan(ticket, unit="day").json
    assert (again["reentry"], again["charge"], again["units_left"]) == (True, None, 10)
    assert again["message"].startswith("Bon retour Camille")
    assert count(SettlementLine) == 1
    noon.move_to("2026-11-24T23:30:00+00:00")
    assert scan(ticket).json["reentry"] is False


def test_another_space_the_same_day_is_another_visit(sell, scan):
    _, ticket = sell()
    scan(ticket)
    assert scan(ticket, "cret").json["reentry"] is False


def test_the_values_of_a_book_add_up_to_its_price(sell, scan, noon):
    _, ticket = sell(units=3, price_cents=10_000)
    values = []
    for day in (24, 25, 26):
        noon.move_to(f"2026-11-{day}T11:00:00+00:00")
        values.append(scan(ticket).json["charge"]["pass_value_cents"])
    assert values == [3333, 3333, 3334]
    noon.move_to("2026-11-27T11:00:00+00:00")
    assert scan(ticket).json["code"] == "no_units_left"


def test_an_unlimited_pass_has_no_units_left_to_tell(sell, scan):
    _, ticket = sell("unlimited", validity_months=1, price_cents=28_000)
    told = scan(ticket, unit="hour").json
    assert (told["units_left"], told["charge"]["pass_value_cents"]) == (None, 175)
    assert told["charge"]["charge_cents"] == 150
    assert told["message"] == "Bonjour Camille."


def test_a_quota_begins_anew_with_the_month(sell, scan, noon):
    _, ticket = sell("quota", unit="half_day", units=2, validity_months=3, price_cents=9_000)
    first = scan(ticket, unit="day").json
    assert (first["units"], first["units_left"]) == (2, 0)
    assert first["message"].endswith(
        "2 demi-journées sont comptées. C’était la dernière demi-journée du mois."
    )
    assert scan(ticket, "cret").json["code"] == "no_units_left"
    noon.move_to("2026-12-01T11:00:00+00:00")
    assert scan(ticket).json["units_left"] == 1


def test_half_a_day_on_a_day_is_said_before_it_is_spent(sell, scan):
    _, ticket = sell()
    message = scan(ticket, path="check-ins/preview", unit="half_day").json["message"]
    assert message == "Bonjour Camille. Une journée entière est comptée. Il reste 10 journées."


def test_a_preview_writes_nothing_and_says_the_same(sell, scan, count):
    _, ticket = sell()
    key = str(uuid4())
    seen = scan(ticket, path="check-ins/preview", id=key)
    assert seen.status_code == 200
    assert (count(CheckIn), count(PassUsage)) == (0, 0)
    done = scan(ticket, id=key)
    assert done.json == seen.json
    assert scan(ticket, path="check-ins/preview", id=key).json == done.json


def test_a_price_of_the_day_counts_and_units_without_one_are_parts_of_a_day(
    sell, scan, session, noon
):
    _, ticket = sell()
    a_price(session, "rubanerie", "day", 1300, date(2026, 11, 25))
    session.commit()
    assert scan(ticket, unit="hour").json["charge"]["host_price_cents"] == 150
    noon.move_to("2026-11-25T11:00:00+00:00")
    assert scan(ticket).json["charge"]["host_price_cents"] == 1300


def test_the_local_day_is_that_of_the_host(sell, scan, noon):
    _, ticket = sell()
    noon.move_to("2026-11-24T23:30:00+00:00")
    assert scan(ticket).json["on"] == "2026-11-25"


def test_a_top_up_is_told_at_the_desk(session, sell, scan, agreement):
    agreement.rule = {"kind": "difference_share", "share_bps": 0, "cap_at_host_price": True}
    agreement.top_up = True
    session.commit()
    _, ticket = sell(units=15)
    told = scan(ticket, path="check-ins/preview").json
    assert told["charge"]["top_up_cents"] == 200
    assert told["message"].endswith("À régler sur place : 2,00 €.")


def test_the_liability_cap_shrinks_the_charge_and_is_told(session, sell, scan, agreement, noon):
    agreement.liability_cap_bps = 10_000
    session.commit()
    _, ticket = sell("unlimited", price_cents=2_000, validity_months=1)
    key = str(uuid4())
    assert scan(ticket).json["capped"] is False
    noon.move_to("2026-11-25T11:00:00+00:00")
    told = scan(ticket, id=key).json
    assert (told["capped"], told["charge"]["charge_cents"]) == (True, 800)
    assert told["message"].endswith("Le plafond du mois réduit ce que verse son lieu.")
    assert scan(ticket, id=key).json == told


def test_a_pass_of_another_network_is_in_both_ledgers(sell, scan, session, rows):
    _, ticket = sell()
    a_network(session, "lyon", name="Lyon")
    a_space(session, "Soierie", "lyon", day_cents=1800)
    session.commit()
    assert scan(ticket, "soierie").json["code"] == "wrong_network"
    an_agreement(session, "sainte", "lyon")
    session.commit()
    told = scan(ticket, "soierie").json
    assert told["charge"]["charge_cents"] == 1800
    lines = rows(SettlementLine.network, SettlementLine.debtor, SettlementLine.creditor)
    assert sorted(lines) == [("lyon", "sainte", "soierie"), ("sainte", "comptoir", "lyon")]


def test_a_token_acts_for_its_own_space_alone(sell, scan, desk, session, count):
    _, ticket = sell()
    assert scan(ticket, headers=desk("cret")).status_code == 403
    assert scan(ticket, headers={"Authorization": ""}).status_code == 401
    treasurer = bearer(a_token(session, "treasurer", network="sainte"))
    session.commit()
    assert scan(ticket, headers=treasurer).status_code == 403
    assert scan(ticket, headers=desk("rubanerie", "device")).status_code == 201
    assert count(CheckIn) == 1


def test_the_time_is_the_servers(sell, scan):
    _, ticket = sell()
    assert scan(ticket, at="2020-01-01T09:00:00Z").json["at"] == "2026-11-24T11:00:00Z"


@pytest.mark.parametrize(
    "over",
    [
        {"id": "1"},
        {"id": None},
        {"token": None},
        {"code": "9KC5-R2YV"},
        {"unit": "week"},
        {"space": "Not a slug"},
        {"at": "2026-11-24T09:00:00"},
        {"at": "9999-12-31T23:59:59Z"},
        {"offline": "yes"},
        {"override": {}},
        {"override": {"reason": ""}},
        {"seat": 4},
    ],
)
def test_a_body_of_another_shape_is_invalid(sell, scan, desk, over, count):
    _, ticket = sell()
    answer = scan(ticket, headers=desk("rubanerie"), **over)
    assert (answer.status_code, answer.json["code"]) == (422, "data_invalid")
    assert count(CheckIn) == 0


def test_a_plan_that_does_not_roam_stays_at_home(sell, scan):
    _, ticket = sell(roaming=False)
    assert scan(ticket).json["code"] == "roaming_not_included"
    assert scan(ticket, "comptoir").status_code == 201


def test_two_passes_of_one_holder_are_two_visits(sell, scan, session):
    plan = a_plan(session, "comptoir")
    (_, one), (_, other) = sell(plan=plan), sell(plan=plan)
    assert [scan(ticket).json["reentry"] for ticket in (one, other)] == [False, False]
