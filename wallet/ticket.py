"""The ticket: what it is once verified, and how a network signs one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import jwt

from wallet.claims import AUDIENCE, read_claims
from wallet.jws import ALG, TYP, payload_hash
from wallet.keys import SigningKey

__all__ = ["Ticket", "payload_hash", "sign_live_ticket", "sign_ticket"]


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
    paper = {"nbf": nbf, "home": home, "plan": plan}
    return _sign(key, {"sub": sub, "jti": jti, "iat": iat, "exp": exp, **paper})


def sign_live_ticket(
    key: SigningKey, jwk: Mapping[str, str], *, sub: str, jti: str, iat: int, exp: int
) -> str:
    """Return a ticket bound to a phone by the phone's public key, a compact JWS.

    It counts only together with a proof that the phone has just signed (`wallet.proof`). It says
    as little as it can, since it has to fit on a screen together with the proof. Raises
    ClaimsInvalid as `sign_ticket` does, also for a `jwk` that is no P-256 public key.
    """
    return _sign(key, {"sub": sub, "jti": jti, "iat": iat, "exp": exp, "cnf": {"jwk": dict(jwk)}})


def _sign(key: SigningKey, told: Mapping[str, object]) -> str:
    claims = {"iss": key.issuer, **told, "aud": AUDIENCE, "net": key.network}
    read_claims(claims)
    return jwt.encode(claims, key.private_key, ALG, headers={"typ": TYP, "kid": key.kid})
