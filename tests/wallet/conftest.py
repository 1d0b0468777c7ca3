from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from wallet.keys import SigningKey, TrustedKey, key_id, public_jwk, public_key_from_jwk
from wallet.verify import Trust

ISSUER = "https://pass.sainte.example"
PRIVATE_KEY = ec.derive_private_key(20131024, ec.SECP256R1())
KID = key_id(public_jwk(PRIVATE_KEY.public_key()))

CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "pas_7q2m5x4k9d3h6b8w0r1t",
    "jti": "tik_1a2b3c4d5e6f7g8h9j0k",
    "iat": 1_793_577_600,
    "nbf": 1_793_577_600,
    "exp": 1_825_200_000,
    "aud": "cowopass",
    "net": "sainte",
    "home": "comptoir-numerique",
    "plan": "voyageur-jours",
}

Sign = Callable[..., str]


@pytest.fixture(scope="session")
def signing_key() -> SigningKey:
    return SigningKey(KID, ISSUER, "sainte", PRIVATE_KEY)


@pytest.fixture(scope="session")
def trust(signing_key: SigningKey) -> Trust:
    public_key = signing_key.private_key.public_key()
    return Trust(frozenset({ISSUER}), (TrustedKey(KID, ISSUER, "sainte", public_key),))


@pytest.fixture(scope="session")
def shared_trust() -> Trust:
    """Whom the shared vectors trust."""
    path = Path(__file__).parents[1] / "vectors" / "tickets.json"
    given = json.loads(path.read_text())["trust"]
    keys = (
        TrustedKey(
            one["kid"],
            one["iss"],
            one["net"],
            public_key_from_jwk(one["jwk"]),
            compromised=one["compromised"],
        )
        for one in given["keys"]
    )
    genuine = frozenset((jti, digest) for jti, digest in given["genuine"])
    return Trust(frozenset(given["issuers"]), tuple(keys), genuine)


@pytest.fixture(scope="session")
def sign() -> Sign:
    """Sign a ticket, right but for the given claims and headers; None leaves one out."""

    def sign_claims(
        headers: dict[str, Any] | None = None,
        private_key: ec.EllipticCurvePrivateKey = PRIVATE_KEY,
        **changes: Any,
    ) -> str:
        claims = {name: one for name, one in (CLAIMS | changes).items() if one is not None}
        given = {"typ": "cowopass+jwt", "kid": KID} | (headers or {})
        return jwt.PyJWS().encode(json.dumps(claims).encode(), private_key, "ES256", given)

    return sign_claims
