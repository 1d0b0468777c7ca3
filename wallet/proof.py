"""The proof that a ticket is shown by its holder's own phone: a key-binding JWT (RFC 9901).

The ticket names the phone's public key; every few seconds the phone signs what it shows. So a
picture of a live QR code is worthless two minutes later, and needs no network to be so.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple, cast

from wallet.claims import AUDIENCE, read_instant, read_name
from wallet.encoding import base64url_encode
from wallet.errors import (
    AlgNotAllowed,
    ClaimsInvalid,
    HolderProofInvalid,
    HolderProofStale,
    HolderProofWrongSpace,
    TicketMalformed,
    TypNotAllowed,
)
from wallet.jws import is_signed_by, payload_hash, read_parts
from wallet.keys import public_key_from_jwk

TYP = "kb+jwt"

OLDEST_SECONDS = 90
"""How old a proof may be at the scan: a slow camera, a clock that is late."""

AHEAD_SECONDS = 30
"""How far ahead of the scan's clock a proof may be."""


class Proof(NamedTuple):
    """What a phone has signed. `iat` is in seconds since 1970, `aud` a space or `cowopass`.

    `hash` is the payload hash by which a proof counts once: a signature could be respelled.
    """

    hash: str
    iat: int
    aud: str
    nonce: str


def sd_hash(token: str) -> str:
    """Return the hash by which a proof names the ticket it is for, by its very text.

    >>> sd_hash("e30.e30.AQ")
    'xNRtwGq0jfNKSQFj_LNmMCsaPgPrVRvH-6ifwsgqYeI'
    """
    return base64url_encode(sha256(f"{token}~".encode()).digest())


def read_proof(text: str, token: str, cnf: Mapping[str, object]) -> Proof:
    """Return the proof in a compact JWS, as signed by the phone of a ticket for that ticket.

    `token` is the ticket's text, `cnf` its claim with the phone's key. Raises HolderProofInvalid.
    """
    try:
        _, claims = read_parts(text, TYP)
        proof = Proof(
            hash=payload_hash(text),
            iat=read_instant("iat", claims.get("iat")),
            aud=read_name("aud", claims.get("aud")),
            nonce=read_name("nonce", claims.get("nonce")),
        )
    except (TicketMalformed, AlgNotAllowed, TypNotAllowed, ClaimsInvalid) as error:
        raise HolderProofInvalid("it is damaged, or of another form") from error
    if not is_signed_by(public_key_from_jwk(cast(Mapping[str, object], cnf["jwk"])), text):
        raise HolderProofInvalid("it is not signed by the phone that this ticket is bound to")
    if claims.get("sd_hash") != sd_hash(token):
        raise HolderProofInvalid("it was made for another ticket")
    return proof


def check_proof(proof: Proof, at: int, space: str | None) -> None:
    """Let pass a proof that is fresh at a scan, and meant for its space (None: wherever).

    `at` is the time of the scan in seconds since 1970, rounded down. Raises HolderProofStale or
    HolderProofWrongSpace, in this order.
    """
    age_seconds = at - proof.iat
    if not -AHEAD_SECONDS <= age_seconds <= OLDEST_SECONDS:
        raise HolderProofStale(age_seconds)
    if space is not None and proof.aud not in {AUDIENCE, space}:
        raise HolderProofWrongSpace(proof.aud)
