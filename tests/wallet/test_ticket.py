from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from jwt.utils import base64url_decode, base64url_encode, der_to_raw_signature, raw_to_der_signature

from wallet.errors import ClaimsInvalid
from wallet.keys import SigningKey
from wallet.ticket import payload_hash, sign_ticket
from wallet.verify import Trust, verify_ticket

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
NOVEMBER = 1_793_577_600
DAY = 86_400


def paper(key: SigningKey, **changes: Any) -> str:
    given: dict[str, Any] = {
        "sub": "pas_7q2m5x4k9d3h6b8w0r1t",
        "jti": "tik_1a2b3c4d5e6f7g8h9j0k",
        "iat": NOVEMBER,
        "nbf": NOVEMBER,
        "exp": NOVEMBER + 365 * DAY,
        "home": "comptoir-numerique",
        "plan": "voyageur-jours",
    }
    return sign_ticket(key, **(given | changes))


def other_signature(token: str, key: SigningKey) -> str:
    """Return the same ticket with (r, n - s) in place of (r, s), which is as valid."""
    signing_input, _, signature = token.rpartition(".")
    curve = key.private_key.curve
    r, s = decode_dss_signature(raw_to_der_signature(base64url_decode(signature), curve))
    raw = der_to_raw_signature(encode_dss_signature(r, P256_ORDER - s), curve)
    return f"{signing_input}.{base64url_encode(raw).decode()}"


def test_what_is_signed_is_what_is_verified(signing_key: SigningKey, trust: Trust) -> None:
    token = paper(signing_key)
    ticket = verify_ticket(token, trust)
    assert ticket.token == token
    assert ticket.payload_hash == payload_hash(token)
    assert ticket._asdict() | {"token": "", "payload_hash": ""} == {
        "iss": "https://pass.sainte.example",
        "sub": "pas_7q2m5x4k9d3h6b8w0r1t",
        "jti": "tik_1a2b3c4d5e6f7g8h9j0k",
        "net": "sainte",
        "kid": signing_key.kid,
        "iat": NOVEMBER,
        "exp": NOVEMBER + 365 * DAY,
        "nbf": NOVEMBER,
        "home": "comptoir-numerique",
        "plan": "voyageur-jours",
        "cnf": None,
        "token": "",
        "payload_hash": "",
    }


def test_a_ticket_is_a_jws_of_our_type(signing_key: SigningKey) -> None:
    header = jwt.get_unverified_header(paper(signing_key))
    assert header == {"alg": "ES256", "typ": "cowopass+jwt", "kid": signing_key.kid}


def test_a_ticket_says_nothing_more_than_it_must(signing_key: SigningKey) -> None:
    claims = json.loads(base64url_decode(paper(signing_key).split(".")[1]))
    assert " ".join(sorted(claims)) == "aud exp home iat iss jti nbf net plan sub"
    assert claims["aud"] == "cowopass"


@pytest.mark.parametrize(
    ("claim", "changes"),
    [
        ("exp", {"exp": NOVEMBER}),
        ("exp", {"exp": NOVEMBER + 1_830 * DAY + 1}),
        ("exp", {"exp": 10**400}),
        ("iat", {"iat": True}),
        ("nbf", {"nbf": NOVEMBER * 1000}),
        ("sub", {"sub": ""}),
        ("jti", {"jti": "j" * 65}),
        ("home", {"home": "Le Comptoir Numérique"}),
    ],
)
def test_nothing_is_signed_that_would_be_refused(
    signing_key: SigningKey, claim: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(ClaimsInvalid) as caught:
        paper(signing_key, **changes)
    assert caught.value.claim == claim


def test_sixty_months_may_be_signed_wherever_they_begin(signing_key: SigningKey) -> None:
    assert paper(signing_key, exp=NOVEMBER + 1_830 * DAY)


def test_a_pass_renewed_for_ten_years_gets_its_new_ticket(
    signing_key: SigningKey, trust: Trust
) -> None:
    later = NOVEMBER + 10 * 365 * DAY
    token = paper(signing_key, iat=later, exp=later + 365 * DAY)
    assert verify_ticket(token, trust).nbf == NOVEMBER


def test_a_pass_may_be_written_down_after_its_end(signing_key: SigningKey, trust: Trust) -> None:
    """A space may enter last year's sales, and their visits, today."""
    token = paper(signing_key, iat=NOVEMBER + 400 * DAY)
    assert verify_ticket(token, trust).exp == NOVEMBER + 365 * DAY


def test_a_ticket_names_its_issuer(signing_key: SigningKey) -> None:
    with pytest.raises(ClaimsInvalid) as caught:
        paper(signing_key._replace(issuer=""))
    assert caught.value.claim == "iss"


def test_an_altered_signature_is_still_the_same_ticket(
    signing_key: SigningKey, trust: Trust
) -> None:
    token = paper(signing_key)
    altered = other_signature(token, signing_key)
    assert altered != token
    ticket = verify_ticket(altered, trust)
    assert ticket.jti == "tik_1a2b3c4d5e6f7g8h9j0k"
    assert ticket.payload_hash == payload_hash(token)


def test_a_payload_hash_is_of_all_that_was_signed() -> None:
    digest = base64url_encode(sha256(b"e30.e30").digest()).decode()
    assert payload_hash("e30.e30.AQ") == digest
    assert payload_hash("e30.e31.AQ") != digest != payload_hash("e31.e30.AQ")
