"""Tickets of phones at the desk: only the phone can show them, each proof lets in once."""

from __future__ import annotations

from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from jwt.utils import base64url_decode, base64url_encode, der_to_raw_signature, raw_to_der_signature

from cowopass.desk.models import CheckIn
from cowopass.passes.models import Ticket
from cowopass.passes.tickets import cut_off, issue_live_ticket
from cowopass.passes.verdict import judge
from tests.cowopass.desk.test_statements import noted, scans
from tests.phones import APhone
from tests.vectors.forge import ORDER
from wallet.qr import token_to_text


@pytest.fixture
def phone():
    return APhone()


@pytest.fixture
def carry(session, config, sell, phone):
    """Return a function that sells a pass for the phone to carry and returns (pass, ticket)."""

    def sell_live(*args, **over):
        sold, _ = sell(*args, **over)
        ticket = issue_live_ticket(session, config, sold, phone.jwk)
        session.commit()
        return sold, ticket

    return sell_live


def respelled(signed, curve):
    """Return a token with the other signature of the same, (r, n - s)."""
    signing_input, _, signature = signed.rpartition(".")
    r, s = decode_dss_signature(raw_to_der_signature(base64url_decode(signature), curve))
    raw = der_to_raw_signature(encode_dss_signature(r, ORDER - s), curve)
    return f"{signing_input}.{base64url_encode(raw).decode()}"


def test_a_phone_shows_its_ticket(carry, scan, phone):
    _, ticket = carry()
    answer = scan(ticket, token=phone.show(ticket.token))
    assert answer.status_code == 201
    assert answer.json["charge"]["charge_cents"] == 1200


def test_its_qr_code_is_read(carry, scan, phone, config):
    _, ticket = carry()
    text = token_to_text(phone.show(ticket.token), config.base_url)
    assert scan(ticket, token=text).status_code == 201


def test_a_copy_of_the_ticket_is_never_taken_for_paper(carry, scan):
    _, ticket = carry()
    assert scan(ticket).json["code"] == "holder_proof_missing"


def test_no_code_opens_a_live_ticket(carry, scan):
    _, ticket = carry()
    assert scan(ticket, token=None, code=ticket.code).json["code"] == "holder_proof_missing"


def test_a_picture_is_worthless_two_minutes_later(carry, scan, phone, noon):
    _, ticket = carry()
    picture = phone.show(ticket.token)
    noon.shift(100)
    assert scan(ticket, token=picture).json["code"] == "holder_proof_stale"


@pytest.mark.parametrize(("age_seconds", "status"), [(90, 201), (91, 422), (-30, 201), (-31, 422)])
def test_how_old_a_proof_may_be(carry, scan, phone, age_seconds, status):
    _, ticket = carry()
    assert scan(ticket, token=phone.show(ticket.token, age_seconds)).status_code == status


@pytest.mark.parametrize(
    ("aud", "code"), [("rubanerie", None), ("cret", "holder_proof_wrong_space")]
)
def test_a_proof_for_one_space_counts_there_alone(carry, scan, phone, aud, code):
    _, ticket = carry()
    assert scan(ticket, token=phone.show(ticket.token, aud=aud)).json.get("code") == code


def test_another_phone_proves_nothing(carry, scan):
    _, ticket = carry()
    assert scan(ticket, token=APhone().show(ticket.token)).json["code"] == "holder_proof_invalid"


def test_paper_with_a_proof_is_refused(sell, scan, phone):
    _, ticket = sell()
    assert scan(ticket, token=phone.show(ticket.token)).json["code"] == "holder_proof_invalid"


def test_a_proof_lets_in_once(carry, scan, phone):
    _, ticket = carry()
    shown = phone.show(ticket.token)
    assert scan(ticket, token=shown).status_code == 201
    assert scan(ticket, token=shown).json["code"] == "holder_proof_replayed"
    assert scan(ticket, "cret", token=shown).json["code"] == "holder_proof_replayed"
    assert scan(ticket, "cret", token=phone.show(ticket.token)).status_code == 201


def test_a_respelled_signature_is_the_same_proof(carry, scan, phone):
    _, ticket = carry()
    shown = phone.show(ticket.token)
    scan(ticket, token=shown)
    token, _, proof = shown.partition("~")
    curve = phone.curve
    again = scan(ticket, token=f"{token}~{respelled(proof, curve)}")
    assert again.json["code"] == "holder_proof_replayed"
    torn = scan(ticket, token=f"{respelled(token, curve)}~{proof}")
    assert torn.json["code"] == "holder_proof_invalid"


def test_the_same_request_again_is_answered_again(carry, scan, phone, count):
    _, ticket = carry()
    body = {"id": str(uuid4()), "token": phone.show(ticket.token)}
    assert scan(ticket, **body).status_code == 201
    assert scan(ticket, **body).status_code == 200
    assert count(CheckIn) == 1


def test_a_refused_or_previewed_proof_is_not_spent(carry, scan, phone, session):
    sold, ticket = carry(state="suspended")
    shown = phone.show(ticket.token)
    assert scan(ticket, token=shown).json["code"] == "suspended"
    sold.state = "active"
    session.commit()
    assert scan(ticket, token=shown, path="check-ins/preview").status_code == 200
    assert scan(ticket, token=shown).status_code == 201


def test_a_voided_visit_gives_its_proof_back(carry, scan, act, phone):
    """The host changes the unit at once: a void, and the same code again."""
    _, ticket = carry("quota", unit="half_day", units=5, validity_months=1)
    shown = phone.show(ticket.token)
    act(scan(ticket, token=shown), "void", reason="a day")
    day = scan(ticket, token=shown, unit="day")
    assert (day.status_code, day.json["units"]) == (201, 2)


def test_the_proof_is_judged_at_the_time_of_an_offline_scan(carry, scan, phone, noon):
    _, ticket = carry()
    shown = phone.show(ticket.token)
    noon.shift(86_400)
    late = {"offline": True, "at": "2026-11-24T11:01:30Z"}
    assert scan(ticket, token=shown, **late).status_code == 201
    stale = {"offline": True, "at": "2026-11-24T11:01:31Z"}
    assert scan(ticket, token=shown, **stale).json["code"] == "holder_proof_stale"


def test_two_desks_offline_are_shown_one_proof(carry, scan, phone):
    _, ticket = carry()
    shown, offline = phone.show(ticket.token), {"offline": True, "at": "2026-11-24T11:00:10Z"}
    assert scan(ticket, token=shown, **offline).status_code == 201
    assert scan(ticket, "cret", token=shown, **offline).json["code"] == "holder_proof_replayed"


def test_a_phone_that_was_replaced_is_refused(carry, scan, phone, session):
    sold, ticket = carry()
    cut_off(session, sold.id, "live")
    session.commit()
    assert scan(ticket, token=phone.show(ticket.token)).json["code"] == "revoked"


def test_a_live_ticket_takes_one_statement_more(carry, scan, phone, engine):
    _, first = carry()
    scan(first, token=phone.show(first.token))
    _, ticket = carry()
    shown = phone.show(ticket.token)
    with noted(engine) as statements:
        assert scan(ticket, token=shown).json["charge"]["charge_cents"] == 1200
    assert len(statements) == 12
    assert scans(engine, statements) == []


def test_what_is_kept_of_a_proof_is_its_hash(carry, scan, phone, rows):
    _, ticket = carry()
    scan(ticket, token=phone.show(ticket.token))
    ((kept,),) = rows(CheckIn.proof_hash)
    assert len(kept) == 43


def test_a_command_judges_a_live_ticket_too(carry, phone, session, config):
    _, ticket = carry()
    assert judge(session, config, ticket.token).code == "holder_proof_missing"
    assert judge(session, config, phone.show(ticket.token, aud="cret")).code is None
    assert judge(session, config, phone.show(ticket.token, 91)).code == "holder_proof_stale"
    session.get_one(Ticket, ticket.jti).revoked_at = ticket.issued_at
    assert judge(session, config, phone.show(ticket.token)).code == "revoked"
