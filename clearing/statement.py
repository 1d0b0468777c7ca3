"""A space's statement of one month: its own lines, each with the proof that it is in the month.

Whoever holds a statement of a locked month checks it alone, without the other spaces' lines: each
line leads to the signed root, and the lines add up to the signed position.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from clearing.document import (
    LOCKED,
    NETWORK_SHAPES,
    STATEMENT_FORMAT,
    STATEMENT_LINE_SHAPES,
    STATEMENT_SHAPES,
    Finding,
    carry_to_json,
    line_to_json,
    show_cents,
    transfer_to_json,
)
from clearing.line import FUND, TAKES_BACK, Line, effects, leaf_hash
from clearing.line_checks import check_ids, check_place
from clearing.merkle import verify_inclusion
from clearing.netting import Plan, Transfer, transfer_id
from clearing.period import State
from clearing.reading import read_carries, read_head, read_line, read_transfers
from clearing.shape import read_fields


class Header(NamedTuple):
    """What all statements of a month share.

    `network` has slug, name, timezone and currency, as in an exported month. `head` is the month's
    signed head, a compact JWS, or None before the lock.
    """

    network: Mapping[str, str]
    period: str
    state: State
    head: str | None


class ProvenLine(NamedTuple):
    """A line, its place among the month's leaves (`leaf_index`, from 0), and its inclusion proof.

    Before the lock the proof is empty: there is no root yet that it could lead to.
    """

    line: Line
    leaf_index: int
    proof: Sequence[bytes]


class Sums(NamedTuple):
    """What lines do to one participant's position, in cents.

    `in_cents` is owed to it and `out_cents` owed by it, before levies, less what is taken back;
    `levy_cents` it owes the fund, for whose own statement levies are `in_cents`.
    """

    position_cents: int
    carried_in_cents: int
    in_cents: int
    out_cents: int
    levy_cents: int


def concerns(line: Line, participant: str) -> bool:
    """Tell whether a line belongs on a participant's statement: it may change its position."""
    return any(participant == name for name, _ in effects(line))


def add_up(participant: str, lines: Iterable[Line]) -> Sums:
    """Return what the lines do to a participant's position.

    >>> add_up("b", [Line("lin_1", "sainte", "2026-11", "charge", "a", "b", 1200, 60)])
    Sums(position_cents=1140, carried_in_cents=0, in_cents=1200, out_cents=0, levy_cents=60)
    """
    carried_in_cents = in_cents = out_cents = levy_cents = 0
    for line in lines:
        if line.kind == "carried":
            carried_in_cents += sum(cents for name, cents in effects(line) if name == participant)
            continue
        sign = -1 if line.kind in TAKES_BACK else 1
        in_cents += sign * line.amount_cents * (line.creditor == participant)
        out_cents += sign * line.amount_cents * (line.debtor == participant)
        levy_cents += sign * line.levy_cents * (line.creditor == participant)
        in_cents += sign * line.levy_cents * (participant == FUND)
    position_cents = carried_in_cents + in_cents - out_cents - levy_cents
    return Sums(position_cents, carried_in_cents, in_cents, out_cents, levy_cents)


def make_statement(
    header: Header, space: str, lines: Iterable[ProvenLine], plan: Plan | None
) -> dict[str, object]:
    """Return a space's statement, ready for JSON; `lines` are those that concern it.

    `plan` is the month's, of which the space's own transfers are taken; None before there is one.
    """
    proven = list(lines)
    sums = add_up(space, [line for line, _, _ in proven])
    return {
        "format": STATEMENT_FORMAT,
        "network": dict(header.network),
        "period": header.period,
        "space": space,
        "state": header.state,
        **sums._asdict(),
        "lines": [
            {
                **line_to_json(line, leaf_hash(line)),
                "index": leaf_index,
                "proof": [sibling.hex() for sibling in proof],
            }
            for line, leaf_index, proof in proven
        ],
        "transfers": [transfer_to_json(row) for row in _own(space, plan.transfers if plan else ())],
        "carried": [carry_to_json(row) for row in _own(space, plan.carried if plan else ())],
        "head": header.head,
    }


def verify_statement(document: object) -> list[Finding]:
    """Return everything in a statement that does not hold.

    A statement of a month that is not locked is found to be a draft: it may add up, but it proves
    nothing. The signature of the head is not verified here: that needs the network's keys and a
    library beyond the standard one. Raises MonthUnreadable for a document that is no statement.
    """
    statement = _read_statement(document)
    findings = [*_check_lines(statement), *_check_sums(statement)]
    if statement.head is None:
        return [*findings, _without_head(statement)]
    findings += _check_head(statement, statement.head)
    findings += _check_transfers(statement)
    findings += _check_signed(statement, statement.head)
    return findings


class _Read(NamedTuple):
    """A statement whose shape was checked; `rows` are its lines with leaf_hash, index and proof."""

    network: str
    period: str
    space: str
    state: State
    fields: Mapping[str, Any]
    lines: list[Line]
    rows: list[dict[str, Any]]
    transfers: list[dict[str, Any]]
    carried: list[dict[str, Any]]
    head: Mapping[str, Any] | None


def _read_statement(document: object) -> _Read:
    fields = read_fields("document", document, STATEMENT_SHAPES)
    return _Read(
        network=read_fields("network", fields["network"], NETWORK_SHAPES)["slug"],
        period=fields["period"],
        space=fields["space"],
        state=fields["state"],
        fields=fields,
        lines=[
            read_line(f"lines[{place}]", row, STATEMENT_LINE_SHAPES)
            for place, row in enumerate(fields["lines"])
        ],
        rows=fields["lines"],
        transfers=read_transfers("transfers", fields["transfers"]),
        carried=read_carries("carried", fields["carried"]),
        head=None if fields["head"] is None else read_head(fields["head"]),
    )


def _check_lines(statement: _Read) -> Iterator[Finding]:
    for line, row in zip(statement.lines, statement.rows, strict=True):
        yield from check_place(line, statement.network, statement.period)
        if leaf_hash(line).hex() != row["leaf_hash"]:
            yield Finding(
                "leaf_hash_differs", line.id, "the line is not what was hashed when it was written"
            )
        if not concerns(line, statement.space):
            yield Finding("line_of_others", line.id, f"the line does not concern {statement.space}")
    yield from check_ids(statement.lines)
    for index, number in Counter(row["index"] for row in statement.rows).items():
        if number > 1:
            yield Finding("index_repeated", f"index {index}", f"{number} lines claim this place")


def _check_sums(statement: _Read) -> Iterator[Finding]:
    sums = add_up(statement.space, statement.lines)
    for name, cents in sums._asdict().items():
        if statement.fields[name] != cents:
            yield Finding(
                "sum_differs",
                name,
                f"the statement says {show_cents(statement.fields[name])}, "
                f"its lines give {show_cents(cents)}",
            )


def _without_head(statement: _Read) -> Finding:
    if statement.state in LOCKED:
        return Finding("head_missing", "head", f"the month is {statement.state} without a head")
    return Finding(
        "draft",
        "head",
        f"this is a draft: the month is {statement.state}, not locked, so nothing is proven yet",
    )


def _check_head(statement: _Read, head: Mapping[str, Any]) -> Iterator[Finding]:
    if (head["net"], head["period"]) != (statement.network, statement.period):
        yield Finding("head_differs", "head", f"the head is of {head['net']} {head['period']}")
    if statement.state not in LOCKED:
        yield Finding("head_too_early", "head", f"the month is {statement.state} but has a head")
    root = bytes.fromhex(head["root"])
    for line, row in zip(statement.lines, statement.rows, strict=True):
        proof = [bytes.fromhex(sibling) for sibling in row["proof"]]
        if not verify_inclusion(leaf_hash(line), row["index"], head["count"], proof, root):
            yield Finding("not_included", line.id, "its proof does not lead to the signed root")
    sums = add_up(statement.space, statement.lines)
    for name, signed, cents in (
        ("positions", head["positions"], sums.position_cents),
        ("carried_in", head["carried_in"], sums.carried_in_cents),
    ):
        if signed.get(statement.space, 0) != cents:
            yield Finding(
                "position_differs",
                f"head.{name}",
                f"the head says {show_cents(signed.get(statement.space, 0))}, "
                f"the lines give {show_cents(cents)}: one is missing, or too many",
            )


def _check_transfers(statement: _Read) -> Iterator[Finding]:
    settled_cents = 0
    for row in (*statement.transfers, *statement.carried):
        debtor, creditor = row["debtor"], row["creditor"]
        if row["id"] != transfer_id(statement.network, statement.period, debtor, creditor):
            yield Finding("transfer_unknown", row["id"], "no transfer of this month has this id")
        settled_cents += row["amount_cents"] * (creditor == statement.space)
        settled_cents -= row["amount_cents"] * (debtor == statement.space)
    if settled_cents != statement.fields["position_cents"]:
        yield Finding(
            "transfers_differ",
            "transfers",
            f"transfers and carries come to {show_cents(settled_cents)}, "
            f"the position is {show_cents(statement.fields['position_cents'])}",
        )


def _check_signed(statement: _Read, head: Mapping[str, Any]) -> Iterator[Finding]:
    """Check a statement's part of the plan against the one that was signed.

    The ids of what the space may pay and receive follow from who has a position: so what is left
    out shows, too.
    """
    pairs = [
        pair
        for other in head["positions"]
        for pair in ((statement.space, other), (other, statement.space))
    ]
    own = {transfer_id(statement.network, statement.period, *pair) for pair in pairs}
    for name, rows in (("transfers", statement.transfers), ("carried", statement.carried)):
        signed = head[name]
        if signed is None:
            continue
        said = {row["id"]: row["amount_cents"] for row in rows}
        for key, cents in said.items():
            if signed.get(key) != cents:
                yield Finding("transfer_unsigned", key, f"the head has no such row in its {name}")
        for key in signed:
            if key in own and key not in said:
                yield Finding("transfer_missing", key, f"the head has it in its {name}")


def _own(space: str, transfers: Iterable[Transfer]) -> list[Transfer]:
    return [row for row in transfers if space in (row.debtor, row.creditor)]
