"""The journal of a desk's browser: numbered entries, signed by a key that stays in it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from wallet.keys import public_jwk, thumbprint


class AJournal:
    """A journal with a new key; it counts its entries itself unless told a number."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.jwk = public_jwk(self._key.public_key())
        self.name = thumbprint(self.jwk)
        self._number = 0

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        """Return any claims signed as an entry."""
        told = {"typ": "cowopass-journal+jwt", "jwk": self.jwk, **header}
        return jwt.encode(claims, self._key, "ES256", headers=told)

    def entry(
        self,
        token: str,
        at: str,
        bundle: int | None = None,
        refused: str | None = None,
        number: int | None = None,
        **over: Any,
    ) -> dict[str, str]:
        """Return an item of a batch: a ticket shown at the Rubanerie, unless told otherwise."""
        self._number += 1
        check_in = {
            "id": str(uuid4()),
            "token": token,
            "space": "rubanerie",
            "unit": None,
            "at": at,
            "offline": True,
            **over,
        }
        claims = {"number": number or self._number, "bundle": bundle, "refused": refused}
        return {"journal": self.sign({**claims, "check_in": check_in})}
