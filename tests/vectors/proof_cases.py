"""The cases of proofs.json: tickets of phones, with proofs that count and proofs that don't."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.vectors.forge import (
    HEADER,
    ISSUER,
    JWK,
    LIVE,
    LYON,
    NOBODY,
    PHONE,
    SAINTE,
    STOLEN,
    Key,
    dumps,
    joined,
    raw,
    token,
)
from wallet.encoding import base64url_encode
from wallet.text import token_to_text

SPACE = "rubanerie"
AT = LIVE["iat"] + 100 * 86_400
"""The time of every scan that says no other, in seconds since 1970."""

BOUND = {**LIVE, "cnf": {"jwk": JWK}}
TICKET = token(BOUND)
PROOF_HEADER = {"typ": "kb+jwt", "alg": "ES256"}


class Case(NamedTuple):
    """A text shown at a space at a time; `code` is None where it counts.

    `used` has the hashes of proofs that have counted before.
    """

    name: str
    text: str
    code: str | None = None
    at: int = AT
    space: str = SPACE
    used: tuple[str, ...] = ()


def sd_hash(ticket: str) -> str:
    return base64url_encode(hashlib.sha256(f"{ticket}~".encode()).digest())


def proof(
    ticket: str = TICKET,
    header: object = None,
    by: Key = PHONE,
    *,
    other: bool = False,
    **changes: Any,
) -> str:
    """Return a proof for a ticket, right but for what is given; None leaves a claim out."""
    claims: dict[str, Any] = {"iat": AT, "aud": "cowopass", "nonce": "Qm9uam91cj8"}
    claims |= {"sd_hash": sd_hash(ticket), **changes}
    told = {name: value for name, value in claims.items() if value is not None}
    signing_input = joined(dumps(header or PROOF_HEADER), dumps(told))
    return f"{signing_input}.{base64url_encode(raw(signing_input, by.private, other=other))}"


def hash_of(signed: str) -> str:
    return base64url_encode(hashlib.sha256(signed.rpartition(".")[0].encode()).digest())


def shown(ticket: str = TICKET, by_key: Key = PHONE, **changes: Any) -> str:
    return f"{ticket}~{proof(ticket, by=by_key, **changes)}"


def respelled(signed: str, key: Key) -> str:
    """Return a token with the other signature of the same, (r, n - s)."""
    signing_input = signed.rpartition(".")[0]
    return f"{signing_input}.{base64url_encode(raw(signing_input, key.private, other=True))}"


def good() -> Iterator[Case]:
    yield Case("a ticket and its proof", shown())
    yield Case("the text of a QR code", token_to_text(shown(), ISSUER))
    yield Case("the base32 part alone", token_to_text(shown(), ISSUER).partition("#")[2])
    yield Case("white space around", f"\n{shown()} ")
    yield Case("a proof for this space", shown(aud=SPACE))
    yield Case("90 seconds old", shown(iat=AT - 90))
    yield Case("30 seconds ahead", shown(iat=AT + 30))
    yield Case("a claim that nobody knows", shown(later=[1.5, None]))
    yield Case("a proof with a kid", shown(header={**PROOF_HEADER, "kid": "phone"}))
    yield Case("the other signature of the proof", shown(other=True))
    yield Case("a respelled ticket with a proof for it", shown(respelled(TICKET, SAINTE)))
    yield Case("another proof was used", shown(), used=(hash_of(proof(nonce="another")),))
    yield Case("a paper ticket", token())


def missing() -> Iterator[Case]:
    code = "holder_proof_missing"
    yield Case("a ticket of a phone without proof", TICKET, code)
    yield Case("the QR code of its ticket alone", token_to_text(TICKET, ISSUER), code)


def invalid() -> Iterator[Case]:
    for name, text in {
        "a proof by another phone": shown(by_key=NOBODY),
        "a proof by the network's key": shown(by_key=SAINTE),
        "a proof of another ticket": f"{TICKET}~{proof(token({**BOUND, 'jti': 'tik_other'}))}",
        "a proof of the ticket before it was respelled": f"{respelled(TICKET, SAINTE)}~{proof()}",
        "no sd_hash": shown(sd_hash=None),
        "an sd_hash of the ticket without its mark": shown(
            sd_hash=base64url_encode(hashlib.sha256(TICKET.encode()).digest())
        ),
        "an sd_hash that is a list": shown(sd_hash=[sd_hash(TICKET)]),
        "a paper ticket with a proof": f"{token()}~{proof(token())}",
        "a paper ticket twice": f"{token()}~{token()}",
        "the ticket as its own proof": f"{TICKET}~{TICKET}",
        "no signature": f"{TICKET}~{proof().rpartition('.')[0]}.",
        "claims altered after signing": f"{TICKET}~{_altered()}",
        "no iat": shown(iat=None),
        "an iat that is a text": shown(iat=str(AT)),
        "an iat with a fraction": shown(iat=AT + 0.5),
        "an iat in milliseconds": shown(iat=AT * 1_000),
        "no aud": shown(aud=None),
        "a list of audiences": shown(aud=["cowopass"]),
        "no nonce": shown(nonce=None),
        "an empty nonce": shown(nonce=""),
        "a nonce of 65 characters": shown(nonce="n" * 65),
        "a nonce that is a number": shown(nonce=7),
        "another typ": shown(header={**PROOF_HEADER, "typ": "JWT"}),
        "no typ": shown(header={"alg": "ES256"}),
        "alg none": shown(header={**PROOF_HEADER, "alg": "none"}),
        "a header with its own key": shown(header={**PROOF_HEADER, "jwk": JWK}),
        "a proof that is no JSON": f"{TICKET}~AAAA.AAAA.AAAA",
        "stray bits after the signature": f"{TICKET}~{_stray(proof())}",
    }.items():
        yield Case(name, text, "holder_proof_invalid")
    yield Case(
        "all wrong at once", shown(iat=AT - 500, aud="lyon", nonce=7), "holder_proof_invalid"
    )


def stale() -> Iterator[Case]:
    code = "holder_proof_stale"
    yield Case("91 seconds old", shown(iat=AT - 91), code)
    yield Case("31 seconds ahead", shown(iat=AT + 31), code)
    yield Case("a picture of yesterday", shown(iat=AT - 86_400), code)
    yield Case("yesterday's scan of today's proof", shown(), code, at=AT - 86_400)
    yield Case("old, and for another space", shown(iat=AT - 91, aud="pixel"), code)


def elsewhere() -> Iterator[Case]:
    code = "holder_proof_wrong_space"
    yield Case("for another space", shown(aud="pixel"), code)
    yield Case("for this space, shown at another", shown(aud=SPACE), code, space="pixel")
    yield Case("for an audience in capitals", shown(aud="COWOPASS"), code)
    used = (hash_of(proof(aud="pixel")),)
    yield Case("used, and for another space", shown(aud="pixel"), code, used=used)


def replayed() -> Iterator[Case]:
    code, used = "holder_proof_replayed", (hash_of(proof()),)
    yield Case("a proof that was used", shown(), code, used=used)
    yield Case("a used proof respelled", shown(other=True), code, used=used)


def before() -> Iterator[Case]:
    """Yield what is refused before anybody looks at the proof, however good it is."""
    other = {**BOUND, "iss": "https://evil.example"}
    yield Case("a ticket of nobody", shown(token(other)), "issuer_unknown")
    yield Case("a ticket by a stolen key", shown(token(BOUND, by=STOLEN)), "key_compromised")
    yield Case("a ticket by another network", shown(token(BOUND, by=LYON)), "issuer_key_mismatch")
    forged = token(BOUND, header=HEADER, by=NOBODY)
    yield Case("a forged ticket", shown(forged), "bad_signature")
    aged = {name: value for name, value in BOUND.items() if name != "exp"}
    yield Case("a ticket without end", shown(token(aged)), "claims_invalid")
    yield Case("a QR code cut", token_to_text(shown(), ISSUER)[:-9], "malformed")
    yield Case("a proof cut", shown()[:-120], "malformed")
    yield Case("too long together", f"{TICKET}~{'A' * 1_000}.A.{'A' * 500}", "token_too_large")


def refused() -> Iterator[Case]:
    for cases in (missing, invalid, stale, elsewhere, replayed, before):
        yield from cases()


def _altered() -> str:
    claims = dumps({"iat": AT, "aud": "cowopass", "nonce": "other", "sd_hash": sd_hash(TICKET)})
    return f"{joined(dumps(PROOF_HEADER), claims)}.{proof().rpartition('.')[2]}"


def _stray(signed: str) -> str:
    return signed[:-1] + ("B" if signed[-1] != "B" else "C")
