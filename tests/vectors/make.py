"""Write the test vectors that Python and JavaScript share: `python -m tests.vectors.make`.

They are committed; tests read them and never run this. A run without a change of the protocol
changes no file. What a rule should give is worked out here by other means than the rule's.
"""

from __future__ import annotations

import json
from base64 import b64encode
from fractions import Fraction
from itertools import product
from math import floor
from pathlib import Path
from typing import Any

import typst

from clearing.errors import MonthUnreadable
from cowopass.audit.verifying import read_jwks, verify_document
from tests.vectors import proof_cases, statement_cases
from tests.vectors.cases import genuine, refused
from tests.vectors.forge import (
    ELSEWHERE,
    ISSUER,
    LYON,
    OTHER_ISSUER,
    SAINTE,
    STOLEN,
    TWIN,
    Key,
    token,
)
from wallet.code import CODES, make_code, show_code
from wallet.encoding import base32_encode, base64url_decode, pack
from wallet.jws import payload_hash
from wallet.keys import public_jwk, thumbprint
from wallet.qr import LIVE_LEVEL, qr_matrix
from wallet.text import token_from_text, token_to_text

HERE = Path(__file__).parent
STATEMENT_PDF = """
#set document(title: "Relevé", date: datetime(year: 2026, month: 12, day: 1))
#let attach(name, content, kind) = pdf.attach(
  name, bytes(content), mime-type: kind, relationship: "data", description: name,
)
#attach("statement.json", sys.inputs.statement, "application/json")
#attach("statement.csv", "on,kind", "text/csv")
Relevé
"""


def trusted(one: Key, kid: str | None = None) -> dict[str, Any]:
    return {
        "kid": kid or one.kid,
        "iss": one.issuer,
        "net": one.network,
        "compromised": one.compromised,
        "jwk": public_jwk(one.private.public_key()),
    }


def read(text: str) -> dict[str, Any]:
    """Return the ticket of a genuine text: its claims as signed, and what identifies it."""
    whole = token_from_text(text)
    header, claims = (json.loads(base64url_decode(part)) for part in whole.split(".")[:2])
    optional = {name: claims.get(name) for name in ("nbf", "home", "plan", "cnf")}
    needed = {name: claims[name] for name in ("iss", "sub", "jti", "net", "iat", "exp")}
    ours = {"kid": header["kid"], "payload_hash": payload_hash(whole), "token": whole}
    return needed | optional | ours


def trust() -> dict[str, Any]:
    stolen = token(by=STOLEN)
    return {
        "issuers": [ISSUER, OTHER_ISSUER],
        "keys": [
            *map(trusted, (SAINTE, LYON, ELSEWHERE, STOLEN)),
            trusted(TWIN, kid=SAINTE.kid),
        ],
        "genuine": [[read(stolen)["jti"], payload_hash(stolen)]],
    }


def tickets() -> dict[str, Any]:
    return {
        "trust": trust(),
        "genuine": [{"name": name, "text": text, "ticket": read(text)} for name, text in genuine()],
        "refused": [{"name": name, "code": code, "text": text} for code, name, text in refused()],
    }


def proofs() -> dict[str, Any]:
    """Return what phones show: `at` in seconds since 1970, `used` proofs that have counted."""
    return {
        "trust": trust(),
        "genuine": [presented(one) for one in proof_cases.good()],
        "refused": [
            {"code": one.code, **one._asdict(), "used": list(one.used)}
            for one in proof_cases.refused()
        ],
    }


def presented(one: proof_cases.Case) -> dict[str, Any]:
    ticket, _, proof = token_from_text(one.text).partition("~")
    claims = json.loads(base64url_decode(proof.split(".")[1])) if proof else {}
    told = {name: claims[name] for name in ("iat", "aud", "nonce")} if proof else None
    return {
        "name": one.name,
        "text": one.text,
        "at": one.at,
        "space": one.space,
        "used": list(one.used),
        "ticket": read(ticket),
        "proof": {"hash": payload_hash(proof), **told} if told else None,
    }


def base32() -> dict[str, Any]:
    whole = token()
    packs = [[b""], [b"a"], [b"ab", b"", b"c"], [bytes(range(256)) * 2], [b"\x00", b"\xff" * 5]]
    return {
        "bytes": [
            {"hex": data.hex(), "base32": base32_encode(data)}
            for data in (b"", b"f", b"fo", b"foo", b"foob", b"fooba", b"foobar", bytes(range(256)))
        ],
        "not_base32": ["A", "AAA", "AAAAAA", "AB", "MZXW6YR", "MY======", "M1", "M0", "M8", "M Y"],
        "packed": [
            {"segments": [one.hex() for one in segments], "hex": pack(segments).hex()}
            for segments in packs
        ],
        "not_packed": ["00", "0001", "000261", "00016100"],
        "texts": [
            {"token": one, "base_url": url, "text": token_to_text(one, url)}
            for one in (whole, proof_cases.shown())
            for url in (ISSUER, "http://127.0.0.1:8000", "https://Pass.Example/")
        ],
        "thumbprints": [
            {"jwk": public_jwk(one.private.public_key()), "thumbprint": thumbprint_of(one)}
            for one in (SAINTE, LYON, ELSEWHERE, STOLEN)
        ],
    }


def thumbprint_of(one: Key) -> str:
    return thumbprint(public_jwk(one.private.public_key()))


def codes() -> dict[str, Any]:
    code = make_code(4_498_398_015)
    shown = show_code(code)
    swapped = f"{code[1]}{code[0]}{code[2:]}"
    dashed = shown.replace("-", " \u2013 ")
    return {
        "codes": [
            {"number": number, "code": make_code(number), "shown": show_code(make_code(number))}
            for number in (0, 1, 28, 29, 20_131_024, 4_498_398_015, CODES - 1)
        ],
        "read": [
            {"text": text, "code": code}
            for text in (code, shown, shown.lower(), dashed, f" {' '.join(code)}\n")
        ],
        "code_invalid": [
            *("", code[:-1], code + code[-1], swapped, f"{code[:-1]}2", code.replace("9", "8")),
            *(code.replace("9", "0"), code.replace("V", "U"), code.replace("K", "\u212a"), "-" * 8),
            *("\U0001f3ab" * 8, shown * 100, "2222222\u0662", "\u017f3RQJZX6"),
        ],
    }


def values() -> list[dict[str, Any]]:
    """Return unit values: any price, any number of units, from none used to all but `need`."""
    return [
        {
            "kind": kind,
            "unit": "day",
            "units": units,
            "price_cents": price,
            "used": used,
            "need": need,
            "given_cents": given,
            "value_cents": max(0, floor(Fraction(price * (used + need), units)) - given),
        }
        for kind, units, price, used, need, given in (
            *(("book", 11, 15_000, used, 1, 15_000 * used // 11) for used in range(11)),
            *(("quota", 10, 9_001, used, 2, 9_001 * used // 10) for used in range(0, 10, 2)),
            ("single", 1, 1_500, 0, 1, 0),
            ("book", 11, 9_000, 2, 1, 1_637),
            ("book", 11, 1, 1, 1, 1),
            ("book", 11, 0, 4, 1, 0),
        )
    ]


def unlimited() -> list[dict[str, Any]]:
    parts = {"day": 1, "half_day": 2, "hour": 8}
    return [
        {
            "notional_units": days,
            "price_cents": price,
            "unit": unit,
            "value_cents": floor(Fraction(price, days * parts[unit]) + Fraction(1, 2)),
        }
        for price, days, unit in product((28_000, 19_000, 1, 0, 12_345), (1, 18, 20), parts)
    ]


def units() -> dict[str, Any]:
    half_day = {"hour": 1, "half_day": 1, "day": 2}
    needed = {
        "hour": {"hour": 1, "half_day": None, "day": None},
        "half_day": half_day,
        "day": {"hour": 1, "half_day": 1, "day": 1},
    }
    days = (
        ("unlimited", "2026-11-24", 1, "2026-11-30"),
        ("quota", "2026-11-01", 3, "2027-01-31"),
        ("quota", "2027-12-31", 3, "2028-02-29"),
        ("book", "2026-11-24", 12, "2027-11-23"),
        ("book", "2027-01-31", 1, "2027-02-27"),
        ("single", "2028-02-29", 12, "2029-02-27"),
        ("single", "2027-03-01", 12, "2028-02-29"),
    )
    return {
        "values": values(),
        "unlimited": unlimited(),
        "needed": needed,
        "last_days": [
            {"kind": kind, "starts_on": starts, "validity_months": months, "last_day": last}
            for kind, starts, months, last in days
        ],
    }


def qr() -> list[dict[str, Any]]:
    """Return what phones draw: of a live ticket, and the smallest, with 1 for a black module."""
    texts = [
        token_to_text(proofs()["genuine"][0]["text"], ISSUER),
        "HTTPS://PASS.EXAMPLE/T#MFXHSPY",
    ]
    return [{"text": text, "rows": drawn(text)} for text in texts]


def drawn(text: str) -> list[str]:
    return ["".join(str(int(black)) for black in row) for row in qr_matrix(text, LIVE_LEVEL)]


def statements() -> dict[str, Any]:
    """Return statements that hold, and what is found in one of them when a field is changed.

    What is found is what `cowopass verify` finds, for browsers to agree with; that something is
    found wherever a statement proves anything is for the tests to see.
    """
    genuine = statement_cases.genuine()
    name, document = next(iter(genuine.items()))
    return {
        "keys": statement_cases.KEYS,
        "genuine": [{"name": name, "document": one} for name, one in genuine.items()],
        "changed": name,
        "changes": [
            {**change, **verdict_of(statement_cases.changed(document, change))}
            for change in statement_cases.changes(document)
        ],
        "chains": statement_cases.chains(),
    }


def verdict_of(document: dict[str, Any]) -> dict[str, Any]:
    """Return what is found in a statement, or the field because of which it can not be read."""
    try:
        verdict = verify_document(document, read_jwks(statement_cases.KEYS))
    except MonthUnreadable as unreadable:
        return {"unreadable": unreadable.path}
    return {"findings": [[finding.code, finding.where] for finding in verdict.findings]}


def statement_pdf(statement: dict[str, Any], source: str = STATEMENT_PDF) -> bytes:
    """Return a PDF that carries a statement, as the service's own ones do, and a CSV."""
    return typst.compile(
        source.encode(),
        format="pdf",
        pdf_standards=["a-3b"],
        sys_inputs={"statement": json.dumps(statement)},
    )


def files() -> list[dict[str, str]]:
    """Return whole files, in base64, and the verdict that the command and the page both give."""
    statement = next(iter(statement_cases.genuine().values()))
    draft = statement_cases.genuine()["november of b, not locked"]
    (first, *others), text = statement["lines"], json.dumps(statement)
    cent_more = {**statement, "lines": [{**first, "amount_cents": 1201}, *others]}
    two = STATEMENT_PDF + '#attach("other.json", sys.inputs.statement, "application/json")'
    pdf = statement_pdf(statement)
    told = {
        "json": (text.encode(), "holds"),
        "json with a byte order mark": (text.encode("utf-8-sig"), "holds"),
        "lines in another order": (
            json.dumps({**statement, "lines": [*others, first]}).encode(),
            "holds",
        ),
        "what no statement has": (json.dumps({**statement, "note": "ok"}).encode(), "holds"),
        "a field twice, the last one true": (b'{"space": "c", ' + text[1:].encode(), "holds"),
        "a field twice, the last one false": (text[:-1].encode() + b', "space": "c"}', "broken"),
        "a cent more": (json.dumps(cent_more).encode(), "broken"),
        "a line left out": (json.dumps({**statement, "lines": others}).encode(), "broken"),
        "a month later": (json.dumps({**statement, "period": "2026-12"}).encode(), "broken"),
        "another network": (
            text.replace('"sainte"', '"lyon"').encode(),
            "broken",
        ),
        "not locked": (json.dumps(draft).encode(), "draft"),
        "UTF-16": (text.encode("utf-16"), "unreadable"),
        "NaN": (text[:-1].encode() + b', "note": NaN}', "unreadable"),
        "cents with a point": (text.replace("1200,", "1200.0,").encode(), "unreadable"),
        "cut short": (text[:-9].encode(), "unreadable"),
        "empty": (b"", "unreadable"),
        "pdf": (pdf, "holds"),
        "pdf with a cent more": (statement_pdf(cent_more), "broken"),
        "pdf not locked": (statement_pdf(draft), "draft"),
        "pdf with two statements": (statement_pdf(statement, two), "unreadable"),
        "pdf with none": (typst.compile(b"Relev\xc3\xa9", format="pdf"), "unreadable"),
    }
    return [
        {"name": name, "base64": b64encode(content).decode(), "verdict": verdict}
        for name, (content, verdict) in told.items()
    ]


def main() -> None:
    statement = next(iter(statement_cases.genuine().values()))
    (HERE / "statement.pdf").write_bytes(statement_pdf(statement))
    for make in (tickets, proofs, base32, codes, units, qr, statements, files):
        text = json.dumps(make(), indent=1) + "\n"
        (HERE / f"{make.__name__}.json").write_text(text)


if __name__ == "__main__":
    main()
