"""The formats that leave the system: exported months and statements, their lines, plan and head.

Each is a table of shapes, which `clearing.reading` checks, and a function that writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, get_args

from clearing.line import Line, LineKind, Unit
from clearing.netting import Method, Netting, Plan, Transfer
from clearing.period import State
from clearing.shape import (
    AMOUNT,
    BALANCE,
    BALANCES,
    COUNT,
    DAY,
    HASH,
    HASHES,
    HASHES_BY_NAME,
    INTEGER,
    LIST,
    MONTH,
    OBJECT,
    TEXT,
    TEXTS,
    Shape,
    one_of,
    optional,
)
from clearing.sums import Totals

MONTH_FORMAT: Final = "cowopass-month/1"
STATEMENT_FORMAT: Final = "cowopass-statement/1"

NETWORK_SHAPES: Final = {"slug": TEXT, "name": TEXT, "timezone": TEXT, "currency": TEXT}
STATE: Final = one_of(*get_args(State))
LOCKED: Final[frozenset[State]] = frozenset({"locked", "settling", "settled"})
"""The states of a month that has a signed head and a plan, and never changes again."""

LINE_SHAPES: Final[Mapping[str, Shape]] = {
    "id": TEXT,
    "network": TEXT,
    "period": MONTH,
    "kind": one_of(*get_args(LineKind)),
    "debtor": TEXT,
    "creditor": TEXT,
    "amount_cents": AMOUNT,
    "levy_cents": AMOUNT,
    "home": optional(TEXT),
    "host": optional(TEXT),
    "on": optional(DAY),
    "unit": optional(one_of(*get_args(Unit))),
    "visit": optional(one_of("normal", "golden")),
    "pseudonym": optional(TEXT),
    "host_price_cents": optional(AMOUNT),
    "pass_value_cents": optional(AMOUNT),
    "top_up_cents": optional(AMOUNT),
    "monthly_price_cents": optional(AMOUNT),
    "agreement": optional(TEXT),
    "check_in": optional(TEXT),
    "reverses": optional(TEXT),
    "late_from": optional(MONTH),
    "since": optional(MONTH),
    "notes": TEXTS,
    "leaf_hash": HASH,
}
TRANSFER_SHAPES: Final = {"id": TEXT, "debtor": TEXT, "creditor": TEXT, "amount_cents": AMOUNT}
CARRY_SHAPES: Final = {**TRANSFER_SHAPES, "since": MONTH}
PLAN_SHAPES: Final = {
    "method": one_of(*get_args(Method)),
    "transfers": LIST,
    "carried": LIST,
    "alternative": OBJECT,
}
ALTERNATIVE_SHAPES: Final = {"method": one_of(*get_args(Method)), "transfers": COUNT}
POSITION_SHAPES: Final = {
    "participant": TEXT,
    "amount_cents": BALANCE,
    "carried_in_cents": BALANCE,
}
TOTALS_SHAPES: Final = {
    "count": COUNT,
    "charges": INTEGER,
    "gross_cents": BALANCE,
    "fund_cents": BALANCE,
    "root": HASH,
}
AGREEMENT_SHAPES: Final = {
    "id": TEXT,
    "home": TEXT,
    "host": TEXT,
    "effective_from": MONTH,
    "vote": optional(TEXT),
}
MONTH_SHAPES: Final = {
    "format": one_of(MONTH_FORMAT),
    "network": OBJECT,
    "period": MONTH,
    "state": STATE,
    "netting": one_of(*get_args(Netting)),
    "carry_forward_below_cents": AMOUNT,
    "leaving": TEXTS,
    "agreements": LIST,
    "lines": LIST,
    "totals": OBJECT,
    "positions": LIST,
    "plan": optional(OBJECT),
    "head": optional(TEXT),
    "previous_root": optional(HASH),
}
STATEMENT_SHAPES: Final = {
    "format": one_of(STATEMENT_FORMAT),
    "network": OBJECT,
    "period": MONTH,
    "space": TEXT,
    "state": STATE,
    "position_cents": BALANCE,
    "carried_in_cents": BALANCE,
    "in_cents": BALANCE,
    "out_cents": BALANCE,
    "levy_cents": BALANCE,
    "lines": LIST,
    "transfers": LIST,
    "carried": LIST,
    "head": optional(TEXT),
}
STATEMENT_LINE_SHAPES: Final = {**LINE_SHAPES, "index": COUNT, "proof": HASHES}
HEAD_SHAPES: Final = {
    "iss": TEXT,
    "net": TEXT,
    "period": MONTH,
    "count": COUNT,
    "root": HASH,
    "gross_cents": BALANCE,
    "fund_cents": BALANCE,
    "charges": INTEGER,
    "positions": BALANCES,
    "carried_in": BALANCES,
    "agreements": TEXTS,
    "votes": HASHES_BY_NAME,
    "transfers": optional(BALANCES),
    "carried": optional(BALANCES),
    "previous_root": optional(HASH),
    "iat": COUNT,
}


class Finding(NamedTuple):
    """Something that a document says and that its own records do not bear out.

    `code` is a stable word, `where` the field or the line's id, `message` a sentence for people.
    """

    code: str
    where: str
    message: str


def signed_plan(plan: Plan) -> dict[str, dict[str, int]]:
    """Return what a head signs of a plan: the amount of each transfer that is made, or carried.

    They go by their ids, which follow from the debtor and the creditor.
    """
    return {
        "transfers": {row.id: row.amount_cents for row in plan.transfers},
        "carried": {row.id: row.amount_cents for row in plan.carried},
    }


def line_to_json(line: Line, leaf_hash: bytes) -> dict[str, object]:
    """Return a line as documents hold it: every field, and its leaf hash in hexadecimal."""
    return {**line._asdict(), "notes": list(line.notes), "leaf_hash": leaf_hash.hex()}


def totals_to_json(totals: Totals) -> dict[str, object]:
    """Return the field `totals` of an exported month."""
    return {
        "count": totals.count,
        "charges": totals.charges,
        "gross_cents": totals.gross_cents,
        "fund_cents": totals.fund_cents,
        "root": totals.root.hex(),
    }


def positions_to_json(totals: Totals) -> list[dict[str, object]]:
    """Return the field `positions` of an exported month, sorted by participant."""
    return [
        {
            "participant": participant,
            "amount_cents": amount_cents,
            "carried_in_cents": totals.carried_in_cents.get(participant, 0),
        }
        for participant, amount_cents in sorted(totals.positions.items())
    ]


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Return the field `plan` of an exported month."""
    return {
        "method": plan.method,
        "transfers": [transfer_to_json(transfer) for transfer in plan.transfers],
        "carried": [carry_to_json(transfer) for transfer in plan.carried],
        "alternative": {
            "method": plan.alternative_method,
            "transfers": plan.alternative_transfers,
        },
    }


def transfer_to_json(transfer: Transfer) -> dict[str, object]:
    """Return a transfer that is made, as documents hold it."""
    return {name: getattr(transfer, name) for name in TRANSFER_SHAPES}


def carry_to_json(transfer: Transfer) -> dict[str, object]:
    """Return a transfer that is carried, as documents hold it."""
    return transfer._asdict()


def show_cents(cents: int) -> str:
    """Return an amount as people read it, with a point and two decimals.

    >>> show_cents(1215), show_cents(-5)
    ('12.15', '-0.05')
    """
    units, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{units}.{rest:02d}"
