"""A month as tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from clearing.document import CARRY_SHAPES, LINE_SHAPES, line_to_json
from clearing.line import Line
from cowopass.csvfile import write_table


def write_lines(stream: TextIO, lines: Iterable[tuple[Line, bytes]]) -> None:
    """Write `lines.csv`: the lines of a month in leaf order, with their leaf hashes."""
    write_table(stream, list(LINE_SHAPES), (line_to_json(*hashed) for hashed in lines))


def write_positions(stream: TextIO, document: Mapping[str, Any]) -> None:
    """Write `positions.csv`: what each participant is owed (above zero) or owes, in cents."""
    columns = ["participant", "amount_cents", "carried_in_cents"]
    write_table(stream, columns, document["positions"])


def write_transfers(stream: TextIO, document: Mapping[str, Any]) -> None:
    """Write `transfers.csv`: the payments of the plan, then what is carried."""
    write_table(stream, ["made", *CARRY_SHAPES], _transfers(document["plan"]))


def write_agreements(stream: TextIO, document: Mapping[str, Any]) -> None:
    """Write `agreements.csv`: the versions that the month's charges cite; `rule` is JSON."""
    agreements = document["agreements"]
    columns = list(agreements[0]) if agreements else ["id", "home", "host", "effective_from"]
    write_table(stream, columns, agreements)


def write_month(stream: TextIO, document: Mapping[str, Any]) -> None:
    """Write `month.csv`: a name and a value in each row, for what is there once."""
    once = {
        **{f"network_{name}": value for name, value in document["network"].items()},
        **{name: document[name] for name in ("period", "state", "netting")},
        "carry_forward_below_cents": document["carry_forward_below_cents"],
        "leaving": document["leaving"],
        **document["totals"],
        "previous_root": document["previous_root"],
        "head": document["head"],
    }
    rows = ({"name": name, "value": value} for name, value in once.items())
    write_table(stream, ["name", "value"], rows)


def _transfers(plan: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    for row in plan["transfers"] if plan else ():
        yield {"made": "transfer", **row, "since": None}
    for row in plan["carried"] if plan else ():
        yield {"made": "carried", **row}
