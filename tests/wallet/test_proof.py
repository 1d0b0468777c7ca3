from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from wallet.errors import ClaimsInvalid, HolderProofMissing, WalletError
from wallet.keys import SigningKey, public_jwk
from wallet.proof import sd_hash
from wallet.qr import LIVE_LEVEL, LIVE_VERSION, qr_version, token_to_text
from wallet.ticket import payload_hash, sign_live_ticket
from wallet.verify import Presentation, Trust, peek, verify_presentation, verify_ticket

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "proofs.json").read_text())
PROOF_CODES = [
    f"holder_proof_{fault}" for fault in ("missing", "invalid", "stale", "wrong_space", "replayed")
]
NOVEMBER = 1_793_577_600
PHONE = ec.derive_private_key(7, ec.SECP256R1())


def named(case: dict[str, Any]) -> str:
    return str(case["name"])


def verify(case: dict[str, Any], trust: Trust) -> Presentation:
    return verify_presentation(
        case["text"], trust, case["at"], case["space"], frozenset(case["used"])
    )


def live(key: SigningKey, **changes: Any) -> str:
    told = {"sub": "pas_1", "jti": "tik_1", "iat": NOVEMBER, "exp": NOVEMBER + 86_400}
    return sign_live_ticket(key, public_jwk(PHONE.public_key()), **(told | changes))


def prove(token: str, header: dict[str, Any] | None = None, **changes: Any) -> str:
    claims = {"iat": NOVEMBER, "aud": "cowopass", "nonce": "n", "sd_hash": sd_hash(token)}
    given = {"typ": "kb+jwt"} | (header or {})
    payload = json.dumps(claims | changes).encode()
    return jwt.PyJWS().encode(payload, PHONE, "ES256", given)


def refusal(text: str, trust: Trust, at: int = NOVEMBER, space: str | None = "pixel") -> str:
    with pytest.raises(WalletError) as caught:
        verify_presentation(text, trust, at, space)
    return caught.value.code


@pytest.mark.parametrize("case", VECTORS["genuine"], ids=named)
def test_what_a_phone_shows_counts(case: dict[str, Any], shared_trust: Trust) -> None:
    shown = verify(case, shared_trust)
    assert shown.ticket._asdict() == case["ticket"]
    assert (shown.proof._asdict() if shown.proof else None) == case["proof"]


@pytest.mark.parametrize("case", VECTORS["refused"], ids=named)
def test_a_false_presentation_is_refused_by_its_code(
    case: dict[str, Any], shared_trust: Trust
) -> None:
    with pytest.raises(WalletError) as caught:
        verify(case, shared_trust)
    assert caught.value.code == case["code"]
    assert json.dumps([str(caught.value), vars(caught.value)])


def test_the_vectors_have_a_case_of_every_code() -> None:
    assert {case["code"] for case in VECTORS["refused"]} >= set(PROOF_CODES)


def test_who_judges_no_proof_takes_no_ticket_of_a_phone(
    signing_key: SigningKey, trust: Trust
) -> None:
    token = live(signing_key)
    for text in (token, f"{token}~{prove(token)}"):
        with pytest.raises(HolderProofMissing) as caught:
            verify_ticket(text, trust)
        assert caught.value.jti == "tik_1"


def test_without_a_space_any_audience_is_right(signing_key: SigningKey, trust: Trust) -> None:
    token = live(signing_key)
    text = f"{token}~{prove(token, aud='rubanerie')}"
    assert refusal(text, trust) == "holder_proof_wrong_space"
    proof = verify_presentation(text, trust, NOVEMBER, None).proof
    assert proof is not None
    assert proof.aud == "rubanerie"


def test_a_proof_is_known_again_by_what_was_signed(signing_key: SigningKey, trust: Trust) -> None:
    token = live(signing_key)
    first, second = prove(token), prove(token)
    assert first != second
    used = frozenset({payload_hash(first)})
    with pytest.raises(WalletError) as caught:
        verify_presentation(f"{token}~{second}", trust, NOVEMBER, None, used)
    assert caught.value.code == "holder_proof_replayed"


def test_the_order_of_the_refusals_is_part_of_the_protocol(
    signing_key: SigningKey, trust: Trust
) -> None:
    token = live(signing_key)
    seen = [
        refusal(token, trust),
        refusal(f"{token}~{prove(token, iat=1, aud='lyon', nonce=1)}", trust),
        refusal(f"{token}~{prove(token, iat=NOVEMBER - 91, aud='lyon')}", trust),
        refusal(f"{token}~{prove(token, aud='lyon')}", trust),
    ]
    assert seen == PROOF_CODES[:4]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["iat", "aud", "nonce", "sd_hash"]), JSON_VALUES))
def test_no_signed_proof_raises_anything_but_a_refusal(
    signing_key: SigningKey, trust: Trust, changes: dict[str, Any]
) -> None:
    token = live(signing_key)
    with suppress(WalletError):
        assert verify_presentation(f"{token}~{prove(token, **changes)}", trust, NOVEMBER, "pixel")


@given(st.from_regex(r"\A[A-Za-z0-9_-]{1,40}(\.[A-Za-z0-9_-]{1,40}){2}\Z"))
def test_no_text_for_a_proof_counts(signing_key: SigningKey, trust: Trust, text: str) -> None:
    code = refusal(f"{live(signing_key)}~{text}", trust)
    assert code == "holder_proof_invalid"


def test_a_live_ticket_says_nothing_more_than_it_must(signing_key: SigningKey) -> None:
    claims = jwt.decode(live(signing_key), options={"verify_signature": False})
    assert " ".join(sorted(claims)) == "aud cnf exp iat iss jti net sub"
    assert claims["cnf"] == {"jwk": public_jwk(PHONE.public_key())}


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {**public_jwk(PHONE.public_key()), "d": "a"},
        {**public_jwk(PHONE.public_key()), "x": "A" * 43},
        {**public_jwk(PHONE.public_key()), "kty": "RSA"},
    ],
)
def test_no_ticket_is_bound_to_what_is_no_key(signing_key: SigningKey, jwk: dict[str, str]) -> None:
    with pytest.raises(ClaimsInvalid) as caught:
        sign_live_ticket(signing_key, jwk, sub="p", jti="t", iat=NOVEMBER, exp=NOVEMBER + 1)
    assert caught.value.claim == "cnf"


def test_a_peek_at_a_presentation_is_one_at_its_ticket(signing_key: SigningKey) -> None:
    token = live(signing_key)
    proof = prove(token)
    assert peek(f"{token}~{proof}") == peek(token)._replace(proof_hash=payload_hash(proof))


def test_a_live_code_is_readable_on_a_screen(signing_key: SigningKey) -> None:
    token = live(signing_key, sub="pas_" + "i" * 20, jti="tik_" + "i" * 16)
    text = token_to_text(f"{token}~{prove(token, nonce='n' * 11)}", "https://pass.sainte.example")
    assert qr_version(text, LIVE_LEVEL) <= LIVE_VERSION
