"""Keys of networks: names, published form, and the sealed form in which private ones are kept.

P-256 alone, since it is the curve that every browser's WebCrypto knows. A key signs for one
network of one issuer, so that who steals Lyon's can't make tickets of Sainté.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from wallet.encoding import base64url_decode, base64url_encode
from wallet.errors import KeyUnreadable

COORDINATE_BYTES = 32
KID_LENGTH = 10
"""Characters of the thumbprint in a header: 60 bits find the key, the signature proves it."""


class SigningKey(NamedTuple):
    """A private key of a network. `issuer` is the base URL of the instance, as in `iss`."""

    kid: str
    issuer: str
    network: str
    private_key: EllipticCurvePrivateKey


class TrustedKey(NamedTuple):
    """A public key and the only issuer and network for which it counts.

    Once `compromised`, it vouches for no ticket but those on the list of what was issued.
    """

    kid: str
    issuer: str
    network: str
    public_key: EllipticCurvePublicKey
    compromised: bool = False


def public_jwk(public_key: EllipticCurvePublicKey) -> dict[str, str]:
    """Return a P-256 public key as a JWK of its four required members (RFC 7518, section 6.2)."""
    numbers = public_key.public_numbers()
    x, y = (
        base64url_encode(number.to_bytes(COORDINATE_BYTES, "big"))
        for number in (numbers.x, numbers.y)
    )
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def public_key_from_jwk(jwk: Mapping[str, object]) -> EllipticCurvePublicKey:
    """Return the key of a P-256 JWK; other members than the required four are ignored.

    Raises KeyUnreadable when it is of another kind, or no point of the curve.
    """
    if (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256"):
        raise KeyUnreadable("it is not a JWK of the curve P-256")
    try:
        x, y = (_coordinate(jwk.get(name)) for name in "xy")
        return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    except ValueError as error:
        raise KeyUnreadable("its x and y are no point of the curve") from error


def _coordinate(value: object) -> int:
    data = base64url_decode(value) if isinstance(value, str) else b""
    if len(data) != COORDINATE_BYTES:
        raise ValueError("a coordinate has 32 bytes")
    return int.from_bytes(data, "big")


def thumbprint(public_jwk: Mapping[str, object]) -> str:
    """Return the SHA-256 thumbprint of an EC public JWK (RFC 7638), base64url: 43 characters.

    >>> x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
    >>> y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    >>> thumbprint({"kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig"})
    'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U'
    """
    required = {name: public_jwk[name] for name in ("crv", "kty", "x", "y")}
    canonical = json.dumps(required, separators=(",", ":"))
    return base64url_encode(sha256(canonical.encode()).digest())


def key_id(public_jwk: Mapping[str, object]) -> str:
    """Return the `kid` of a key: the beginning of its thumbprint.

    Two keys may share one by bad luck, so whoever verifies tries every match.
    """
    return thumbprint(public_jwk)[:KID_LENGTH]


def jwks(keys: Iterable[TrustedKey]) -> dict[str, list[dict[str, str]]]:
    """Return the JWK Set to publish (RFC 7517); `net` names the network that a key signs for.

    Compromised keys are left out: who reads only this must not trust them any more.
    """
    return {
        "keys": [
            {
                **public_jwk(key.public_key),
                "use": "sig",
                "alg": "ES256",
                "kid": key.kid,
                "net": key.network,
            }
            for key in keys
            if not key.compromised
        ]
    }


def seal_private_key(private_key: EllipticCurvePrivateKey, secret: bytes) -> str:
    """Return a private key as PKCS #8 PEM, encrypted under a secret of 1 to 1,023 bytes.

    Salted, so the same key gives another text each time.
    """
    pem = private_key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(secret)
    )
    return pem.decode()


def open_private_key(pem: str, secret: bytes) -> EllipticCurvePrivateKey:
    """Return the private key that was sealed; raises KeyUnreadable under another secret."""
    try:
        key = load_pem_private_key(pem.encode(), secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnreadable("it was sealed under another secret, or is damaged") from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise KeyUnreadable("it is not a key of the curve P-256")
    return key
