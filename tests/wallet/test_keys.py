from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from wallet.errors import KeyUnreadable
from wallet.keys import (
    SigningKey,
    TrustedKey,
    jwks,
    key_id,
    open_private_key,
    public_jwk,
    public_key_from_jwk,
    seal_private_key,
    thumbprint,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "base32.json").read_text())
SECRET = b"a secret of the environment, 32 bytes or more"


@pytest.mark.parametrize("case", VECTORS["thumbprints"], ids=lambda case: str(case["thumbprint"]))
def test_a_key_is_known_by_its_thumbprint(case: dict[str, Any]) -> None:
    assert thumbprint(case["jwk"]) == case["thumbprint"]
    assert key_id(case["jwk"]) == case["thumbprint"][:10]


@pytest.mark.parametrize("case", VECTORS["thumbprints"], ids=lambda case: str(case["thumbprint"]))
def test_a_public_key_comes_back_from_its_jwk(case: dict[str, Any]) -> None:
    assert public_jwk(public_key_from_jwk(case["jwk"])) == case["jwk"]


def test_small_coordinates_keep_their_leading_zeros() -> None:
    """A coordinate below 2**248 has a zero byte in front, which the RFC wants written."""
    keys = (ec.derive_private_key(number, ec.SECP256R1()).public_key() for number in range(1, 999))
    small = next(key for key in keys if key.public_numbers().x < 1 << 248)
    jwk = public_jwk(small)
    assert len(jwk["x"]) == len(jwk["y"]) == 43
    assert public_key_from_jwk(jwk) == small


@pytest.mark.parametrize(
    "changes",
    [
        *({"kty": "OKP"}, {"crv": "P-384"}, {"kty": None}, {"x": None}, {"x": 7}, {"y": ""}),
        *({"x": "A" * 43}, {"y": "A" * 42}, {"x": "A" * 44}, {"y": "é" * 43}, {"x": "_" * 43}),
    ],
)
def test_a_jwk_that_is_no_point_of_our_curve_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(KeyUnreadable):
        public_key_from_jwk(VECTORS["thumbprints"][0]["jwk"] | changes)


def test_the_published_set_names_networks_and_hides_secrets(signing_key: SigningKey) -> None:
    public_key = signing_key.private_key.public_key()
    sound = TrustedKey(signing_key.kid, signing_key.issuer, "sainte", public_key)
    stolen = sound._replace(compromised=True)
    assert jwks([stolen, sound]) == {
        "keys": [
            {
                **public_jwk(public_key),
                "use": "sig",
                "alg": "ES256",
                "kid": signing_key.kid,
                "net": "sainte",
            }
        ]
    }


def test_any_library_reads_the_published_set(sign: Any, signing_key: SigningKey) -> None:
    public_key = signing_key.private_key.public_key()
    published = jwks([TrustedKey(signing_key.kid, signing_key.issuer, "sainte", public_key)])
    key = jwt.PyJWKSet.from_dict(published)[signing_key.kid]
    assert jwt.PyJWS().decode(sign(), key, ["ES256"])


def test_a_sealed_key_opens_under_its_secret_alone(signing_key: SigningKey) -> None:
    pem = seal_private_key(signing_key.private_key, SECRET)
    assert pem.startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    numbers = signing_key.private_key.private_numbers()
    assert open_private_key(pem, SECRET).private_numbers() == numbers
    for secret in (b"another secret", b""):
        with pytest.raises(KeyUnreadable):
            open_private_key(pem, secret)


@pytest.mark.parametrize(
    "private_key",
    [ed25519.Ed25519PrivateKey.generate(), ec.derive_private_key(7, ec.SECP384R1())],
    ids=["Ed25519", "P-384"],
)
def test_a_key_of_another_kind_is_not_opened(private_key: Any) -> None:
    pem = private_key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(SECRET)
    )
    with pytest.raises(KeyUnreadable):
        open_private_key(pem.decode(), SECRET)


@pytest.mark.parametrize("pem", ["", "nonsense", "-----BEGIN PRIVATE KEY-----"])
def test_a_damaged_key_is_not_opened(pem: str) -> None:
    with pytest.raises(KeyUnreadable):
        open_private_key(pem, SECRET)
