"""An exported month, recomputed from its lines alone by anyone who doubts it.

The signature of the head is not verified here: that needs the network's keys and a library beyond
the standard one. `cowopass verify` does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from clearing.document import (
    LOCKED,
    Finding,
    plan_to_json,
    show_cents,
    signed_plan,
    totals_to_json,
)
from clearing.line import Line, leaf_hash
from clearing.line_checks import check_lines
from clearing.month import Fold
from clearing.netting import Plan, make_plan
from clearing.reading import Agreement, Meta, read_month
from clearing.sums import Totals


class Audit(NamedTuple):
    """What the lines of a month give, and where the month says otherwise."""

    totals: Totals
    plan: Plan
    findings: list[Finding]


def audit_month(document: object) -> list[Finding]:
    """Return everything in an exported month that its own lines do not bear out.

    Raises MonthUnreadable for a document that is no month: a field missing or of another type.
    """
    return audit(*read_month(document)).findings


def audit(meta: Meta, lines: Sequence[Line]) -> Audit:
    """Recompute a month that was read, and compare."""
    month = Fold()
    findings = list(_check_hashes(month, lines, meta.leaf_hashes))
    totals = month.totals()
    plan = make_plan(
        meta.network["slug"],
        meta.period,
        totals,
        netting=meta.netting,
        carry_forward_below_cents=meta.carry_forward_below_cents,
        leaving=meta.leaving,
    )
    findings += check_lines(meta, lines)
    findings += _compare("total_differs", "totals", totals_to_json(totals), meta.totals)
    findings += _compare_balances("positions", totals.positions, meta.positions)
    findings += _compare_balances("carried_in", totals.carried_in_cents, meta.carried_in)
    findings += _check_head(meta, totals, plan)
    findings += _check_plan(meta, plan)
    return Audit(totals, plan, findings)


def _check_hashes(month: Fold, lines: Iterable[Line], recorded: Iterable[str]) -> Iterator[Finding]:
    """Add each line to the month, by the hash of what it says now."""
    for line, recorded_hash in zip(lines, recorded, strict=True):
        hashed = leaf_hash(line)
        month.add(line, hashed)
        if hashed.hex() != recorded_hash:
            yield Finding(
                "leaf_hash_differs", line.id, "the line is not what was hashed when it was written"
            )


def _check_head(meta: Meta, totals: Totals, plan: Plan) -> Iterator[Finding]:
    head = meta.head
    if head is None:
        if meta.state in LOCKED:
            yield Finding("head_missing", "head", f"the month is {meta.state} without a head")
        return
    if meta.state not in LOCKED:
        yield Finding("head_too_early", "head", f"the month is {meta.state} but has a head")
    expected = {
        "net": meta.network["slug"],
        "period": meta.period,
        **totals_to_json(totals),
        "previous_root": meta.previous_root,
    }
    if head["transfers"] is not None:
        expected |= signed_plan(plan)
    yield from _compare("head_differs", "head", expected, head)
    yield from _compare_balances("head.positions", totals.positions, head["positions"])
    yield from _compare_balances("head.carried_in", totals.carried_in_cents, head["carried_in"])
    if set(head["agreements"]) != set(meta.agreements):
        yield Finding(
            "head_differs", "head.agreements", "the head names other agreements than the document"
        )
    if head["votes"] != _votes(meta.agreements):
        yield Finding(
            "head_differs", "head.votes", "the votes of the agreements are not those it cites"
        )


def _votes(agreements: Mapping[str, Agreement]) -> dict[str, str]:
    """Return the hash of the signed vote of each version that has one, as a head cites it."""
    return {
        version: sha256(agreement.vote.encode()).hexdigest()
        for version, agreement in agreements.items()
        if agreement.vote is not None
    }


def _check_plan(meta: Meta, plan: Plan) -> Iterator[Finding]:
    recorded = meta.plan
    if recorded is None:
        if meta.state in LOCKED:
            yield Finding("plan_missing", "plan", f"the month is {meta.state} without a plan")
        return
    expected = plan_to_json(plan)
    for name in ("method", "alternative"):
        if recorded[name] != expected[name]:
            yield Finding(
                "plan_differs",
                f"plan.{name}",
                f"the document says {recorded[name]}, its lines give {expected[name]}",
            )
    for name in ("transfers", "carried"):
        yield from _compare_transfers(f"plan.{name}", expected[name], recorded[name])


def _compare_transfers(
    where: str, expected: Sequence[Mapping[str, Any]], recorded: Sequence[Mapping[str, Any]]
) -> Iterator[Finding]:
    due = {row["id"]: row for row in expected}
    said = {row["id"]: row for row in recorded}
    for row in recorded:
        if due.get(row["id"]) != row:
            yield Finding("plan_differs", where, f"{_show(row)} does not follow from the lines")
    for row in expected:
        if said.get(row["id"]) != row:
            yield Finding("plan_differs", where, f"{_show(row)} is missing, by the lines")
    if len(said) < len(recorded):
        yield Finding("plan_differs", where, "an id is listed twice")


def _compare(
    code: str, where: str, expected: Mapping[str, object], recorded: Mapping[str, object]
) -> Iterator[Finding]:
    for name, value in expected.items():
        if recorded[name] != value:
            yield Finding(
                code,
                f"{where}.{name}",
                f"the document says {recorded[name]}, its lines give {value}",
            )


def _compare_balances(
    where: str, expected: Mapping[str, int], recorded: Mapping[str, int]
) -> Iterator[Finding]:
    """Compare cents by participant; one that is left out is at zero."""
    for participant in sorted({*expected, *recorded}):
        cents, said = expected.get(participant, 0), recorded.get(participant, 0)
        if cents != said:
            yield Finding(
                "position_differs",
                f"{where}.{participant}",
                f"the document says {show_cents(said)}, its lines give {show_cents(cents)}",
            )


def _show(row: Mapping[str, Any]) -> str:
    return f"{row['debtor']} to {row['creditor']} {show_cents(row['amount_cents'])} ({row['id']})"
