"""The cases of tickets.json: what is genuine, and under which code anything else is refused."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.vectors.forge import (
    CLAIMS,
    ELSEWHERE,
    HEADER,
    ISSUER,
    JWK,
    LIVE,
    LYON,
    NOBODY,
    OTHER_ISSUER,
    PHONE,
    SAINTE,
    STOLEN,
    TWIN,
    but,
    der,
    dumps,
    joined,
    raw,
    seconds,
    signed_with,
    token,
    without,
)
from wallet.encoding import base32_encode, base64url_encode, pack
from wallet.text import token_to_text, url_of

Refused = Iterator[tuple[str, str, str]]
"""The code, the name and the text of what is refused."""


def genuine() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of what is genuine."""
    whole = token()
    text = token_to_text(whole, ISSUER)
    signing_input = whole.rpartition(".")[0]
    yield "a compact JWS", whole
    yield "the text of a QR code", text
    yield "the text of a QR code in small letters", text.lower()
    yield "the base32 part alone", text.partition("#")[2]
    yield "white space around", f" \t{whole}\r\n"
    yield "a QR code made for another address", token_to_text(whole, "http://127.0.0.1:8000")
    yield "a claim that nobody knows", token(but(later=[1.5, None]))
    yield "neither nbf, home nor plan", token(LIVE)
    yield (
        "the other signature of the same (r, n - s)",
        signed_with(raw(signing_input, SAINTE.private, other=True)),
    )
    yield "the second of two keys of one kid", token(header=HEADER, by=TWIN)
    yield "issued under the key before it was stolen", token(by=STOLEN)
    yield "written down after its end", token(but(iat=CLAIMS["exp"] + 1))
    yield "sixty months", token(but(nbf=seconds(2027), exp=seconds(2032)))


def not_tickets() -> Refused:
    yield "token_too_large", "a JWS of 2,049 characters", f"eyJ.{'A' * 2_043}.A"
    yield "token_too_large", "a text of 2,801 characters", "A" * 2_801
    for name, text in {
        "nothing": "",
        "white space": " \n",
        "another address": "https://example.com/t#about",
        "a short code": "9KC5-R2YV",
        "a sentence": "Bienvenue au Comptoir Numérique",
        "three words with dots": "a.b c.d",
        "a proof without its ticket": f"~{token()}",
        "an address of ours without a ticket": f"{ISSUER}/t#",
    }.items():
        yield "not_a_ticket", name, text


def malformed() -> Refused:
    whole = token()
    text = token_to_text(whole, ISSUER)
    parts = [dumps(HEADER), dumps(CLAIMS), bytes(64)]
    nested = b'{"a":' * 40 + b"1" + b"}" * 40
    for name, given in {
        "a JWS cut in half": whole[: len(whole) // 2],
        "a JWS cut in its header": whole[:20],
        "a QR code cut in half": text[: len(text) // 2],
        "a QR code without its last character": text[:-1],
        "a QR code of four parts": url_of([*parts, b"{}"], ISSUER),
        "a QR code of two tickets and a half": url_of([*parts * 2, b"{}"], ISSUER),
        "a ticket and a proof that was cut": f"{whole}~eyJ0.eyJ0",
        "a ticket and nothing after its mark": f"{whole}~",
        "a ticket and two proofs": "~".join([whole] * 3),
        "a QR code whose last segment is cut": f"{ISSUER}/T#{base32_encode(pack(parts)[:-1])}",
        "five parts": f"{whole}.AA.AA",
        "stray bits after the signature": f"{whole[:-1]}{'B' if whole[-1] != 'B' else 'C'}",
        "a part one character too long": f"{whole}AAA",
        "claims that are no JSON": token(b"{'iss':1}"),
        "claims that are a list": token([CLAIMS]),
        "claims that are not UTF-8": token(b'{"iss":"\xff"}'),
        "a claim twice": token(dumps(CLAIMS)[:-1] + b',"net":"lyon"}'),
        "a header twice": token(header=dumps(HEADER)[:-1] + b',"alg":"none"}'),
        "a NaN": token(dumps(CLAIMS)[:-1] + b',"later":NaN}'),
        "an infinity": token(dumps(CLAIMS)[:-1] + b',"later":-Infinity}'),
        "forty objects in each other": token(nested),
        "half of a surrogate pair": token(but(sub="\ud800")),
        "a NUL": token(but(sub="\x00")),
        "a header that is no JSON": token(header=b"{typ}"),
        "a header with crit": token(header={**HEADER, "crit": ["exp"]}),
        "a header with jku": token(header={**HEADER, "jku": "https://evil.example/jwks"}),
        "a header with x5u": token(header={**HEADER, "x5u": "https://evil.example/x5u"}),
        "a header with jwk": token(header={**HEADER, "jwk": JWK}, by=PHONE),
    }.items():
        yield "malformed", name, given


def wrong_header() -> Refused:
    hs256 = joined(dumps({**HEADER, "alg": "HS256"}), dumps(CLAIMS))
    pem = SAINTE.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    mac = base64url_encode(hmac.digest(pem, hs256.encode(), "sha256"))
    none = joined(dumps({**HEADER, "alg": "none"}), dumps(CLAIMS))
    yield "alg_not_allowed", "alg none without a signature", f"{none}."
    yield "alg_not_allowed", "HS256 with the public key as its secret", f"{hs256}.{mac}"
    for alg in ("ES384", "es256", None, ["ES256"]):
        yield "alg_not_allowed", f"alg {alg!r}", token(header={**HEADER, "alg": alg})
    for typ in ("JWT", "kb+jwt", "COWOPASS+JWT", None):
        yield "typ_not_allowed", f"typ {typ!r}", token(header={**HEADER, "typ": typ})
    yield "typ_not_allowed", "no typ", token(header={"alg": "ES256", "kid": SAINTE.kid})


def wrong_key() -> Refused:
    whole = token()
    signing_input, _, signature = whole.rpartition(".")
    yield "issuer_unknown", "another issuer", token(but(iss="https://evil.example"))
    yield "issuer_unknown", "no issuer", token(without("iss"))
    yield "issuer_unknown", "an issuer that is a list", token(but(iss=[ISSUER]))
    yield "key_unknown", "another key", token(by=NOBODY)
    yield "key_unknown", "no kid", token(header={"alg": "ES256", "typ": "cowopass+jwt"})
    yield "key_unknown", "a kid that is a number", token(header={**HEADER, "kid": 7})
    yield "key_compromised", "a thief's own ticket", token(but(jti="tik_new"), by=STOLEN)
    yield "key_compromised", "a thief's ticket of a known jti", token(but(plan="more"), by=STOLEN)
    yield "key_compromised", "a jti that is a list", token(but(jti=[CLAIMS["jti"]]), by=STOLEN)
    yield "issuer_key_mismatch", "another network's key", token(by=LYON)
    yield "issuer_key_mismatch", "another network claimed", token(but(net="lyon"))
    yield "issuer_key_mismatch", "no network", token(without("net"))
    yield "issuer_key_mismatch", "another issuer's key", token(by=ELSEWHERE)
    yield "issuer_key_mismatch", "another trusted issuer claimed", token(but(iss=OTHER_ISSUER))
    altered = joined(dumps(HEADER), dumps(but(plan="resident")))
    yield "bad_signature", "claims altered after signing", f"{altered}.{signature}"
    yield (
        "bad_signature",
        "signed by a key that only borrows the kid",
        token(header=HEADER, by=NOBODY),
    )
    yield "bad_signature", "no signature", f"{signing_input}."
    yield "bad_signature", "a signature of zeros", signed_with(bytes(64))
    yield "bad_signature", "a signature cut", signed_with(raw(signing_input, SAINTE.private)[:63])
    yield "bad_signature", "a signature in DER", signed_with(der(signing_input, SAINTE.private))


def wrong_claims() -> Refused:
    for name in ("sub", "jti", "iat", "exp", "aud"):
        yield "claims_invalid", f"no {name}", token(without(name))
    changed: dict[str, dict[str, Any]] = {
        "another audience": {"aud": "other"},
        "a list of audiences": {"aud": ["cowopass"]},
        "a sub that is a number": {"sub": 7},
        "an empty sub": {"sub": ""},
        "a sub of 65 characters": {"sub": "s" * 65},
        "a jti with a space": {"jti": "tik 1"},
        "a home that is null": {"home": None},
        "a plan that is a list": {"plan": ["resident"]},
        "an accent in a plan": {"plan": "résident"},
        "an iat that is true": {"iat": True},
        "an iat with a fraction": {"iat": CLAIMS["iat"] + 0.5},
        "an nbf that is a text": {"nbf": str(CLAIMS["nbf"])},
        "an nbf that is null": {"nbf": None},
        "an exp of 400 digits": {"exp": 10**399},
        "an exp before 2013": {"exp": -1},
        "an iat before 2013": {"iat": seconds(2013) - 1},
        "an exp in 2100": {"nbf": seconds(2099), "exp": seconds(2100)},
        "an exp at its nbf": {"exp": CLAIMS["nbf"]},
        "more than five years": {"exp": CLAIMS["nbf"] + 1_830 * 86_400 + 1},
        "a cnf that is null": {"cnf": None},
        "a cnf without a jwk": {"cnf": {"jkt": "a"}},
        "a cnf with a private key": {"cnf": {"jwk": {**JWK, "d": JWK["x"]}}},
        "a cnf of another curve": {"cnf": {"jwk": {**JWK, "crv": "P-384"}}},
        "a cnf that is no point of the curve": {"cnf": {"jwk": {**JWK, "y": JWK["x"]}}},
    }
    for name, changes in changed.items():
        yield "claims_invalid", name, token(but(**changes))
    yield "claims_invalid", "an exp at its iat, without an nbf", token({**LIVE, "exp": LIVE["iat"]})
    live = token({**LIVE, "cnf": {"jwk": JWK}})
    yield "holder_proof_missing", "a live ticket without its phone", live
    yield "holder_proof_missing", "a QR code of it", token_to_text(live, ISSUER)


def refused() -> Refused:
    yield from not_tickets()
    yield from malformed()
    yield from wrong_header()
    yield from wrong_key()
    yield from wrong_claims()
