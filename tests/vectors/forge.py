"""Keys and tokens of the test vectors: good ones, and what a forger would try.

Nothing here is random: the signatures are those of RFC 6979.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from wallet.encoding import base64url_encode
from wallet.keys import key_id, public_jwk

ISSUER = "https://pass.sainte.example"
OTHER_ISSUER = "https://pass.lyon.example"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256: (r, ORDER - s) is a valid signature wherever (r, s) is."""


class Key(NamedTuple):
    """A key of the vectors: anyone may know its private half."""

    issuer: str
    network: str
    private: ec.EllipticCurvePrivateKey
    compromised: bool = False

    @property
    def kid(self) -> str:
        return key_id(public_jwk(self.private.public_key()))


def key(name: str, issuer: str = ISSUER, network: str = "sainte", **more: bool) -> Key:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big") % (ORDER - 1) + 1
    return Key(issuer, network, ec.derive_private_key(number, ec.SECP256R1()), **more)


SAINTE = key("sainte")
TWIN = key("a key whose shortened thumbprint happens to be that of sainte")
LYON = key("lyon", network="lyon")
ELSEWHERE = key("elsewhere", OTHER_ISSUER)
STOLEN = key("stolen", compromised=True)
NOBODY = key("nobody")
PHONE = key("phone")


def seconds(year: int, month: int = 1, day: int = 1) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


HEADER = {"typ": "cowopass+jwt", "alg": "ES256", "kid": SAINTE.kid}
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "pas_7q2m5x4k9d3h6b8w0r1t",
    "jti": "tik_1a2b3c4d5e6f7g8h9j0k",
    "iat": seconds(2026, 11, 2),
    "nbf": seconds(2026, 11, 2),
    "exp": seconds(2027, 11, 3),
    "aud": "cowopass",
    "net": "sainte",
    "home": "comptoir-numerique",
    "plan": "voyageur-jours",
}
LIVE = {name: CLAIMS[name] for name in ("iss", "sub", "jti", "iat", "exp", "aud", "net")}
JWK = public_jwk(PHONE.private.public_key())


def dumps(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def der(signing_input: str, private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.sign(signing_input.encode(), ec.ECDSA(SHA256(), deterministic_signing=True))


def raw(signing_input: str, private: ec.EllipticCurvePrivateKey, *, other: bool = False) -> bytes:
    r, s = decode_dss_signature(der(signing_input, private))
    return r.to_bytes(32, "big") + (ORDER - s if other else s).to_bytes(32, "big")


def joined(header: bytes, claims: bytes) -> str:
    return f"{base64url_encode(header)}.{base64url_encode(claims)}"


def token(claims: object = None, header: object = None, by: Key = SAINTE) -> str:
    """Return a signed token; bytes stand for a header or claims that no JSON library writes."""
    parts = ({**HEADER, "kid": by.kid} if header is None else header, claims or CLAIMS)
    signing_input = joined(*(one if isinstance(one, bytes) else dumps(one) for one in parts))
    return f"{signing_input}.{base64url_encode(raw(signing_input, by.private))}"


def but(**changes: Any) -> dict[str, Any]:
    return {**CLAIMS, **changes}


def without(name: str) -> dict[str, Any]:
    return {one: value for one, value in CLAIMS.items() if one != name}


def signed_with(signature: bytes) -> str:
    return f"{token().rpartition('.')[0]}.{base64url_encode(signature)}"
