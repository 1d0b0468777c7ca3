"""One line of a month: what a month's positions, proof and statements are made of.

A line says that a debtor owes a creditor an amount in the ledger of one network, or takes such a
debt back. Lines are written once and never edited; each is hashed when it is written, and the
month's Merkle tree is made of these hashes. The lines of a month add up to its positions.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Final, Literal, NamedTuple

LineKind = Literal["charge", "reversal", "withheld", "released", "carried", "write_off"]
Unit = Literal["hour", "half_day", "day"]

FUND: Final = "fund"
"""The participant that receives levies. No space or network may take this name."""

TAKES_BACK: Final[frozenset[LineKind]] = frozenset({"reversal", "withheld"})
"""Kinds whose effect on positions is the mirror of the line they answer."""

LEAF_FORMAT: Final = 1
"""Version of the canonical form. A change of fields is a new version, never an edit."""


class Line(NamedTuple):
    """A settlement line. Amounts are in cents and never negative; `kind` gives the direction.

    `debtor` and `creditor` are participants of this ledger: a space's slug, `fund`, or the slug of
    a correspondent network. `home` and `host` are the two spaces of the visit; they differ from the
    participants only when one of the two belongs to another network. `on` is the local day of the
    visit, ISO 8601. `period` is the month (YYYY-MM) the line counts in; `late_from` is the month of
    the visit when that month was already locked. `since` is the month a carried amount was first
    carried in. `monthly_price_cents` is what the pass costs a month, for the plans whose monthly
    payout is capped, else None. `notes` are stable words such as `liability_capped`, `overused`.
    """

    id: str
    network: str
    period: str
    kind: LineKind
    debtor: str
    creditor: str
    amount_cents: int
    levy_cents: int = 0
    home: str | None = None
    host: str | None = None
    on: str | None = None
    unit: Unit | None = None
    visit: Literal["normal", "golden"] | None = None
    pseudonym: str | None = None
    host_price_cents: int | None = None
    pass_value_cents: int | None = None
    top_up_cents: int | None = None
    monthly_price_cents: int | None = None
    agreement: str | None = None
    check_in: str | None = None
    reverses: str | None = None
    late_from: str | None = None
    since: str | None = None
    notes: tuple[str, ...] = ()


_ENCODE = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


def canonical(line: Line) -> bytes:
    """Return the bytes that are hashed: RFC 8785 JSON of every field, with the format's version.

    Keys are ASCII and numbers are integers below 2**53, so sorted compact JSON is the canonical
    form of RFC 8785.

    >>> canonical(Line("lin_1", "sainte", "2026-11", "charge", "a", "b", 1200))[:40]
    b'{"agreement":null,"amount_cents":1200,"c'
    """
    return _ENCODE({"v": LEAF_FORMAT, **line._asdict()}).encode()


def leaf_hash(line: Line) -> bytes:
    """Return the RFC 9162 leaf hash of a line: SHA-256 of a zero byte and the canonical form."""
    return sha256(b"\x00" + canonical(line)).digest()


def effects(line: Line) -> tuple[tuple[str, int], ...]:
    """Return what the line adds to each participant's position, in cents; the sum is zero.

    >>> effects(Line("lin_1", "sainte", "2026-11", "charge", "a", "b", 1200, levy_cents=60))
    (('a', -1200), ('b', 1140), ('fund', 60))
    """
    sign = -1 if line.kind in TAKES_BACK else 1
    moves = (
        (line.debtor, -sign * line.amount_cents),
        (line.creditor, sign * (line.amount_cents - line.levy_cents)),
    )
    return (*moves, (FUND, sign * line.levy_cents)) if line.levy_cents else moves
