"""What a ticket must say, of which type and in which range."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from wallet.errors import ClaimsInvalid, KeyUnreadable
from wallet.keys import public_key_from_jwk

AUDIENCE = "cowopass"

EARLIEST = 1_356_998_400
"""2013-01-01 UTC in seconds since 1970: nobody had sold a pass before."""

LATEST = 4_102_444_800
"""2100-01-01 UTC in seconds since 1970."""

LONGEST_SECONDS = 1_830 * 86_400
"""The longest life of a ticket, from the later of its `iat` and `nbf` to its `exp`.

Sixty months are at most 1,827 days; the rest is for time zones. A key has to be published, and a
theft of it feared, until the last ticket signed by it ends: without a bound, one slip or one
thief's ticket would last for ever.
"""

# Printable ASCII without spaces: what identifiers and slugs are made of, and no personal names.
_NAME = re.compile(r"[\x21-\x7e]{1,64}")
_JWK_MEMBERS = {"kty", "crv", "x", "y"}


class Claims(NamedTuple):
    """The claims of a ticket, each of the right type and range; see `wallet.ticket.Ticket`."""

    iss: str
    sub: str
    jti: str
    net: str
    iat: int
    exp: int
    nbf: int | None
    home: str | None
    plan: str | None
    cnf: Mapping[str, object] | None


def read_claims(claims: Mapping[str, object]) -> Claims:
    """Return the claims of a ticket; raises ClaimsInvalid for the first that is wrong.

    Whether it is valid now is not judged here. Claims that nobody knows are no error: a later
    version may add some.
    """
    if claims.get("aud") != AUDIENCE:
        raise ClaimsInvalid("aud", f"is not {AUDIENCE!r}")
    read = Claims(
        iss=_issuer(claims.get("iss")),
        sub=read_name("sub", claims.get("sub")),
        jti=read_name("jti", claims.get("jti")),
        net=read_name("net", claims.get("net")),
        iat=read_instant("iat", claims.get("iat")),
        exp=read_instant("exp", claims.get("exp")),
        nbf=read_instant("nbf", claims["nbf"]) if "nbf" in claims else None,
        home=read_name("home", claims["home"]) if "home" in claims else None,
        plan=read_name("plan", claims["plan"]) if "plan" in claims else None,
        cnf=_confirmation(claims["cnf"]) if "cnf" in claims else None,
    )
    _check_life(read)
    return read


def _issuer(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ClaimsInvalid("iss", "is missing or not a text")
    return value


def read_name(claim: str, value: object) -> str:
    """Return a claim that names something; raises ClaimsInvalid."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ClaimsInvalid(claim, "is not a name of 1 to 64 ASCII characters without spaces")
    return value


def read_instant(claim: str, value: object) -> int:
    """Return a claim that is an instant in seconds since 1970; raises ClaimsInvalid."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ClaimsInvalid(claim, "is missing or not a whole number of seconds")
    if not EARLIEST <= value < LATEST:
        raise ClaimsInvalid(claim, "is not between 2013 and 2100")
    return value


def _confirmation(value: object) -> Mapping[str, object]:
    """Return what binds a ticket to a phone: the phone's P-256 key, and nothing secret."""
    jwk = value.get("jwk") if isinstance(value, dict) else None
    if not isinstance(jwk, dict) or jwk.keys() != _JWK_MEMBERS:
        raise ClaimsInvalid("cnf", "has no public key alone as its jwk")
    try:
        public_key_from_jwk(jwk)
    except KeyUnreadable as error:
        raise ClaimsInvalid("cnf", "has no P-256 public key as its jwk") from error
    return {"jwk": jwk}


def _check_life(claims: Claims) -> None:
    """Check that a ticket ends after it begins: at `nbf`, since a pass may be written down late."""
    begins = claims.iat if claims.nbf is None else claims.nbf
    if claims.exp <= begins:
        raise ClaimsInvalid("exp", "is not after its beginning")
    if claims.exp - max(claims.iat, begins) > LONGEST_SECONDS:
        raise ClaimsInvalid("exp", "is more than five years after its nbf and iat")
