"""What somebody may change in an exported month or a statement, and what verifying must find."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import jwt

from clearing.line import Line, leaf_hash

Change = Callable[[dict[str, Any]], None]


def with_header(token: str, **changes: Any) -> str:
    """The same token under another header."""
    _, payload, signature = token.split(".")
    header = {**jwt.get_unverified_header(token), **changes}
    text = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{text}.{payload}.{signature}"


def rehash(line: dict[str, Any]) -> None:
    fields = {name: line[name] for name in Line._fields}
    line["leaf_hash"] = leaf_hash(Line(**{**fields, "notes": tuple(line["notes"])})).hex()


def change_cent(document: dict[str, Any]) -> None:
    document["lines"][0]["amount_cents"] += 1


def change_cent_and_hash(document: dict[str, Any]) -> None:
    change_cent(document)
    rehash(document["lines"][0])


def drop_line(document: dict[str, Any]) -> None:
    del document["lines"][0]


def swap_lines(document: dict[str, Any]) -> None:
    lines = document["lines"]
    lines[0], lines[-1] = lines[-1], lines[0]


def swap_proofs(document: dict[str, Any]) -> None:
    first, second = document["lines"][:2]
    first["proof"], second["proof"] = second["proof"], first["proof"]


def change_position(document: dict[str, Any]) -> None:
    document["positions"][0]["amount_cents"] += 1


def change_own_position(document: dict[str, Any]) -> None:
    document["position_cents"] += 1
    document["in_cents"] += 1


def change_transfer(document: dict[str, Any]) -> None:
    rows = document.get("transfers") or document["plan"]["transfers"]
    rows[0]["amount_cents"] -= 1


def take_head_off(document: dict[str, Any]) -> None:
    document["head"], document["state"] = None, "review"


def sign_with_none(document: dict[str, Any]) -> None:
    document["head"] = with_header(document["head"], alg="none")


def sign_as_ticket(document: dict[str, Any]) -> None:
    document["head"] = with_header(document["head"], typ="cowopass+jwt")


def add_jwk_to_header(document: dict[str, Any]) -> None:
    document["head"] = with_header(document["head"], jwk=document["jwks"]["keys"][0])


def cut_signature(document: dict[str, Any]) -> None:
    document["head"] = document["head"][:-8]


BOTH: list[tuple[Change, set[str]]] = [
    (change_cent, {"leaf_hash_differs"}),
    (change_cent_and_hash, set()),
    (drop_line, set()),
    (change_transfer, set()),
    (take_head_off, {"draft"}),
    (sign_with_none, {"alg_not_allowed"}),
    (sign_as_ticket, {"typ_not_allowed"}),
    (add_jwk_to_header, {"typ_not_allowed"}),
    (cut_signature, {"bad_signature"}),
]
CHANGES: dict[str, list[tuple[Change, set[str]]]] = {
    "month": [
        *BOTH,
        (swap_lines, {"total_differs", "head_differs"}),
        (change_position, {"position_differs"}),
    ],
    "statement": [
        *BOTH,
        (swap_proofs, {"not_included"}),
        (change_own_position, {"sum_differs"}),
    ],
}
