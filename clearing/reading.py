"""Reading documents: every field is checked against its shape before anything is worked out.

Whether what they say is true is for `clearing.audit` and `clearing.statement` to find.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from clearing.document import (
    AGREEMENT_SHAPES,
    ALTERNATIVE_SHAPES,
    CARRY_SHAPES,
    HEAD_SHAPES,
    LINE_SHAPES,
    MONTH_SHAPES,
    NETWORK_SHAPES,
    PLAN_SHAPES,
    POSITION_SHAPES,
    TOTALS_SHAPES,
    TRANSFER_SHAPES,
)
from clearing.errors import MonthUnreadable, TermsInvalid
from clearing.line import Line
from clearing.netting import Netting
from clearing.period import State
from clearing.shape import Shape, below, read_fields
from clearing.valuation import Terms, terms_from_json


class Agreement(NamedTuple):
    """What an audit needs of an agreement's version: when it starts and how it values a visit.

    `vote` is the signed record of the vote that made it, None where there was none.
    """

    effective_from: str
    terms: Terms
    vote: str | None = None


class Meta(NamedTuple):
    """What an exported month says besides its lines.

    `network`, `totals`, `plan` and `head` hold the fields of their formats; `head` is the payload
    of a JWS whose signature is not verified here. `positions` and `carried_in` are in cents by
    participant. `leaf_hashes` are those recorded with the lines, as hexadecimal digits.
    """

    network: Mapping[str, str]
    period: str
    state: State
    netting: Netting
    carry_forward_below_cents: int
    leaving: frozenset[str]
    agreements: Mapping[str, Agreement]
    leaf_hashes: list[str]
    totals: Mapping[str, Any]
    positions: Mapping[str, int]
    carried_in: Mapping[str, int]
    plan: Mapping[str, Any] | None
    head: Mapping[str, Any] | None
    previous_root: str | None


def read_month(document: object) -> tuple[Meta, list[Line]]:
    """Return what an exported month says and its lines in leaf order. Raises MonthUnreadable."""
    fields = read_fields("document", document, MONTH_SHAPES)
    lines = [read_line(f"lines[{place}]", line) for place, line in enumerate(fields["lines"])]
    positions = _read_unique("positions", fields["positions"], POSITION_SHAPES, "participant")
    meta = Meta(
        network=read_fields("network", fields["network"], NETWORK_SHAPES),
        period=fields["period"],
        state=fields["state"],
        netting=fields["netting"],
        carry_forward_below_cents=fields["carry_forward_below_cents"],
        leaving=frozenset(fields["leaving"]),
        agreements=_read_agreements(fields["agreements"]),
        leaf_hashes=[line["leaf_hash"] for line in fields["lines"]],
        totals=read_fields("totals", fields["totals"], TOTALS_SHAPES),
        positions={slug: row["amount_cents"] for slug, row in positions.items()},
        carried_in={slug: row["carried_in_cents"] for slug, row in positions.items()},
        plan=None if fields["plan"] is None else _read_plan(fields["plan"]),
        head=None if fields["head"] is None else read_head(fields["head"]),
        previous_root=fields["previous_root"],
    )
    return meta, lines


def read_line(path: str, value: object, shapes: Mapping[str, Shape] = LINE_SHAPES) -> Line:
    """Return a line of a document; `shapes` has its fields, and what a statement adds to them.

    Raises MonthUnreadable, for any other field too: no leaf hash would cover it.
    """
    fields = read_fields(path, value, shapes, closed=True)
    fields["notes"] = tuple(fields["notes"])
    return Line(*[fields[name] for name in Line._fields])


def read_transfers(path: str, values: Iterable[object]) -> list[dict[str, Any]]:
    """Return the transfers of a document, checked. Raises MonthUnreadable."""
    return _read_rows(path, values, TRANSFER_SHAPES)


def read_carries(path: str, values: Iterable[object]) -> list[dict[str, Any]]:
    """Return the carried transfers of a document, checked. Raises MonthUnreadable."""
    return _read_rows(path, values, CARRY_SHAPES)


def read_head(token: str) -> dict[str, Any]:
    """Return the payload of a month's signed head, a compact JWS.

    The signature is not verified: that needs the network's keys and a library beyond the standard
    one. Raises MonthUnreadable for what is no such token.
    """
    parts = token.split(".")
    if len(parts) != 3:
        raise MonthUnreadable("head", "must be a compact JWS: three parts with dots between them")
    try:
        payload = json.loads(_base64url_decode(parts[1]).decode())
    except (ValueError, RecursionError) as error:
        raise MonthUnreadable("head", "its payload is not JSON in base64url") from error
    if isinstance(payload, dict):
        # The months of a network that never voted cite no votes; early heads sign no plan.
        payload = {"votes": {}, "transfers": None, "carried": None, **payload}
    return read_fields("head", payload, HEAD_SHAPES)


def _base64url_decode(text: str) -> bytes:
    """Return the bytes of an unpadded base64url text. Raises ValueError for any other text.

    Python's own decoder skips what it does not know; a browser refuses it. One head, one verdict.
    """
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        raise ValueError("not base64url")
    return data


def _read_plan(value: object) -> dict[str, Any]:
    plan = read_fields("plan", value, PLAN_SHAPES)
    return {
        "method": plan["method"],
        "transfers": read_transfers("plan.transfers", plan["transfers"]),
        "carried": read_carries("plan.carried", plan["carried"]),
        "alternative": read_fields("plan.alternative", plan["alternative"], ALTERNATIVE_SHAPES),
    }


def _read_agreements(values: list[Any]) -> dict[str, Agreement]:
    # A version from before there were votes says nothing of one.
    said = [{"vote": None, **row} if isinstance(row, dict) else row for row in values]
    rows = _read_unique("agreements", said, AGREEMENT_SHAPES, "id")
    agreements = {}
    for place, (row, value) in enumerate(zip(rows.values(), values, strict=True)):
        try:
            terms = terms_from_json(value)
        except TermsInvalid as error:
            raise MonthUnreadable(
                below(f"agreements[{place}]", error.path), error.reason
            ) from error
        agreements[row["id"]] = Agreement(row["effective_from"], terms, row["vote"])
    return agreements


def _read_unique(
    path: str, values: Iterable[object], shapes: Mapping[str, Shape], key: str
) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for place, row in enumerate(_read_rows(path, values, shapes)):
        if row[key] in rows:
            raise MonthUnreadable(f"{path}[{place}].{key}", f"{row[key]!r} is listed twice")
        rows[row[key]] = row
    return rows


def _read_rows(
    path: str, values: Iterable[object], shapes: Mapping[str, Shape]
) -> list[dict[str, Any]]:
    return [read_fields(f"{path}[{place}]", value, shapes) for place, value in enumerate(values)]
