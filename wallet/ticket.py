"""The ticket: what it is once verified, and how a network signs one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import jwt

from wallet.claims import AUDIENCE, read_claims
from wallet.jws import ALG, TYP, payload_hash
from wallet.keys import SigningKey

__all__ = ["Ticket", "payload_hash", "sign_ticket"]


class Ticket(NamedTuple):
    """A verified ticket. Instants are seconds since 1970, UTC.

    `sub` is the pass, `jti` this ticket of it: count, deduplicate and revoke by `jti`, never by
    `token`, since a valid signature can be altered into another valid one. A paper ticket has
    `nbf`, `home` (the space that sold it) and `plan`, a live one `cnf`, the key of the phone.
    """

    iss: str
    sub: str
    jti: str
    net: str
    kid: str
    iat: int
    exp: int
    nbf: int | None
    home: str | None
    plan: str | None
    cnf: Mapping[str, object] | None
    payload_hash: str
    token: str


def sign_ticket(  # noqa: PLR0913 (the claims of a ticket, each by its registered name)
    key: SigningKey,
    *,
    sub: str,
    jti: str,
    iat: int,
    nbf: int,
    exp: int,
    home: str,
    plan: str,
) -> str:
    """Return a paper ticket, a compact JWS, for the issuer and network of the key.

    Instants are seconds since 1970. Raises ClaimsInvalid rather than sign what every desk would
    refuse: for a pass renewed over many years, `iat` is the time of the new ticket.
    """
    claims: dict[str, object] = {
        "iss": key.issuer,
        "sub": sub,
        "jti": jti,
        "iat": iat,
        "nbf": nbf,
        "exp": exp,
        "aud": AUDIENCE,
        "net": key.network,
        "home": home,
        "plan": plan,
    }
    read_claims(claims)
    return jwt.encode(claims, key.private_key, ALG, headers={"typ": TYP, "kid": key.kid})
