from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from cowopass.desk.decision import MAY_OVERRIDE
from cowopass.desk.models import CheckIn
from cowopass.desk.remedies import REMEDIES
from cowopass.networks.keys import compromise_key, signing_key
from cowopass.passes.models import Pass, Ticket
from cowopass.problems import PROBLEMS
from cowopass.spaces.models import Space
from tests.factories import a_space, a_token, bearer
from wallet.ticket import sign_ticket

SECTION_4 = (
    "pass_unknown space_unknown in_future too_old revoked suspended not_yet_valid expired "
    "wrong_network roaming_not_included roaming_cap_reached unit_not_covered no_units_left "
    "no_price space_closed space_full visitors_full not_a_ticket token_too_large malformed "
    "alg_not_allowed typ_not_allowed issuer_unknown key_unknown key_compromised "
    "issuer_key_mismatch bad_signature claims_invalid clock_rewound bundle_stale "
    "holder_proof_missing holder_proof_invalid holder_proof_stale holder_proof_wrong_space "
    "holder_proof_replayed online_required offline_limit"
).split()


@pytest.mark.parametrize("code", SECTION_4)
def test_every_refusal_has_its_sentences_and_what_to_do(code):
    problem = PROBLEMS[code]
    assert problem.status == 422 or code in {"pass_unknown", "space_unknown"}
    for text in (problem.fr, problem.en, *REMEDIES[code]):
        assert len(text) < 90
        assert "{" not in text


def test_no_remedy_is_for_a_code_that_nothing_answers():
    assert set(REMEDIES) == {*SECTION_4, "code_invalid"}
    assert set(REMEDIES) > MAY_OVERRIDE


def test_a_refusal_is_a_problem_with_a_sentence_and_what_to_do(sell, scan):
    _, ticket = sell(state="suspended")
    answer = scan(ticket)
    told = answer.json
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert (told["code"], told["status"], told["state"]) == ("suspended", 422, "refused")
    assert told["title"] == told["message"] == "Ce pass est suspendu. Son lieu peut le rouvrir."
    assert told["detail"].startswith("La personne voit cela avec son lieu")
    assert (told["may_override"], told["holder"], told["charge"]) == (False, "Camille", None)


def test_a_refusal_is_stored_and_returned_again(sell, scan, session, count):
    sold, ticket = sell(state="suspended")
    key = str(uuid4())
    first = scan(ticket, id=key)
    sold.state = "active"
    session.commit()
    again = scan(ticket, id=key)
    assert (first.status_code, again.status_code) == (422, 422)
    assert again.json == first.json
    assert count(CheckIn) == 1
    assert scan(ticket).status_code == 201


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        ({"token": "hello"}, "not_a_ticket"),
        ({"token": "x" * 60_000}, "token_too_large"),
        ({"token": "eyJhbGciOiJub25lIn0.e30"}, "malformed"),
        ({"token": "HTTPS://PASS.EXAMPLE/T#ABC"}, "not_a_ticket"),
        ({"code": "9KC5-R2YX"}, "code_invalid"),
        ({"code": "9KC5-R2YV"}, "pass_unknown"),
    ],
)
def test_what_is_no_ticket_of_ours_is_refused_and_stored(network, client, desk, rows, shown, code):  # noqa: ARG001
    body = {"id": str(uuid4()), "space": "rubanerie", **shown}
    answer = client.post("/api/v1/check-ins", json=body, headers=desk("rubanerie"))
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert rows(CheckIn.state, CheckIn.code, CheckIn.space, CheckIn.on) == [
        ("refused", code, "rubanerie", date(2026, 11, 24))
    ]


def test_a_ticket_cut_or_altered_is_refused(sell, scan):
    _, ticket = sell()
    token = ticket.token
    altered = token[:-8] + ("A" * 8 if not token.endswith("A" * 8) else "B" * 8)
    assert scan(ticket, token=altered).json["code"] == "bad_signature"
    assert scan(ticket, token=token[: len(token) // 2]).json["code"] == "malformed"


@pytest.mark.parametrize("claim", ["jti", "net"])
def test_claims_that_no_database_can_look_up_are_refused(sell, scan, claim):
    _, ticket = sell()
    header, payload, signature = ticket.token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims[claim] = "a\x00b"
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    answer = scan(ticket, token=f"{header}.{forged}.{signature}")
    assert (answer.status_code, answer.json["code"]) == (422, "malformed")


def a_signed_ticket(session, config, ticket, **over):
    key = signing_key(session, config, "sainte")
    session.commit()
    claims = {
        "sub": ticket.pass_id,
        "jti": ticket.jti,
        "iat": 1_790_000_000,
        "nbf": 1_790_000_000,
        "exp": 1_890_000_000,
        "home": "comptoir",
        "plan": "voyageur",
        **over,
    }
    return sign_ticket(key, **claims)


def test_a_genuine_ticket_that_we_have_no_record_of_is_unknown(sell, scan, session, config):
    _, ticket = sell()
    lost = a_signed_ticket(session, config, ticket, jti="tik_lost")
    assert scan(ticket, token=lost).json["code"] == "pass_unknown"
    swapped = a_signed_ticket(session, config, ticket, sub="pas_other")
    assert scan(ticket, token=swapped).json["code"] == "pass_unknown"


def test_tickets_of_a_stolen_key_count_only_if_we_issued_them(sell, scan, session, config):
    _, ticket = sell()
    forged = a_signed_ticket(session, config, ticket, exp=1_895_000_000)
    compromise_key(session, config, ticket.kid)
    session.commit()
    assert scan(ticket, token=forged).json["code"] == "key_compromised"
    assert scan(ticket).status_code == 201


def test_a_forged_ticket_tells_nothing_of_the_pass_it_names(sell, scan, rows):
    _, ticket = sell()
    told = scan(ticket, token=ticket.token[:-8] + "AAAAAAAA").json
    assert (told["holder"], told["home"], told["plan"]) == (None, None, None)
    assert rows(CheckIn.pass_id, CheckIn.jti) == [(None, None)]


def change(session, row, **over):
    for name, value in over.items():
        setattr(row, name, value)
    session.commit()


def test_a_replaced_ticket_is_revoked(sell, scan, session):
    _, ticket = sell()
    change(session, ticket, revoked_at=datetime(2026, 11, 20, tzinfo=UTC))
    assert scan(ticket).json["code"] == "revoked"


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"state": "revoked"}, "revoked"),
        ({"state": "refunded"}, "revoked"),
        ({"state": "suspended"}, "suspended"),
        ({"starts_on": date(2026, 11, 25)}, "not_yet_valid"),
        ({"ends_on": date(2026, 11, 23)}, "expired"),
    ],
)
def test_the_pass_decides_first(sell, scan, session, over, code):
    sold, ticket = sell()
    change(session, sold, **over)
    assert scan(ticket).json["code"] == code
    assert scan(ticket, token=None, code=ticket.code).json["code"] == code


def test_a_ticket_ends_by_itself(sell, scan, session, noon):
    sold, ticket = sell("quota", unit="day", units=5, validity_months=1)
    change(session, sold, ends_on=date(2027, 6, 30))
    noon.move_to("2026-12-01T11:00:00+00:00")
    assert scan(ticket).json["code"] == "expired"


@pytest.mark.parametrize(
    "over",
    [{"joins_on": date(2026, 11, 25)}, {"leaves_on": date(2026, 11, 23)}],
)
def test_a_host_that_takes_no_part_that_day_is_unknown(sell, scan, session, over):
    _, ticket = sell()
    change(session, session.get_one(Space, "rubanerie"), **over)
    answer = scan(ticket)
    assert (answer.status_code, answer.json["code"]) == (422, "space_unknown")


def test_an_unknown_space_is_stored_without_one(sell, scan, session, rows):
    _, ticket = sell()
    operator = bearer(a_token(session, "operator"))
    session.commit()
    answer = scan(ticket, "nowhere", headers=operator)
    assert (answer.status_code, answer.json["code"]) == (422, "space_unknown")
    assert rows(CheckIn.space, CheckIn.on) == [(None, None)]


@pytest.mark.parametrize(
    "over",
    [{"suspended_on": date(2026, 11, 24)}, {"leaves_on": date(2026, 11, 23)}],
)
def test_the_passes_of_a_home_that_is_out_do_not_roam(sell, scan, session, over):
    _, ticket = sell()
    change(session, session.get_one(Space, "comptoir"), **over)
    assert scan(ticket).json["code"] == "roaming_not_included"


@pytest.mark.parametrize(
    "over",
    [
        {"leaves_on": date(2026, 11, 23), "sold_days": "honoured"},
        {"suspended_on": date(2026, 11, 1), "reinstated_on": date(2026, 11, 24)},
    ],
)
def test_they_roam_where_they_are_honoured_and_once_their_home_is_back(sell, scan, session, over):
    _, ticket = sell()
    change(session, session.get_one(Space, "comptoir"), **over)
    answer = scan(ticket)
    assert (answer.status_code, answer.json["charge"]["charge_cents"]) == (201, 1200)


def test_a_pass_roams_so_many_days_a_month(sell, scan, session, agreement, noon):
    change(session, agreement, roaming_days_per_month=2)
    _, ticket = sell()
    codes = []
    for day in (10, 11, 12):
        noon.move_to(f"2026-11-{day}T11:00:00+00:00")
        codes.append(scan(ticket).json.get("code"))
    assert codes == [None, None, "roaming_cap_reached"]
    assert scan(ticket, "comptoir").status_code == 201
    noon.move_to("2026-11-11T12:00:00+00:00")
    assert scan(ticket, "cret").status_code == 201


def test_a_longer_visit_than_the_plan_is_not_covered(sell, scan):
    _, ticket = sell("single", unit="hour", units=1)
    assert scan(ticket, unit="half_day").json["code"] == "unit_not_covered"
    assert scan(ticket).json["units_left"] == 0
    assert scan(ticket, "cret").json["code"] == "no_units_left"


def test_a_host_without_a_price_can_not_charge(sell, scan, session):
    a_space(session, "Bobine", day_cents=None)
    session.commit()
    _, ticket = sell()
    assert scan(ticket, "bobine").json["code"] == "no_price"


HOURS = {"tuesday": [["08:00", "11:30"], ["13:00", "18:00"]]}


def test_a_closed_space_may_let_in_with_a_reason(sell, scan, session):
    change(session, session.get_one(Space, "rubanerie"), opening_hours=HOURS)
    _, ticket = sell()
    refused = scan(ticket).json
    assert (refused["code"], refused["may_override"]) == ("space_closed", True)
    told = scan(ticket, override={"reason": "On mange ensemble"}).json
    assert (told["state"], told["override_reason"]) == ("accepted", "On mange ensemble")


def test_a_closed_day_is_closed_for_holders_at_home_too(sell, scan, session):
    hours = {"tuesday": [["08:00", "18:00"]]}
    home = session.get_one(Space, "comptoir")
    _, ticket = sell()
    change(session, home, opening_hours=hours, closed_days=["2026-11-24"])
    assert scan(ticket, "comptoir").json["code"] == "space_closed"


def test_a_full_space_counts_who_is_there_now(sell, scan, session, noon):
    change(session, session.get_one(Space, "rubanerie"), capacity_comfortable=1)
    (_, one), (_, other) = sell(), sell()
    assert scan(one, unit="half_day").status_code == 201
    assert scan(one).json["reentry"] is True
    refused = scan(other).json
    assert (refused["code"], refused["may_override"]) == ("space_full", True)
    noon.move_to("2026-11-24T16:00:00+00:00")
    assert scan(other).json["code"] == "space_full"
    noon.move_to("2026-11-24T23:00:00+00:00")
    assert scan(other).status_code == 201


def test_a_space_takes_so_many_visitors_a_day(sell, scan, session):
    change(session, session.get_one(Space, "rubanerie"), visitors_per_day=1)
    (_, one), (_, other) = sell(), sell()
    assert scan(one, unit="hour").status_code == 201
    assert scan(other).json["code"] == "visitors_full"
    assert scan(other, override={"reason": "Une amie"}).status_code == 201
    change(session, session.get_one(Space, "comptoir"), visitors_per_day=0)
    assert scan(one, "comptoir").status_code == 201


def test_an_override_overrides_nothing_else(sell, scan):
    _, ticket = sell(state="suspended")
    assert scan(ticket, override={"reason": "Elle insiste"}).json["code"] == "suspended"


def test_a_refusal_takes_and_charges_nothing(sell, scan, count, session):
    _, ticket = sell(state="suspended")
    scan(ticket)
    assert session.get_one(Ticket, ticket.jti).used_at is None
    assert session.get_one(Pass, ticket.pass_id).state == "suspended"
    session.rollback()
    assert count(CheckIn) == 1
