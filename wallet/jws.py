"""The form of a token, read strictly and without trusting a word of it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import NamedTuple, NoReturn

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from wallet.encoding import base64url_decode, base64url_encode
from wallet.errors import AlgNotAllowed, TicketMalformed, TypNotAllowed
from wallet.text import token_from_text

ALG = "ES256"
TYP = "cowopass+jwt"

_JWS = jwt.PyJWS(algorithms=[ALG])

HEADER = frozenset({"alg", "typ", "kid"})
"""All that a header may have: `crit`, `jku`, `x5u` or `jwk` would say how to judge the token."""

DEEPEST = 16
"""How many braces and brackets a part may open. A ticket needs three, a stack overflow hundreds."""

NUL = rb"\u0000"
"""No database keeps it in a text, and what a ticket claims may be looked up, or logged."""


class Unverified(NamedTuple):
    """A token whose form is right: ES256, our type, JSON in both parts. Nobody vouches for it.

    `proof` is the compact JWS that came with it, of whatever form; None where none did.
    """

    token: str
    header: dict[str, object]
    claims: dict[str, object]
    payload_hash: str
    proof: str | None


def text_of(value: object) -> str | None:
    """Return a value of unverified JSON if it is a text, else None."""
    return value if isinstance(value, str) else None


def payload_hash(token: str) -> str:
    """Return the base64url SHA-256 of a token's signing input, `header.payload`: 43 characters.

    It names what was signed. The token's own hash would not: whoever has an ES256 signature can
    make a second valid one from it.

    >>> payload_hash("e30.e30.AQ") == payload_hash("e30.e30.Ag")
    True
    """
    signing_input, _, _ = token.rpartition(".")
    return base64url_encode(sha256(signing_input.encode()).digest())


def read_unverified(text: str) -> Unverified:
    """Return the parts of a ticket's text, unverified.

    Raises TokenTooLarge, NotATicket, TicketMalformed, AlgNotAllowed or TypNotAllowed, in this
    order.
    """
    token, _, proof = token_from_text(text).partition("~")
    header, claims = read_parts(token, TYP)
    return Unverified(token, header, claims, payload_hash(token), proof or None)


def read_parts(
    token: str, typ: str, allowed: frozenset[str] = HEADER
) -> tuple[dict[str, object], dict[str, object]]:
    """Return header and claims of a compact JWS of three parts, unverified.

    The header has no other member than those `allowed`. Raises TicketMalformed, AlgNotAllowed, or
    TypNotAllowed for another type than `typ`, in this order.
    """
    header_part, claims_part, signature_part = token.split(".")
    header, claims = _read_object(header_part), _read_object(claims_part)
    _read_base64url(signature_part)
    if header.keys() - allowed:
        raise TicketMalformed(f"its header has more than {', '.join(sorted(allowed))}")
    if header.get("alg") != ALG:
        raise AlgNotAllowed(text_of(header.get("alg")))
    if header.get("typ") != typ:
        raise TypNotAllowed(text_of(header.get("typ")))
    return header, claims


def is_signed_by(public_key: EllipticCurvePublicKey, token: str) -> bool:
    """Say whether the signature of a compact JWS is one of this key."""
    try:
        _JWS.decode(token, public_key, algorithms=[ALG])
    except (jwt.PyJWTError, TypeError, ValueError):
        # PyJWT lets a TypeError through for a key of another kind than the algorithm's.
        return False
    return True


def _read_base64url(part: str) -> bytes:
    try:
        return base64url_decode(part)
    except ValueError as error:
        raise TicketMalformed("a part of it is not base64url") from error


def _read_object(part: str) -> dict[str, object]:
    """Return the JSON object in a part: UTF-8, no name twice, no NaN, no half of a character."""
    data = _read_base64url(part)
    if data.count(b"{") + data.count(b"[") > DEEPEST:
        raise TicketMalformed("its JSON is nested too deep")
    if NUL in data:
        raise TicketMalformed("its JSON has a NUL")
    try:
        value = json.loads(
            data.decode(), object_pairs_hook=_unique, parse_constant=_refuse_constant
        )
        json.dumps(value, ensure_ascii=False).encode()
    except ValueError as error:
        raise TicketMalformed("a part of it is not JSON") from error
    if not isinstance(value, dict):
        raise TicketMalformed("a part of it is not a JSON object")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
