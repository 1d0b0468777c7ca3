"""Verifying a statement or an exported month with nothing but the file and the network's keys.

What the file says is worked out again from its lines (`clearing`), and the signature of its head is
checked. No database and no network are needed: that is the point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import jwt

from clearing.audit import audit
from clearing.document import LOCKED, MONTH_FORMAT, STATEMENT_FORMAT, Finding, show_cents
from clearing.errors import MonthUnreadable
from clearing.reading import read_head, read_month
from clearing.statement import verify_statement
from cowopass.audit.votes import check_version
from cowopass.settlement.head import HEAD_TYP
from wallet.encoding import base64url_decode
from wallet.errors import KeyUnreadable
from wallet.keys import TrustedKey, key_id, public_jwk, public_key_from_jwk, thumbprint

_ALG = "ES256"
_HEADER = frozenset({"alg", "typ", "kid"})


class Verdict(NamedTuple):
    """What a file says, and what in it does not hold.

    `facts` are sentences. `head` is the payload of its signed head, None if it has none;
    `signed_by` is the thumbprint of the key whose signature was good, None if there was none.
    """

    facts: list[str]
    findings: list[Finding]
    head: dict[str, Any] | None
    signed_by: str | None

    @property
    def issuer(self) -> str | None:
        """Return who the head says published it."""
        return None if self.head is None else str(self.head["iss"])


def verify_document(document: object, keys: Sequence[TrustedKey]) -> Verdict:
    """Verify a statement or an exported month that was read from JSON.

    What is not signed yet is found to be a draft. Raises MonthUnreadable for anything else.
    """
    fields: dict[str, Any] = document if isinstance(document, dict) else {}
    verify = _VERIFIERS.get(str(fields.get("format")))
    if verify is None:
        raise MonthUnreadable("format", f"must be {' or '.join(_VERIFIERS)}")
    facts, findings = verify(fields, keys)
    head = fields["head"]
    if head is None:
        return Verdict(facts, findings, None, None)
    key, wrong = verify_head(head, keys)
    signed_by = thumbprint(public_jwk(key.public_key)) if key else None
    return Verdict(facts, [*findings, *wrong], read_head(head), signed_by)


def verify_head(token: str, keys: Iterable[TrustedKey]) -> tuple[TrustedKey | None, list[Finding]]:
    """Return the key that signed a head, or what is wrong with its signature.

    ES256 alone, of the head's own type, by a key of the network it names: a ticket never passes
    for a head, nor Lyon's key for Sainté's. Raises MonthUnreadable for what is no head.
    """
    payload = read_head(token)
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as error:
        return None, [_wrong("bad_signature", f"the token can't be read: {error}")]
    if header.get("alg") != _ALG:
        return None, [
            _wrong("alg_not_allowed", f"it is signed by {header.get('alg')!r}, not ES256")
        ]
    if header.get("typ") != HEAD_TYP or header.keys() - _HEADER:
        return None, [_wrong("typ_not_allowed", f"its header is not that of a {HEAD_TYP}")]
    ours = [key for key in keys if key.network == payload["net"] and key.kid == header.get("kid")]
    if not ours:
        message = f"no key {header.get('kid')!r} of the network {payload['net']} is at hand"
        return None, [_wrong("key_unknown", message)]
    for key in ours:
        if _is_signed_by(token, key):
            return key, []
    return None, [_wrong("bad_signature", "the network's key did not sign this")]


def read_jwks(document: object) -> list[TrustedKey]:
    """Return the keys of a JWK Set; each must say in `net` which network it signs for.

    Raises MonthUnreadable for what is no JWK Set of P-256 keys.
    """
    members = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(members, list):
        raise MonthUnreadable("jwks", "must be a JWK Set, an object with a list of `keys`")
    return [_read_key(place, member) for place, member in enumerate(members)]


def _read_key(place: int, member: object) -> TrustedKey:
    path = f"jwks.keys[{place}]"
    if not isinstance(member, Mapping) or not isinstance(member.get("net"), str):
        raise MonthUnreadable(path, "must be an object that names its network in `net`")
    try:
        public_key = public_key_from_jwk(member)
    except KeyUnreadable as error:
        raise MonthUnreadable(path, str(error)) from error
    return TrustedKey(key_id(public_jwk(public_key)), "", member["net"], public_key)


def _verify_month(
    document: dict[str, Any], keys: Sequence[TrustedKey]
) -> tuple[list[str], list[Finding]]:
    meta, lines = read_month(document)
    result = audit(meta, lines)
    totals, currency = result.totals, meta.network["currency"]
    findings = [*result.findings, *_check_votes(document["agreements"], keys)]
    if meta.head is None and meta.state not in LOCKED:
        message = f"this is a draft: the month is {meta.state}, not locked, so nobody signed it"
        findings.append(Finding("draft", "head", message))
    facts = [
        f"{meta.network['slug']} {meta.period}, {meta.state}: {totals.count} lines, "
        f"{totals.charges} charges, gross {show_cents(totals.gross_cents)} {currency}, "
        f"levies {show_cents(totals.fund_cents)} {currency}",
        f"root {totals.root.hex()}",
        *(f"{who} {show_cents(cents)}" for who, cents in sorted(totals.positions.items())),
    ]
    return facts, findings


def _check_votes(
    agreements: Iterable[Mapping[str, Any]], keys: Sequence[TrustedKey]
) -> Iterator[Finding]:
    """Yield where a version is not what its network voted, as far as the keys are at hand.

    A vote may be signed by a key that is older than those; the head cites it all the same.
    """
    for shown in agreements:
        if shown.get("vote") and _kid(shown["vote"]) in {key.kid for key in keys}:
            yield from check_version(shown, keys)


def _kid(token: str) -> object:
    """Return the key that a token says it is signed by, None when it can't be read."""
    try:
        return jwt.get_unverified_header(token).get("kid")
    except jwt.InvalidTokenError:
        return None


def _verify_statement(
    document: dict[str, Any], _keys: Sequence[TrustedKey]
) -> tuple[list[str], list[Finding]]:
    findings = verify_statement(document)
    network = document["network"]
    facts = [
        f"{document['space']} in {network['slug']} {document['period']}, {document['state']}: "
        f"{len(document['lines'])} lines, position "
        f"{show_cents(document['position_cents'])} {network['currency']}"
    ]
    if document["head"] is not None:
        facts.append(f"root {read_head(document['head'])['root']}")
    return facts, findings


_VERIFIERS = {MONTH_FORMAT: _verify_month, STATEMENT_FORMAT: _verify_statement}


def _is_signed_by(token: str, key: TrustedKey) -> bool:
    try:
        # PyJWT takes a signature with padding too, which browsers do not.
        base64url_decode(token.rpartition(".")[2])
        jwt.PyJWS(algorithms=[_ALG]).decode_complete(token, key.public_key, algorithms=[_ALG])
    except (ValueError, jwt.InvalidTokenError):
        return False
    return True


def _wrong(code: str, message: str) -> Finding:
    return Finding(code, "head", message)
