"""How months, plans and simulations read on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click
from marshmallow import Schema

from clearing.document import show_cents as show_amount

__all__ = [
    "print_json",
    "print_month",
    "print_months",
    "print_plan",
    "print_simulation",
    "print_table",
    "show_amount",
]

_WARNINGS = {
    "period_not_over": "the month is not over",
    "period_out_of_order": "an earlier month comes first",
    "agreement_missing": "the network has no agreement with itself that month",
    "late_days_running": "late visits are awaited until {late_until}",
    "review_days_running": "remarks are awaited until {review_until}",
    "disputes_open": "disputes are open; their amounts stay withheld",
    "changed_since_review": "lines came in since the drafts went out",
}


def print_json(schema: Schema, document: object) -> None:
    """Print a document, or a list of them, as the API gives it."""
    click.echo(json.dumps(schema.dump(document), ensure_ascii=False, indent=2))


def print_table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Print rows under a header: the first column to the left, the others to the right."""
    table = [header, *rows]
    widths = [max(len(row[place]) for row in table) for place in range(len(header))]
    for first, *others in table:
        cells = [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
        click.echo("  ".join([first.ljust(widths[0]), *cells]).rstrip())


def print_months(months: list[dict[str, Any]]) -> None:
    """Print a line for each month."""
    rows = [(month["period"], month["state"], str(month["lines"])) for month in months]
    print_table(("month", "state", "lines"), rows)


def print_month(document: dict[str, Any]) -> None:
    """Print a month: state, positions, sums, what is left to pay, and what comes next."""
    click.echo(f"{document['network']} {document['period']}: {document['state']}\n")
    print_table(
        ("participant", "position", "carried in"),
        [
            (
                row["participant"],
                show_amount(row["amount_cents"]),
                show_amount(row["carried_in_cents"]),
            )
            for row in document["positions"]
        ],
    )
    click.echo(
        f"\n{document['charges']} charges, gross {show_amount(document['gross_cents'])}, "
        f"levies {show_amount(document['fund_cents'])}, {document['late']} late, "
        f"{document['disputes']} open disputes"
    )
    for due in document["transfers"]:
        click.echo(
            f"{due['id']}  {due['debtor']} pays {due['creditor']} "
            f"{show_amount(due['amount_cents'])}, {show_amount(due['left_cents'])} left"
        )
    _print_next(document["next"])


def print_plan(document: dict[str, Any]) -> None:
    """Print who pays whom, what is carried, and what the other method would give."""
    note = " (preview: the month is not locked)" if document["preview"] else ""
    other = document["alternative"]
    click.echo(f"{document['method']}{note}; {other['method']}: {other['transfers']} transfers")
    for transfer in document["transfers"]:
        click.echo(_show_transfer(transfer, "pays"))
    for transfer in document["carried"]:
        click.echo(f"{_show_transfer(transfer, 'carries to')} since {transfer['since']}")


def print_simulation(document: dict[str, Any]) -> None:
    """Print positions and costs now and then side by side, and a sentence for each participant."""
    sides = ("now", "then", "difference")
    positions = [(row["participant"], *_sides(row, sides)) for row in document["positions"]]
    print_table(("participant", *sides), positions)
    click.echo()
    costs = [
        (f"{row['home']} {row['kind']}", str(row["visits"]), *_sides(row, sides))
        for row in document["pass_kinds"]
    ]
    if costs:
        print_table(("cost of passes elsewhere", "visits", *sides), costs)
        click.echo()
    for row in document["positions"]:
        click.echo(row["sentence"])


def _sides(row: dict[str, Any], sides: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(show_amount(row[f"{side}_cents"]) for side in sides)


def _print_next(following: dict[str, Any] | None) -> None:
    if following is None:
        return
    click.echo(f"\nnext: {following['step']}")
    for code in (*following["blocked_by"], *following["warnings"]):
        click.echo(f"  {_WARNINGS[code].format_map(following)}")


def _show_transfer(transfer: dict[str, Any], verb: str) -> str:
    amount = show_amount(transfer["amount_cents"])
    return f"{transfer['id']}  {transfer['debtor']} {verb} {transfer['creditor']} {amount}"
