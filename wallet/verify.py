"""Is this ticket genuine? The answer depends on nothing but the text and the trusted keys.

The order of the refusals is part of the protocol: every verifier, in whichever language, gives the
same code for the same ticket. Whether it is valid today, and for what, the desk decides.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

import jwt

from wallet.claims import read_claims
from wallet.errors import (
    BadSignature,
    HolderProofMissing,
    IssuerKeyMismatch,
    IssuerUnknown,
    KeyCompromised,
    KeyUnknown,
)
from wallet.jws import ALG, Unverified, read_unverified, text_of
from wallet.keys import TrustedKey
from wallet.ticket import Ticket

_JWS = jwt.PyJWS(algorithms=[ALG])


class Trust(NamedTuple):
    """Whom a verifier trusts: issuers by base URL, their keys, and the tickets to honour still.

    `genuine` holds (jti, payload hash) of each ticket issued under a compromised key. Both, for a
    thief who holds the key can reuse the `jti` of a ticket that he has seen.
    """

    issuers: frozenset[str]
    keys: tuple[TrustedKey, ...]
    genuine: Container[tuple[str, str]] = frozenset()


class Peek(NamedTuple):
    """What a text claims to be, unverified: enough to load the keys that will tell.

    A member that is missing, or no text, is ''.
    """

    kid: str
    net: str
    jti: str
    payload_hash: str


def peek(text: str) -> Peek:
    """Return what a ticket's text claims, without verifying it.

    Raises as `verify_ticket` does up to TypNotAllowed.
    """
    unverified = read_unverified(text)
    return Peek(
        kid=text_of(unverified.header.get("kid")) or "",
        net=text_of(unverified.claims.get("net")) or "",
        jti=text_of(unverified.claims.get("jti")) or "",
        payload_hash=unverified.payload_hash,
    )


def verify_ticket(text: str, trust: Trust) -> Ticket:
    """Return the genuine ticket of a text: the QR code's URL, its base32 part, or a compact JWS.

    `nbf` and `exp` are of the right type and range, but not compared with any clock. Raises the
    first that applies of TokenTooLarge, NotATicket, TicketMalformed, AlgNotAllowed, TypNotAllowed,
    IssuerUnknown, KeyUnknown, KeyCompromised, IssuerKeyMismatch, BadSignature, ClaimsInvalid,
    HolderProofMissing; for no text whatsoever anything else.
    """
    unverified = read_unverified(text)
    keys = _keys_for(unverified, trust)
    kid = keys[0].kid
    if not any(_is_signed_by(key, unverified.token) for key in keys):
        raise BadSignature(kid)
    claims = read_claims(unverified.claims)
    if claims.cnf is not None:
        raise HolderProofMissing(claims.jti)
    return Ticket(
        **claims._asdict(), kid=kid, payload_hash=unverified.payload_hash, token=unverified.token
    )


def _keys_for(unverified: Unverified, trust: Trust) -> list[TrustedKey]:
    """Return the keys, at least one, that may have signed this; raises why there are none."""
    claims = unverified.claims
    issuer, network, jti = (text_of(claims.get(name)) for name in ("iss", "net", "jti"))
    kid = text_of(unverified.header.get("kid"))
    if issuer is None or issuer not in trust.issuers:
        raise IssuerUnknown(issuer)
    named = [key for key in trust.keys if key.kid == kid]
    if kid is None or not named:
        raise KeyUnknown(kid)
    is_ours = jti is not None and (jti, unverified.payload_hash) in trust.genuine
    vouching = [key for key in named if is_ours or not key.compromised]
    if not vouching:
        raise KeyCompromised(kid)
    entitled = [key for key in vouching if (key.issuer, key.network) == (issuer, network)]
    if not entitled:
        raise IssuerKeyMismatch(issuer, network, kid)
    return entitled


def _is_signed_by(key: TrustedKey, token: str) -> bool:
    try:
        _JWS.decode(token, key.public_key, algorithms=[ALG])
    except (jwt.PyJWTError, TypeError, ValueError):
        # PyJWT lets a TypeError through for a key of another kind than the algorithm's.
        return False
    return True
