"""Is this ticket genuine? The answer depends on nothing but the text and the trusted keys.

The order of the refusals is part of the protocol: every verifier, in whichever language, gives the
same code for the same ticket. Whether it is valid today, and for what, the desk decides.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from wallet.claims import read_claims
from wallet.errors import (
    BadSignature,
    HolderProofInvalid,
    HolderProofMissing,
    HolderProofReplayed,
    IssuerKeyMismatch,
    IssuerUnknown,
    KeyCompromised,
    KeyUnknown,
)
from wallet.jws import Unverified, is_signed_by, payload_hash, read_unverified, text_of
from wallet.keys import TrustedKey
from wallet.proof import Proof, check_proof, read_proof
from wallet.ticket import Ticket


class Trust(NamedTuple):
    """Whom a verifier trusts: issuers by base URL, their keys, and the tickets to honour still.

    `genuine` holds (jti, payload hash) of each ticket issued under a compromised key. Both, for a
    thief who holds the key can reuse the `jti` of a ticket that he has seen.
    """

    issuers: frozenset[str]
    keys: tuple[TrustedKey, ...]
    genuine: Container[tuple[str, str]] = frozenset()


class Presentation(NamedTuple):
    """A ticket that counts as it was shown; `proof` is that of its phone, None for paper."""

    ticket: Ticket
    proof: Proof | None


class Peek(NamedTuple):
    """What a text claims to be, unverified: enough to load the keys that will tell.

    A member that is missing, or no text, is ''. `proof_hash` is None where no proof is shown.
    """

    kid: str
    net: str
    jti: str
    payload_hash: str
    proof_hash: str | None


def peek(text: str) -> Peek:
    """Return what a ticket's text claims, without verifying it.

    Raises as `verify_presentation` does up to TypNotAllowed.
    """
    unverified = read_unverified(text)
    return Peek(
        kid=text_of(unverified.header.get("kid")) or "",
        net=text_of(unverified.claims.get("net")) or "",
        jti=text_of(unverified.claims.get("jti")) or "",
        payload_hash=unverified.payload_hash,
        proof_hash=payload_hash(unverified.proof) if unverified.proof else None,
    )


def verify_presentation(
    text: str, trust: Trust, at: int, space: str | None, used: Container[str] = frozenset()
) -> Presentation:
    """Return the genuine ticket of a text: the QR code's URL, its base32 part, or the token itself.

    A ticket bound to a phone needs the phone's proof, judged at the scan's own time `at` (seconds
    since 1970) and for the `space` where it is shown (None: wherever). `used` has the hashes of
    proofs that have counted, which is once. `nbf` and `exp` are compared with no clock. Raises the
    first that applies of TokenTooLarge, NotATicket, TicketMalformed, AlgNotAllowed, TypNotAllowed,
    IssuerUnknown, KeyUnknown, KeyCompromised, IssuerKeyMismatch, BadSignature, ClaimsInvalid,
    HolderProofMissing, HolderProofInvalid, HolderProofStale, HolderProofWrongSpace,
    HolderProofReplayed; for no text whatsoever anything else.
    """
    unverified = read_unverified(text)
    ticket = _genuine(unverified, trust)
    if ticket.cnf is None:
        if unverified.proof is not None:
            raise HolderProofInvalid("this ticket is bound to no phone")
        return Presentation(ticket, None)
    if unverified.proof is None:
        raise HolderProofMissing(ticket.jti)
    proof = read_proof(unverified.proof, ticket.token, ticket.cnf)
    check_proof(proof, at, space)
    if proof.hash in used:
        raise HolderProofReplayed(ticket.jti)
    return Presentation(ticket, proof)


def verify_ticket(text: str, trust: Trust) -> Ticket:
    """Return the genuine ticket of a text, for who has to do with paper alone.

    Raises as `verify_presentation` does up to HolderProofMissing, which every ticket of a phone
    is refused for: nothing here could judge its proof.
    """
    ticket = _genuine(read_unverified(text), trust)
    if ticket.cnf is not None:
        raise HolderProofMissing(ticket.jti)
    return ticket


def _genuine(unverified: Unverified, trust: Trust) -> Ticket:
    """Return the ticket that a trusted key vouches for; raises why there is none."""
    keys = _keys_for(unverified, trust)
    kid = keys[0].kid
    if not any(is_signed_by(key.public_key, unverified.token) for key in keys):
        raise BadSignature(kid)
    claims = read_claims(unverified.claims)
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
