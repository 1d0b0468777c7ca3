"""`python -m clearing month.json…`: audit exported months with nothing but this package.

Prints what each month's lines give, then whatever the document says otherwise; of several months,
also where one does not name the root of the one before. Exits 0 when nothing is found, 1 when
something is, 2 when a file cannot be read as a month. A whole file is read into memory: count on
some gigabytes for a month of a million lines.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from clearing.audit import Audit, audit
from clearing.chain import verify_chain
from clearing.document import (
    Finding,
    plan_to_json,
    positions_to_json,
    show_cents,
    totals_to_json,
)
from clearing.errors import ClearingError
from clearing.netting import Transfer
from clearing.reading import Meta, read_month

MOST_SHOWN: Final = 100
"""Findings printed without --json: one broken rule can break a million lines."""

Audited = tuple[Meta, Audit]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = _parse(arguments)
    audited = []
    for file in options.months:
        try:
            document = json.loads(file.read_text(encoding="utf-8-sig"))
            meta, lines = read_month(document)
        except (OSError, ValueError, RecursionError, ClearingError) as error:
            sys.stderr.write(f"{file} can't be read as an exported month: {error}\n")
            return 2
        audited.append((meta, audit(meta, lines)))
    chain = verify_chain(meta.head for meta, _ in audited if meta.head is not None)
    if options.json:
        json.dump(_to_json(audited, chain), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _to_text(audited, chain))
    return 1 if chain or any(result.findings for _, result in audited) else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m clearing",
        description="Recompute exported months from their lines, and say where they differ.",
    )
    parser.add_argument(
        "months", metavar="month", type=Path, nargs="+", help="a file of `period export`, as JSON"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser.parse_args(arguments)


def _to_json(audited: Sequence[Audited], chain: Sequence[Finding]) -> dict[str, object]:
    """Return one month's result, or those of several with what is wrong with their chain."""
    months = [_month_to_json(meta, result) for meta, result in audited]
    if len(months) == 1:
        return months[0]
    return {"months": months, "chain": [finding._asdict() for finding in chain]}


def _month_to_json(meta: Meta, result: Audit) -> dict[str, object]:
    return {
        "network": meta.network["slug"],
        "period": meta.period,
        "state": meta.state,
        "totals": totals_to_json(result.totals),
        "positions": positions_to_json(result.totals),
        "plan": plan_to_json(result.plan),
        "findings": [finding._asdict() for finding in result.findings],
    }


def _to_text(audited: Sequence[Audited], chain: Sequence[Finding]) -> Iterator[str]:
    for number, (meta, result) in enumerate(audited):
        if number:
            yield ""
        yield from _month_to_text(meta, result)
    if len(audited) > 1:
        yield ""
        yield from _show_findings(
            chain, "chain: each month names the root of the one before", "breaks in the chain"
        )


def _month_to_text(meta: Meta, result: Audit) -> Iterator[str]:
    totals, plan, currency = result.totals, result.plan, meta.network["currency"]
    yield f"{meta.network['name']} ({meta.network['slug']}), {meta.period}, {meta.state}"
    yield ""
    yield f"lines    {totals.count:>14}"
    yield f"charges  {totals.charges:>14}"
    yield f"gross    {show_cents(totals.gross_cents):>14} {currency}"
    yield f"levies   {show_cents(totals.fund_cents):>14} {currency}"
    yield f"root     {totals.root.hex()}"
    yield ""
    yield f"{'position':<40} {'amount':>14} {'carried in':>14}"
    for participant, cents in sorted(totals.positions.items()):
        carried_in = show_cents(totals.carried_in_cents.get(participant, 0))
        yield f"{participant:<40} {show_cents(cents):>14} {carried_in:>14}"
    yield ""
    yield f"transfers, {plan.method} ({plan.alternative_method}: {plan.alternative_transfers})"
    yield from map(_show_transfer, plan.transfers)
    yield "carried into the next month"
    yield from map(_show_transfer, plan.carried)
    yield ""
    if meta.head is None:
        yield "head: none, so these figures are those of a draft"
    else:
        yield "head: read, its signature not verified (`cowopass verify` does)"
    yield from _show_findings(result.findings, "findings: none, the month adds up", "findings")


def _show_transfer(transfer: Transfer) -> str:
    pair = f"{transfer.debtor} -> {transfer.creditor}"
    return f"{pair:<40} {show_cents(transfer.amount_cents):>14} {transfer.id}"


def _show_findings(findings: Sequence[Finding], none: str, title: str) -> Iterator[str]:
    if not findings:
        yield none
        return
    yield f"{title}: {len(findings)}"
    for code, where, message in findings[:MOST_SHOWN]:
        yield f"{code} {where}: {message}"
    if len(findings) > MOST_SHOWN:
        yield f"and {len(findings) - MOST_SHOWN} more (--json shows all)"


if __name__ == "__main__":
    sys.exit(main())
