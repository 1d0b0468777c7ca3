from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given
from hypothesis import strategies as st

from wallet.errors import (
    BadSignature,
    ClaimsInvalid,
    HolderProofMissing,
    IssuerUnknown,
    KeyCompromised,
    TicketMalformed,
    TokenTooLarge,
    WalletError,
)
from wallet.keys import SigningKey
from wallet.text import token_to_text
from wallet.ticket import payload_hash
from wallet.verify import Peek, Trust, peek, verify_ticket

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "tickets.json").read_text())
TICKET_CODES = (
    *("not_a_ticket", "token_too_large", "malformed", "alg_not_allowed", "typ_not_allowed"),
    *("issuer_unknown", "key_unknown", "key_compromised", "issuer_key_mismatch"),
    *("bad_signature", "claims_invalid", "holder_proof_missing"),
)


def refusal(text: str, trust: Trust) -> WalletError:
    with pytest.raises(WalletError) as caught:
        verify_ticket(text, trust)
    return caught.value


def named(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", VECTORS["genuine"], ids=named)
def test_a_genuine_ticket_is_read(case: dict[str, Any], shared_trust: Trust) -> None:
    assert verify_ticket(case["text"], shared_trust)._asdict() == case["ticket"]


@pytest.mark.parametrize("case", VECTORS["refused"], ids=named)
def test_anything_else_is_refused_by_its_code(case: dict[str, Any], shared_trust: Trust) -> None:
    assert refusal(case["text"], shared_trust).code == case["code"]


def test_the_vectors_have_a_case_of_every_code() -> None:
    assert {case["code"] for case in VECTORS["refused"]} == set(TICKET_CODES)


@pytest.mark.parametrize("case", VECTORS["refused"], ids=named)
def test_a_refusal_can_be_written_down_anywhere(case: dict[str, Any], shared_trust: Trust) -> None:
    refused = refusal(case["text"], shared_trust)
    written = json.dumps([str(refused), vars(refused)], ensure_ascii=False)
    assert "\\u0000" not in written
    assert written.encode()


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]{0,40}(\.[A-Za-z0-9_-]{0,40}){2}~?"))
def test_no_text_raises_anything_but_a_refusal(trust: Trust, text: str) -> None:
    refusal(text, trust)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


CLAIM_NAMES = ["iss", "sub", "jti", "iat", "nbf", "exp", "aud", "net", "home", "plan", "cnf"]


@given(st.dictionaries(st.sampled_from(CLAIM_NAMES), JSON_VALUES, max_size=3))
def test_no_signed_claims_raise_anything_but_a_refusal(
    sign: Any, trust: Trust, changes: dict[str, Any]
) -> None:
    with suppress(WalletError):
        assert verify_ticket(sign(**changes), trust)


@given(header=JSON_VALUES, claims=JSON_VALUES)
def test_no_json_at_all_raises_anything_but_a_refusal(
    trust: Trust, header: object, claims: object
) -> None:
    parts = (json.dumps(one).encode() for one in (header, claims))
    token = ".".join(jwt.utils.base64url_encode(part).decode() for part in parts)
    refusal(f"{token}.AAAA", trust)


@given(st.data())
def test_a_ticket_with_one_character_changed_is_refused(
    sign: Any, trust: Trust, data: st.DataObject
) -> None:
    token = sign()
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda one: one != token[at]))
    changed = token[:at] + other + token[at + 1 :]
    if changed.strip() != token:
        refusal(changed, trust)


@given(st.integers(0, 700))
def test_a_ticket_that_was_cut_is_refused(sign: Any, trust: Trust, length: int) -> None:
    token = sign()
    refused = refusal(token[: min(length, len(token) - 1)], trust)
    assert refused.code in {"not_a_ticket", "malformed", "bad_signature"}


def test_half_a_ticket_is_malformed(sign: Any, trust: Trust) -> None:
    token = sign()
    text = token_to_text(token, "https://pass.example")
    for whole in (token, text, text.lower(), text.partition("#")[2]):
        assert isinstance(refusal(whole[: len(whole) // 2], trust), TicketMalformed)


@pytest.mark.parametrize("character", ["A", ".", "~", "\ud800", " ", "["])
def test_ten_megabytes_are_refused_at_once(trust: Trust, character: str) -> None:
    text = f"eyJ{character * 10_000_000}"
    start = time.thread_time()
    refused = refusal(text, trust)
    assert time.thread_time() - start < 0.01
    assert isinstance(refused, TokenTooLarge)
    assert refused.length == len(text)


@pytest.mark.parametrize("character", ["A", ".", "~", "/", "#", " ", "A.", "HTTPS://"])
def test_the_longest_text_is_read_in_no_time(trust: Trust, character: str) -> None:
    start = time.thread_time()
    refusal((character * 2_800)[:2_800], trust)
    assert time.thread_time() - start < 0.1


@pytest.mark.parametrize("depth", [17, 300, 700])
def test_deep_nesting_is_malformed(sign: Any, trust: Trust, depth: int) -> None:
    nested = b'{"a":' + b"[" * depth + b"]" * depth + b"}"
    header, _, signature = sign().split(".")
    part = jwt.utils.base64url_encode(nested).decode()
    assert isinstance(refusal(f"{header}.{part}.{signature}", trust), TicketMalformed)


def test_a_fraction_of_zero_is_no_whole_number(sign: Any, trust: Trust) -> None:
    refused = refusal(sign(exp=1_825_200_000.0), trust)
    assert isinstance(refused, ClaimsInvalid)
    assert refused.claim == "exp"


def test_the_first_fault_in_the_order_is_the_answer(trust: Trust) -> None:
    """Mends one fault after the other; the codes must come in the stated order."""
    stranger = ec.derive_private_key(7, ec.SECP256R1())
    known = trust.keys[0]
    header: dict[str, Any] = {"alg": "ES256", "typ": "JWT", "kid": "unknown"}
    claims: dict[str, Any] = {"iss": "https://evil.example", "net": "lyon", "cnf": {}}
    stolen = trust._replace(keys=(known._replace(compromised=True),))
    seen = []

    def show(trusted: Trust = trust, by: ec.EllipticCurvePrivateKey = stranger) -> None:
        seen.append(refusal(jwt.encode(claims, by, "ES256", headers=header), trusted).code)

    show()
    header["typ"] = "cowopass+jwt"
    show()
    claims["iss"] = known.issuer
    show()
    header["kid"] = known.kid
    show(stolen)
    show()
    claims["net"] = known.network
    show()
    private_key = ec.derive_private_key(20131024, ec.SECP256R1())
    show(by=private_key)
    assert seen == [code for code in TICKET_CODES if code in seen]
    assert seen == list(TICKET_CODES[4:11])


def test_a_ticket_of_a_phone_is_never_taken_for_paper(sign: Any, trust: Trust) -> None:
    public_key = ec.derive_private_key(8, ec.SECP256R1()).public_key()
    jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(public_key))
    refused = refusal(sign(cnf={"jwk": jwk}), trust)
    assert isinstance(refused, HolderProofMissing)
    assert refused.jti == "tik_1a2b3c4d5e6f7g8h9j0k"


def test_under_a_stolen_key_only_what_we_issued_counts(sign: Any, trust: Trust) -> None:
    ours, forged = sign(), sign(plan="resident")
    stolen = trust._replace(keys=(trust.keys[0]._replace(compromised=True),))
    assert isinstance(refusal(ours, stolen), KeyCompromised)
    listed = stolen._replace(genuine={("tik_1a2b3c4d5e6f7g8h9j0k", payload_hash(ours))})
    assert verify_ticket(ours, listed).token == ours
    assert isinstance(refusal(forged, listed), KeyCompromised)


def test_a_sound_key_of_the_same_kid_still_counts(sign: Any, trust: Trust) -> None:
    sound = trust.keys[0]
    other = ec.derive_private_key(9, ec.SECP256R1()).public_key()
    stolen = sound._replace(public_key=other, compromised=True)
    assert verify_ticket(sign(), trust._replace(keys=(stolen, sound)))


def test_a_key_of_another_kind_signs_nothing(sign: Any, trust: Trust) -> None:
    """PyJWT alone raises a bare TypeError here."""
    foreign: Any = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    keys = (trust.keys[0]._replace(public_key=foreign),)
    assert isinstance(refusal(sign(), trust._replace(keys=keys)), BadSignature)


def test_nobody_is_trusted_by_default(sign: Any) -> None:
    assert isinstance(refusal(sign(), Trust(frozenset(), ())), IssuerUnknown)


def test_a_peek_tells_which_keys_to_load(sign: Any, signing_key: SigningKey) -> None:
    token = sign()
    expected = Peek(
        signing_key.kid, "sainte", "tik_1a2b3c4d5e6f7g8h9j0k", payload_hash(token), None
    )
    assert peek(token) == peek(token_to_text(token, "https://a.example")) == expected


def test_a_peek_at_what_is_no_text_is_empty(sign: Any) -> None:
    assert peek(sign(net=7, jti=[1]))[1:3] == ("", "")


@pytest.mark.parametrize("case", VECTORS["refused"], ids=named)
def test_a_peek_judges_the_form_alone(case: dict[str, Any]) -> None:
    if case["code"] in TICKET_CODES[:5]:
        with pytest.raises(WalletError) as caught:
            peek(case["text"])
        assert caught.value.code == case["code"]
    else:
        assert len(peek(case["text"]).payload_hash) == 43
