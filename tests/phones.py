"""A phone, as far as a desk sees it: a key of its own, and what it signs with it."""

from __future__ import annotations

import secrets
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from cowopass import clock
from wallet.keys import public_jwk
from wallet.proof import sd_hash


class APhone:
    """A phone with a new key."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.curve = self._key.curve
        self.jwk = public_jwk(self._key.public_key())

    def show(self, token: str, age_seconds: int = 0, **changes: Any) -> str:
        """Return `ticket~proof` as the phone shows it, signed so many seconds ago."""
        claims = {
            "iat": int(clock.now().timestamp()) - age_seconds,
            "aud": "cowopass",
            "nonce": secrets.token_urlsafe(8),
            "sd_hash": sd_hash(token),
            **changes,
        }
        proof = jwt.encode(claims, self._key, "ES256", headers={"typ": "kb+jwt"})
        return f"{token}~{proof}"
