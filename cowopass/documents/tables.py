"""Tables for spreadsheets: UTF-8 CSV in which no cell can act as a formula."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from clearing.document import CARRY_SHAPES, LINE_SHAPES, line_to_json
from clearing.line import Line

_ACTS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_table(
    stream: TextIO, columns: Sequence[str], rows: Iterable[Mapping[str, object]]
) -> None:
    """Write a header and rows; null is an empty cell, a list its items with spaces between."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)


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


def _cell(value: object) -> object:
    if isinstance(value, (list, tuple)):
        value = " ".join(map(str, value))
    elif isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, bool):
        return "true" if value else "false"
    # A spreadsheet takes a text that begins so for a formula; the apostrophe makes it a text.
    if isinstance(value, str) and value.startswith(_ACTS_AS_FORMULA):
        return f"'{value}"
    return value
