"""Statements to verify, and what somebody may change in them.

They are of the worked example's months (`charges.json`), signed by a key of these vectors. What is
changed must be found by whoever reads the statement, in Python and in a browser alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from clearing.document import signed_plan
from clearing.line import Line, leaf_hash
from clearing.merkle import inclusion_proofs
from clearing.month import fold
from clearing.netting import Plan, make_plan, transfer_id
from clearing.reading import read_head, read_month
from clearing.statement import Header, ProvenLine, concerns, make_statement
from tests.vectors.forge import LYON, SAINTE, Key, token
from wallet.encoding import base64url_decode, base64url_encode
from wallet.keys import public_jwk

MONTHS: dict[str, Any] = json.loads((Path(__file__).parent / "charges.json").read_text("utf-8"))[
    "months"
]
KEYS = {
    "keys": [{**public_jwk(key.private.public_key()), "net": key.network} for key in (SAINTE, LYON)]
}
Change = dict[str, Any]
"""`path` leads to a field, `value` is what it says instead; without one, the field is gone."""

HELD_BY_NOTHING = [
    ["network", "name"],
    ["network", "timezone"],
    ["network", "currency"],
    ["carried", 0, "since"],
]
"""Fields that a statement alone can not prove: they are in no line and not in the head."""


def a_head(month: str, *, by: Key = SAINTE, typ: str = "cowopass-head+jwt", **changes: Any) -> str:
    """Sign what the head of a month of the worked example says, with changes."""
    signed = signed_plan(plan_of(month))
    payload = {**read_head(MONTHS[month]["head"]), **signed, "iss": by.issuer, **changes}
    return token(payload, {"alg": "ES256", "typ": typ, "kid": SAINTE.kid}, by)


def plan_of(month: str) -> Plan:
    """Return how a month of the worked example is settled."""
    meta, lines = read_month(MONTHS[month])
    return make_plan(
        meta.network["slug"],
        meta.period,
        fold(lines),
        netting=meta.netting,
        carry_forward_below_cents=meta.carry_forward_below_cents,
    )


def a_statement(space: str, month: str = "november", *, locked: bool = True) -> dict[str, Any]:
    meta, lines = read_month(MONTHS[month])
    plan = plan_of(month)
    own = [place for place, line in enumerate(lines) if concerns(line, space)]
    proofs = (
        inclusion_proofs([leaf_hash(line) for line in lines], own) if locked else [[]] * len(own)
    )
    statement = make_statement(
        Header(
            meta.network,
            meta.period,
            "locked" if locked else "review",
            a_head(month) if locked else None,
        ),
        space,
        [ProvenLine(lines[place], place, proof) for place, proof in zip(own, proofs, strict=True)],
        plan if locked else None,
    )
    as_file: dict[str, Any] = json.loads(json.dumps({**statement, "jwks": KEYS}))
    return as_file


def genuine() -> dict[str, dict[str, Any]]:
    return {
        "november of b": a_statement("b"),
        "november of the fund": a_statement("fund"),
        "november of who has no lines": a_statement("la-cordee"),
        "december of comptoir, with a carry": a_statement("comptoir", "december"),
        "november of b, not locked": a_statement("b", locked=False),
    }


def changed(document: dict[str, Any], change: Change) -> dict[str, Any]:
    """Return the document with one field that says something else, or without it."""
    document = deepcopy(document)
    *way, name = change["path"]
    place: Any = document
    for step in way:
        place = place[step]
    if "value" in change:
        place[name] = change["value"]
    else:
        del place[name]
    return document


def changes(document: dict[str, Any]) -> Iterator[Change]:
    """Yield changes of every field: to another good value, to a bad one, and to none."""
    for path, value in _fields(document):
        for other in (_another(path[-1], value), _misshapen(value)):
            yield {"path": path, "value": other}
        if isinstance(path[-1], str):
            yield {"path": path}
    yield from _forgeries(document)


def _fields(document: dict[str, Any]) -> Iterator[tuple[list[Any], Any]]:
    """Yield the fields of a statement, of its network, and of one line and one of each transfer."""
    for name, value in document.items():
        if name != "jwks":
            yield [name], value
    for way in (["network"], ["lines", 0], ["transfers", 0], ["carried", 0]):
        place: Any = document
        for step in way:
            place = place[step]
        for name, value in place.items():
            yield [*way, name], value


def _another(name: str, value: Any) -> Any:
    """Return another value of the same shape."""
    others = {
        "format": "cowopass-statement/2",
        "period": "2026-12",
        "state": "open",
        "kind": "reversal",
        "on": "2026-11-03",
        "unit": "half_day",
        "visit": "golden",
        "late_from": "2026-10",
        "since": "2026-10",
        "head": a_head("december"),
        "notes": ["overused"],
        "agreements": ["sainte>sainte@2026-10"],
        "proof": [],
        "network": {"slug": "lyon", "name": "x", "timezone": "Europe/Paris", "currency": "EUR"},
    }
    if name in others and not (name == "network" and isinstance(value, str)):
        return others[name]
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return value[1:]
    if name.endswith(("_hash", "root")):
        return "0" * 64
    return 1 if name.endswith("_cents") else "x"


def _misshapen(value: Any) -> Any:
    return 1.5 if isinstance(value, int) else {"a": 1} if isinstance(value, list) else ["x"]


def _forgeries(document: dict[str, Any]) -> Iterator[Change]:
    """Yield what somebody would do who knows how a statement is made."""
    lines = document["lines"]
    cent_more = {**lines[0], "amount_cents": lines[0]["amount_cents"] + 1}
    yield {"path": ["lines", 0], "value": {**cent_more, "leaf_hash": _hash_of(cent_more)}}
    yield {"path": ["lines", 0], "value": {**lines[0], "comment": "not hashed"}}
    yield {"path": ["lines"], "value": [*lines, lines[0]]}
    yield {"path": ["lines"], "value": [{**lines[0], "proof": lines[1]["proof"]}, *lines[1:]]}
    yield from _redirected(document)
    header, payload, signature = document["head"].split(".")
    claims = json.loads(base64url_decode(payload))
    for name, value in claims.items():
        other = _another(name, value) if name not in ("positions", "carried_in") else {"b": 1}
        said = base64url_encode(json.dumps({**claims, name: other}).encode())
        yield {"path": ["head"], "value": f"{header}.{said}.{signature}"}
    none = base64url_encode(json.dumps({"alg": "none", "typ": "cowopass-head+jwt"}).encode())
    yield {"path": ["head"], "value": f"{none}.{payload}.{signature}"}
    yield {"path": ["head"], "value": f"{header}.{payload}.{signature[:-8]}"}
    yield {"path": ["head"], "value": f"{header}.{payload}"}
    yield {"path": ["head"], "value": f"{header}.{payload}.{signature}=="}
    yield {"path": ["head"], "value": f"{header}.{payload[:8]}!{payload[8:]}.{signature}"}
    yield {"path": ["head"], "value": a_head("november", by=LYON)}
    yield {"path": ["head"], "value": a_head("november", typ="cowopass+jwt")}


def _redirected(document: dict[str, Any]) -> Iterator[Change]:
    """Yield plans that add up as before, with somebody else, or with two rows too many."""
    (row,) = document["transfers"]

    def between(debtor: str, creditor: str) -> Change:
        key = transfer_id("sainte", "2026-11", debtor, creditor)
        return {**row, "id": key, "debtor": debtor, "creditor": creditor}

    yield {"path": ["transfers"], "value": [between("fund", "b")]}
    yield {"path": ["transfers"], "value": [row, between("b", "fund"), between("fund", "b")]}


def _hash_of(row: dict[str, Any]) -> str:
    fields = {name: row[name] for name in Line._fields}
    return leaf_hash(Line(**{**fields, "notes": tuple(row["notes"])})).hex()


def chains() -> list[dict[str, Any]]:
    """Return heads of successive months, and where each list breaks."""
    november, december = (read_head(a_head(month)) for month in ("november", "december"))
    rewritten = {**november, "root": "0" * 64}
    february = {**december, "period": "2027-02", "previous_root": december["root"]}
    lyon = {**rewritten, "net": "lyon"}
    voted = {**november, "votes": {"sainte>sainte@2026-09": "0" * 64}}
    cases: list[tuple[str, list[dict[str, Any]], list[list[str]]]] = [
        ("nothing", [], []),
        ("one month", [december], []),
        ("two months, the later first", [december, november], []),
        ("the same statement twice", [november, dict(reversed(november.items())), december], []),
        ("another network", [lyon, december], []),
        ("a past written anew", [rewritten, december], [["chain_broken", "2026-12"]]),
        ("two heads of a month", [november, rewritten, december], [["month_rewritten", "2026-11"]]),
        (
            "a head that cites another vote",
            [november, voted, december],
            [["month_rewritten", "2026-11"]],
        ),
        ("a month missing", [december, february], [["chain_gap", "2027-02"]]),
        (
            "a month that follows from none",
            [november, {**december, "previous_root": None}],
            [["chain_broken", "2026-12"]],
        ),
    ]
    return [{"name": name, "heads": heads, "findings": found} for name, heads, found in cases]
