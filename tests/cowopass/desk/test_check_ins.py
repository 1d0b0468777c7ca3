"""Every reason to refuse, from the ticket's own to the space's, as a desk meets it over HTTP."""

from __future__ import annotations

import base64
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cowopass.desk.models import CheckIn
from cowopass.ledger.models import LedgerEntry, SettlementLine
from cowopass.networks.keys import compromise_key, signing_key
from cowopass.networks.models import NetworkKey
from cowopass.passes.golden import hand_over
from cowopass.passes.models import PassUsage, Ticket
from cowopass.passes.tickets import issue_ticket, reissue_ticket
from cowopass.problems import PROBLEMS
from cowopass.spaces.models import Price, Space
from tests.factories import (
    a_network,
    a_pass,
    a_plan,
    a_price,
    a_space,
    a_token,
    an_agreement,
    bearer,
)
from wallet.ticket import sign_ticket

# The desk from outside once more, beside the tests of each rule.
pytestmark = pytest.mark.slow

BATCH = "/api/v1/check-ins/batch"
TUESDAY = {"tuesday": [["08:00", "12:30"]]}
"""The clock stands at 12:00 of a Tuesday in Saint-Étienne."""


@pytest.fixture
def refused(count, rows):
    """Return a function that checks a refusal: 422, the code, a sentence, and nothing spent."""

    def check(answer, code, *, status=422):
        assert (answer.status_code, answer.json["code"]) == (status, code)
        assert answer.mimetype == "application/problem+json"
        assert answer.json["title"] == PROBLEMS[code].fr
        assert count(SettlementLine) == 0
        recorded = rows(CheckIn.code, CheckIn.state, CheckIn.units, CheckIn.charge_cents)
        assert (code, "refused", 0, None) in recorded

    return check


@pytest.fixture
def change(session):
    """Return a function that changes columns of a stored object."""

    def to(thing, **columns):
        for name, value in columns.items():
            setattr(thing, name, value)
        session.commit()

    return to


@pytest.fixture
def golden(session, config, sell):
    """Return a function that sells a book and hands a golden ticket of it over."""

    def make(**over):
        sold, _ = sell(**over)
        _, ticket = hand_over(session, config, sold.id)
        session.commit()
        return sold, ticket

    return make


def test_a_repeated_refusal_is_the_same_refusal(sell, scan, change):
    sold, ticket = sell()
    change(sold, state="suspended")
    key = str(uuid4())
    first = scan(ticket, id=key)
    change(sold, state="active")
    again = scan(ticket, id=key)
    assert first.json == again.json
    assert (again.status_code, again.json["code"]) == (422, "suspended")
    assert scan(ticket).status_code == 201


def test_a_refusal_under_another_body_is_a_conflict(sell, scan, change):
    sold, ticket = sell()
    change(sold, state="suspended")
    key = str(uuid4())
    scan(ticket, id=key)
    answer = scan(ticket, id=key, unit="hour")
    assert (answer.status_code, answer.json["code"]) == (409, "idempotency_conflict")


def test_a_genuine_ticket_of_an_unknown_pass(sell, scan, config, session, refused):
    _, ticket = sell()
    key = signing_key(session, config, "sainte")
    lost = sign_ticket(
        key,
        sub="pas_0000000000000000",
        jti="tik_0000000000000000",
        iat=ticket_seconds(ticket),
        nbf=ticket_seconds(ticket),
        exp=ticket_seconds(ticket) + 90_000,
        home="comptoir",
        plan="voyageur",
    )
    refused(scan(ticket, token=lost), "pass_unknown")


def ticket_seconds(ticket):
    return int(ticket.issued_at.timestamp())


def test_a_reissued_ticket_revokes_the_one_before(sell, scan, session, config, refused):
    sold, old = sell()
    _, new = reissue_ticket(session, config, sold.id)
    session.commit()
    refused(scan(old), "revoked")
    assert scan(new).status_code == 201


def test_its_short_code_is_revoked_too(sell, scan, session, config, refused):
    sold, old = sell()
    reissue_ticket(session, config, sold.id)
    session.commit()
    refused(scan(old, token=None, code=old.code), "revoked")


@pytest.mark.parametrize("state", ["revoked", "refunded"])
def test_a_pass_that_ended_is_revoked(sell, scan, change, refused, state):
    sold, ticket = sell()
    change(sold, state=state)
    refused(scan(ticket), "revoked")


def test_a_suspended_pass(sell, scan, change, refused):
    sold, ticket = sell()
    change(sold, state="suspended")
    refused(scan(ticket), "suspended")


def test_a_pass_past_its_last_day(sell, scan, noon):
    _, ticket = sell(starts_on=date(2026, 11, 1), validity_months=1)
    noon.move_to("2026-11-30T22:59:59+00:00")
    assert scan(ticket).status_code == 201
    noon.move_to("2026-11-30T23:00:00+00:00")
    later = scan(ticket, "cret")
    assert (later.status_code, later.json["code"]) == (422, "expired")


def test_a_pass_before_its_first_day(sell, scan, refused):
    _, ticket = sell(starts_on=date(2026, 11, 25))
    refused(scan(ticket), "not_yet_valid")


def test_a_short_code_before_the_first_day(sell, scan, refused):
    _, ticket = sell(starts_on=date(2026, 11, 25))
    refused(scan(ticket, token=None, code=ticket.code), "not_yet_valid")


def test_a_network_without_an_agreement(sell, scan, session, refused):
    a_network(session, "lyon", name="Lyon")
    a_space(session, "Part-Dieu", network="lyon")
    session.commit()
    _, ticket = sell()
    refused(scan(ticket, "part-dieu"), "wrong_network")


def test_an_agreement_that_starts_later_does_not_count_today(
    sell, scan, change, agreement, refused
):
    _, ticket = sell()
    change(agreement, effective_from=date(2026, 12, 1))
    refused(scan(ticket), "wrong_network")


def test_a_plan_that_stays_at_home(sell, scan, refused):
    _, ticket = sell(roaming=False)
    refused(scan(ticket), "roaming_not_included")


def test_a_suspended_home_keeps_its_passes_at_home(sell, scan, session, change, refused):
    _, ticket = sell()
    change(session.get(Space, "comptoir"), suspended_on=date(2026, 11, 24))
    refused(scan(ticket), "roaming_not_included")
    assert scan(ticket, "comptoir").status_code == 201


def test_the_roaming_cap_counts_local_days(sell, scan, change, agreement, noon):
    _, ticket = sell()
    change(agreement, roaming_days_per_month=1)
    assert scan(ticket).status_code == 201
    assert scan(ticket, "cret").status_code == 201
    noon.move_to("2026-11-25T11:00:00+00:00")
    assert scan(ticket).json["code"] == "roaming_cap_reached"
    assert scan(ticket, "comptoir").status_code == 201
    noon.move_to("2026-12-01T11:00:00+00:00")
    assert scan(ticket).status_code == 201


def test_a_voided_day_away_is_no_roaming_day(sell, scan, act, change, agreement, noon):
    _, ticket = sell()
    change(agreement, roaming_days_per_month=1)
    act(scan(ticket), "void", reason="Scanned by mistake")
    noon.move_to("2026-11-25T11:00:00+00:00")
    assert scan(ticket).status_code == 201


def test_a_unit_that_is_too_long(sell, scan, refused):
    _, ticket = sell("single", unit="hour", units=1)
    refused(scan(ticket, unit="half_day"), "unit_not_covered")


def test_no_units_left(sell, scan, noon):
    _, ticket = sell(units=1)
    scan(ticket, "comptoir")
    noon.move_to("2026-11-25T11:00:00+00:00")
    answer = scan(ticket)
    assert (answer.status_code, answer.json["code"]) == (422, "no_units_left")


def test_a_host_without_a_price(sell, scan, session, refused):
    a_space(session, "Gratuit", day_cents=None)
    session.commit()
    _, ticket = sell()
    refused(scan(ticket, "gratuit"), "no_price")


def test_a_price_that_starts_tomorrow_does_not_count_today(sell, scan, session, noon):
    a_space(session, "Neuf", day_cents=None)
    a_price(session, "neuf", "day", 900, date(2026, 11, 25))
    session.commit()
    _, ticket = sell()
    assert scan(ticket, "neuf").json["code"] == "no_price"
    noon.move_to("2026-11-25T11:00:00+00:00")
    assert scan(ticket, "neuf").json["charge"]["host_price_cents"] == 900


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"joins_on": date(2026, 11, 25)}, "space_unknown"),
        ({"leaves_on": date(2026, 11, 23)}, "space_unknown"),
        ({"joins_on": date(2026, 11, 24), "leaves_on": date(2026, 11, 24)}, None),
    ],
)
def test_a_space_takes_part_from_its_first_to_its_last_day(
    sell, scan, session, change, columns, code
):
    _, ticket = sell()
    change(session.get(Space, "rubanerie"), **columns)
    assert scan(ticket).json.get("code") == code


def test_a_closed_space_may_be_opened_with_a_reason(sell, scan, session, change, noon, refused):
    _, ticket = sell()
    change(session.get(Space, "rubanerie"), opening_hours=TUESDAY)
    noon.move_to("2026-11-24T11:30:00+00:00")
    answer = scan(ticket)
    refused(answer, "space_closed")
    assert answer.json["may_override"] is True
    told = scan(ticket, override={"reason": "We were still there"})
    assert (told.status_code, told.json["override_reason"]) == (201, "We were still there")
    line = session.scalars(select(SettlementLine)).one()
    assert "override" in line.notes


def test_a_closed_day(sell, scan, session, change, refused):
    _, ticket = sell()
    rubanerie = session.get(Space, "rubanerie")
    change(rubanerie, opening_hours=TUESDAY, closed_days=["2026-11-24"])
    refused(scan(ticket), "space_closed")


def test_a_full_space(sell, scan, session, change):
    _, first = sell()
    _, second = sell()
    change(session.get(Space, "rubanerie"), capacity_comfortable=1, capacity_maximum=2)
    assert scan(first).status_code == 201
    answer = scan(second)
    assert (answer.status_code, answer.json["code"]) == (422, "space_full")
    assert scan(first).json["reentry"] is True
    assert scan(second, override={"reason": "Une chaise de plus"}).status_code == 201


def test_a_seat_is_free_again_when_an_hour_is_over(sell, scan, session, change, noon):
    _, first = sell()
    _, second = sell()
    change(session.get(Space, "rubanerie"), capacity_maximum=1)
    scan(first, unit="hour")
    noon.move_to("2026-11-24T11:59:59+00:00")
    assert scan(second).json["code"] == "space_full"
    noon.move_to("2026-11-24T12:00:00+00:00")
    assert scan(second).status_code == 201


def test_visitors_are_limited_and_residents_are_not(sell, scan, session, change):
    _, first = sell()
    _, second = sell()
    change(session.get(Space, "rubanerie"), visitors_per_day=1)
    assert scan(first).status_code == 201
    assert scan(second).json["code"] == "visitors_full"
    change(session.get(Space, "comptoir"), visitors_per_day=0)
    assert scan(second, "comptoir").status_code == 201
    assert scan(second, override={"reason": "Elle vient de loin"}).status_code == 201


def test_a_reason_that_was_not_needed_marks_nothing(sell, scan, session):
    _, ticket = sell()
    assert scan(ticket, override={"reason": "Au cas où"}).status_code == 201
    assert "override" not in (session.scalars(select(SettlementLine)).one().notes or "")


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2026-11-25T11:00:00+00:00", "in_future"),
        ("2026-11-24T11:02:01+00:00", "in_future"),
        ("2026-11-24T11:02:00+00:00", None),
        ("2023-11-24T11:00:00+00:00", "too_old"),
        ("2026-11-20T09:00:00+01:00", None),
    ],
)
def test_when_an_offline_visit_was(sell, scan, at, code):
    _, ticket = sell()
    answer = scan(ticket, offline=True, at=at)
    assert answer.json.get("code") == code
    assert answer.status_code == (422 if code else 201)


def test_an_offline_visit_ignores_the_spaces_limits_and_may_be_overused(
    sell, scan, session, change
):
    _, ticket = sell(units=1)
    change(session.get(Space, "rubanerie"), opening_hours={"monday": [["08:00", "09:00"]]})
    change(session.get(Space, "rubanerie"), capacity_maximum=0, visitors_per_day=0)
    first = scan(ticket, offline=True, at="2026-11-20T09:00:00+00:00").json
    second = scan(ticket, offline=True, at="2026-11-21T09:00:00+00:00").json
    assert (first["overused"], second["overused"], second["units"]) == (False, True, 0)
    assert second["charge"]["pass_value_cents"] == 15_000
    assert session.scalars(select(PassUsage)).one().units_used == 1
    notes = session.scalars(select(SettlementLine.notes).order_by(SettlementLine.number)).all()
    assert "offline" in notes[0]
    assert "overused" in notes[1]


def forged(token, **header):
    """Return a token whose header says something else; its signature is kept."""
    head, payload, signature = token.split(".")
    known = json.loads(base64.urlsafe_b64decode(head + "=="))
    told = json.dumps({**known, **header}, separators=(",", ":")).encode()
    return ".".join([base64.urlsafe_b64encode(told).decode().rstrip("="), payload, signature])


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda token: token[: len(token) // 2], None),
        (lambda token: token.rsplit(".", 1)[0] + ".", None),
        (lambda token: forged(token, alg="none"), "alg_not_allowed"),
        (lambda token: forged(token, alg="HS256"), "alg_not_allowed"),
        (lambda token: forged(token, typ="JWT"), "typ_not_allowed"),
        (lambda token: forged(token, kid="AAAAAAAAAAA"), None),
        (lambda token: token[:-6] + ("AAAAAA" if token[-6:] != "AAAAAA" else "BBBBBB"), None),
        (lambda _: "bonjour", "not_a_ticket"),
        (lambda _: "x" * 20_000, "token_too_large"),
        (lambda _: "\ud83d\ude00.é.ü", None),
    ],
)
def test_a_spoiled_ticket_is_refused_and_kept(sell, scan, session, spoil, code):
    _, ticket = sell()
    answer = scan(ticket, token=spoil(ticket.token))
    assert answer.status_code == 422
    assert answer.json["code"] in {code} if code else answer.json["code"] in PROBLEMS
    assert answer.json["code"] not in {"data_invalid", "internal_error"}
    row = session.scalars(select(CheckIn)).one()
    assert (row.state, row.code, row.pass_id) == ("refused", answer.json["code"], None)


def test_a_slip_in_a_typed_code(sell, scan):
    _, ticket = sell()
    slip = ticket.code[:-1] + ("2" if ticket.code[-1] != "2" else "3")
    answer = scan(ticket, token=None, code=slip)
    assert (answer.status_code, answer.json["code"]) == (422, "code_invalid")


def test_a_ticket_of_ten_megabytes_is_not_read(sell, scan, count):
    _, ticket = sell()
    answer = scan(ticket, token="A" * 10_000_000)
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")
    assert count(CheckIn) == 0


def test_a_ticket_signed_with_another_networks_key(sell, scan, session, config):
    sold, ticket = sell()
    a_network(session, "lyon", name="Lyon")
    strange = signing_key(session, config, "lyon")._replace(network="sainte")
    session.commit()
    seconds = ticket_seconds(ticket)
    token = sign_ticket(
        strange,
        sub=sold.id,
        jti=ticket.jti,
        iat=seconds,
        nbf=seconds,
        exp=seconds + 90_000,
        home="comptoir",
        plan="voyageur",
    )
    answer = scan(ticket, token=token)
    assert answer.status_code == 422
    assert answer.json["code"] in {"key_unknown", "issuer_key_mismatch", "bad_signature"}


def test_what_a_stolen_key_signed_counts_only_if_we_issued_it(sell, scan, session, config):
    sold, ticket = sell()
    stolen = signing_key(session, config, "sainte")
    compromise_key(session, config, session.scalars(select(NetworkKey)).one().kid)
    session.commit()
    seconds = ticket_seconds(ticket)
    forged_token = sign_ticket(
        stolen,
        sub=sold.id,
        jti=ticket.jti,
        iat=seconds,
        nbf=seconds,
        exp=seconds + 9_000_000,
        home="comptoir",
        plan="voyageur",
    )
    assert scan(ticket, token=forged_token).json["code"] == "key_compromised"
    assert scan(ticket).status_code == 201


def test_a_golden_ticket_is_good_once(golden, scan, session, noon):
    _, ticket = golden()
    told = scan(ticket).json
    assert (told["kind"], told["units_left"]) == ("golden", 0)
    assert (told["charge"]["charge_cents"], told["charge"]["host_price_cents"]) == (0, 1200)
    assert told["message"] == "Bienvenue ! Ce ticket d’or est maintenant utilisé."
    session.expire_all()
    assert session.get(Ticket, ticket.jti).used_at is not None
    usage = session.scalars(select(PassUsage)).one()
    assert (usage.units_used, usage.golden_used, usage.value_given_cents) == (0, 1, 0)
    noon.move_to("2026-11-25T11:00:00+00:00")
    again = scan(ticket, "cret")
    assert (again.status_code, again.json["code"]) == (422, "no_units_left")


def test_a_second_golden_ticket_does_not_open_the_used_one(session, config, sell, scan):
    sold, _ = sell(golden_tickets=2)
    tickets = [hand_over(session, config, sold.id)[1] for _ in range(2)]
    session.commit()
    assert scan(tickets[0]).status_code == 201
    assert scan(tickets[0], "cret").json["code"] == "no_units_left"
    assert scan(tickets[1]).status_code == 201


def test_a_golden_ticket_covers_any_unit(golden, scan):
    _, ticket = golden(unit="hour")
    assert scan(ticket, unit="day").json["unit"] == "day"


def test_a_voided_golden_ticket_is_good_again(golden, scan, act):
    _, ticket = golden()
    act(scan(ticket), "void", reason="Wrong person")
    assert scan(ticket).status_code == 201


def test_a_monthly_golden_ticket_ends_with_its_month(session, config, sell, scan, noon):
    sold, _ = sell("quota", validity_months=3, golden_tickets=1)
    _, ticket = hand_over(session, config, sold.id)
    session.commit()
    noon.move_to("2026-12-01T11:00:00+00:00")
    assert scan(ticket).json["code"] == "expired"


def test_a_guest_and_the_holder_are_two_people_the_same_day(golden, scan, session, config):
    sold, ticket = golden()
    own = issue_ticket(session, config, sold)
    session.commit()
    assert scan(own).json["reentry"] is False
    guest = scan(ticket).json
    assert (guest["reentry"], guest["kind"]) == (False, "golden")


def test_a_device_may_scan_and_a_treasurer_may_not(sell, scan, desk, session, count):
    _, ticket = sell()
    treasurer = bearer(a_token(session, "treasurer", network="sainte"))
    session.commit()
    assert scan(ticket, headers=treasurer).status_code == 403
    assert scan(ticket, headers=desk("cret")).status_code == 403
    assert scan(ticket, headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert scan(ticket, headers={"X-Nothing": "here"}).status_code == 401
    assert count(CheckIn) == 0
    assert scan(ticket, headers=desk("rubanerie", "device")).status_code == 201


def test_a_device_corrects_a_slip_of_the_day_and_no_older_one(sell, scan, act, desk, noon):
    _, ticket = sell()
    device = desk("rubanerie", "device")
    answer = scan(ticket)
    noon.shift(timedelta(hours=12, seconds=1))
    assert act(answer, "void", headers=device, reason="No").status_code == 403
    assert act(answer, "extend", headers=device).status_code == 403
    noon.shift(timedelta(seconds=-1))
    assert act(answer, "void", headers=device, reason="No").status_code == 200


def test_a_device_does_not_list_who_came(desk, client):
    device = desk("rubanerie", "device")
    listing = client.get("/api/v1/check-ins?space=rubanerie", headers=device)
    assert listing.status_code == 403


def test_a_check_in_that_was_forbidden_keeps_no_id(sell, scan, desk):
    _, ticket = sell()
    key = str(uuid4())
    assert scan(ticket, id=key, headers=desk("cret")).status_code == 403
    assert scan(ticket, id=key).status_code == 201


@pytest.mark.parametrize("refusing", [False, True])
def test_a_preview_writes_nothing(sell, scan, count, change, refusing):
    sold, ticket = sell()
    if refusing:
        change(sold, state="suspended")
    before = scan(ticket, path="check-ins/preview")
    assert before.status_code == (422 if refusing else 200)
    for model in (CheckIn, PassUsage, SettlementLine, LedgerEntry):
        assert count(model) == 0
    after = scan(ticket).json
    told = ("code",) if refusing else ("charge", "units_left", "message")
    assert [after[name] for name in told] == [before.json[name] for name in told]


def a_scan(ticket, space="rubanerie", **over):
    return {"id": str(uuid4()), "token": ticket.token, "space": space, **over}


def test_a_batch_answers_each_scan_on_its_own(sell, client, desk, change, count):
    _, good = sell()
    sold, suspended = sell()
    change(sold, state="suspended")
    first = a_scan(good, offline=True, at="2026-11-23T09:00:00+00:00")
    scans = [
        first,
        first,
        {**first, "unit": "hour"},
        a_scan(suspended, offline=True, at="2026-11-23T09:00:00+00:00"),
        a_scan(good, "cret", offline=True, at="2026-11-23T09:00:00+00:00"),
        a_scan(good, offline=True, at="2026-11-23T09:00:00"),
        {"id": "none"},
        "nonsense",
        a_scan(good, offline=True, at="2026-11-24T09:00:00+00:00"),
    ]
    headers = desk("rubanerie", "device")
    answer = client.post(BATCH, json={"check_ins": scans}, headers=headers)
    assert answer.status_code == 200
    told = [(row["status"], row.get("code")) for row in answer.json["results"]]
    assert told == [
        (201, None),
        (200, None),
        (409, "idempotency_conflict"),
        (422, "suspended"),
        (403, "role_forbidden"),
        (422, "data_invalid"),
        (422, "data_invalid"),
        (422, "data_invalid"),
        (201, None),
    ]
    assert answer.json["results"][0]["id"] == first["id"]
    assert count(SettlementLine) == 2


def test_a_batch_needs_a_token_and_a_scan(client, desk):
    assert client.post(BATCH, json={"check_ins": [{}]}).status_code == 401
    headers = desk("rubanerie")
    assert client.post(BATCH, json={"check_ins": []}, headers=headers).status_code == 422


def test_the_first_name_alone_is_told(sell, scan, client, desk):
    _, ticket = sell(holder_name="Camille Berthet")
    answer = scan(ticket)
    listing = client.get("/api/v1/check-ins?space=rubanerie", headers=desk("rubanerie"))
    assert answer.json["holder"] == "Camille"
    for told in (answer, listing):
        assert "Berthet" not in told.get_data(as_text=True)


@pytest.mark.parametrize(
    ("language", "accepted", "refusal"),
    [
        ("fr", "C’était la dernière journée.", "Ce pass est suspendu. Son lieu peut le rouvrir."),
        ("en", "That was the last day.", "This pass is suspended. Its home can resume it."),
    ],
)
def test_both_languages_are_spoken(sell, scan, desk, change, language, accepted, refusal):
    sold, ticket = sell(units=1)
    headers = {**desk("rubanerie"), "Accept-Language": language}
    assert accepted in scan(ticket, headers=headers).json["message"]
    change(sold, state="suspended")
    told = scan(ticket, headers=headers).json
    assert told["title"] == told["message"] == refusal


def test_a_space_lists_its_own_check_ins_newest_first_and_by_page(sell, scan, client, desk, noon):
    _, ticket = sell()
    ids = []
    for day in (20, 21, 22, 23):
        noon.move_to(f"2026-11-{day}T11:00:00+00:00")
        ids.append(scan(ticket).json["id"])
    scan(ticket, "cret")
    url = "/api/v1/check-ins?space=rubanerie"
    headers = desk("rubanerie")
    whole = client.get(url, headers=headers).json
    assert [row["id"] for row in whole["check_ins"]] == ids[::-1]
    assert whole["next"] is None
    first = client.get(f"{url}&limit=3", headers=headers).json
    rest = client.get(f"{url}&limit=3&cursor={first['next']}", headers=headers).json
    assert [row["id"] for row in first["check_ins"] + rest["check_ins"]] == ids[::-1]
    assert rest["next"] is None
    some = client.get(f"{url}&from=2026-11-21&to=2026-11-22", headers=headers).json
    assert [row["id"] for row in some["check_ins"]] == [ids[2], ids[1]]
    assert client.get(url, headers=desk("cret")).status_code == 403


def test_a_refusal_is_listed_too(sell, scan, client, desk, change):
    sold, ticket = sell()
    change(sold, state="suspended")
    scan(ticket)
    listing = client.get("/api/v1/check-ins?space=rubanerie", headers=desk("rubanerie")).json
    assert [(row["state"], row["code"]) for row in listing["check_ins"]] == [
        ("refused", "suspended")
    ]


def test_occupancy_is_open_and_counts_people(sell, scan, client, session, change, noon):
    change(session.get(Space, "rubanerie"), capacity_comfortable=3, visitors_per_day=5)
    tickets = [sell()[1] for _ in range(3)]
    for ticket, unit in zip(tickets, ("day", "half_day", "hour"), strict=True):
        scan(ticket, unit=unit)
    scan(tickets[0])
    url = "/api/v1/spaces/rubanerie/occupancy"

    def told():
        answer = client.get(url).json
        return answer["present"], answer["free"], answer["visitors_today"]

    assert told() == (3, 0, 3)
    noon.move_to("2026-11-24T12:00:00+00:00")
    assert told() == (2, 1, 3)
    noon.move_to("2026-11-24T16:00:00+00:00")
    assert told() == (1, 2, 3)
    noon.move_to("2026-11-24T23:00:00+00:00")
    assert told() == (0, 3, 0)
    assert client.get("/api/v1/spaces/nowhere/occupancy").status_code == 404


def test_the_same_reason_is_told_in_preview_and_by_command(sell, scan, app, session):
    a_space(session, "Gratuit", day_cents=None)
    session.commit()
    _, ticket = sell()
    assert scan(ticket, "gratuit", path="check-ins/preview").json["code"] == "no_price"
    ran = app.test_cli_runner().invoke(
        args=["cowopass", "check-in", "--space", "gratuit", ticket.token]
    )
    assert ran.exit_code == 1
    assert "no_price" in ran.stderr


def test_the_command_checks_in_and_repeats_itself(sell, app, count):
    _, ticket = sell()
    key = str(uuid4())
    args = ["cowopass", "check-in", "--space", "rubanerie", "--id", key, "--json", ticket.token]
    first, again = (app.test_cli_runner().invoke(args=args) for _ in range(2))
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert json.loads(first.stdout) == json.loads(again.stdout)
    assert count(SettlementLine) == 1


@pytest.mark.usefixtures("network")
def test_two_networks_write_two_lines(session, config, scan):
    a_network(session, "lyon", name="Lyon")
    a_space(session, "Part-Dieu", network="lyon", day_cents=1800)
    an_agreement(session, home="lyon", host="sainte", levy_bps=1000)
    sold = a_pass(session, a_plan(session, "part-dieu"))
    ticket = issue_ticket(session, config, sold)
    session.commit()
    told = scan(ticket).json
    assert (told["charge"]["charge_cents"], told["charge"]["levy_cents"]) == (1200, 120)
    lines = {
        line.network: (line.debtor, line.creditor, line.amount_cents, line.levy_cents)
        for line in session.scalars(select(SettlementLine))
    }
    assert lines == {
        "sainte": ("lyon", "rubanerie", 1200, 120),
        "lyon": ("part-dieu", "sainte", 1200, 0),
    }


def test_no_price_row_is_needed_at_home(session, sell, scan):
    session.query(Price).delete()
    session.commit()
    _, ticket = sell()
    assert scan(ticket, "comptoir").status_code == 201
