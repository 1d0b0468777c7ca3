"""CSV files, read as people really send them and written as spreadsheets can take them.

In: a byte order mark, semicolons instead of commas and Windows line ends are taken as they come.
What can not be read safely is an error that names the line and says what to do. Out: no cell can
act as a formula.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple, TextIO

from cowopass.errors import CsvHeaderWrong, CsvUnreadable

LONGEST_FIELD = 4_096
"""A longer field is a quote left open that has swallowed the lines after it."""

_ACTS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Row(NamedTuple):
    """A line of a file: its number, counted from 1 with the header, and its stripped fields."""

    line: int
    fields: list[str]


def read_rows(
    stream: BinaryIO, header: Sequence[str], on_bytes: Callable[[int], None] | None = None
) -> Iterator[Row]:
    """Yield the rows after the header, one at a time, blank lines left out.

    `on_bytes` is told how many bytes were read, for a progress bar. A row may have too few or too
    many fields: the caller says so beside its other errors.
    Raises CsvHeaderWrong for another header, CsvUnreadable where the file can not be read on.
    """
    lines = _decoded(stream, on_bytes)
    first = next(lines, "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    found = [name.strip().strip('"') for name in first.strip().split(delimiter)]
    if found != list(header):
        raise CsvHeaderWrong(list(header), found)
    yield from _parsed(lines, delimiter)


def write_table(
    stream: TextIO, columns: Sequence[str], rows: Iterable[Mapping[str, object]]
) -> None:
    """Write a header and rows; null is an empty cell, a list its items with spaces between."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell_of(row[name]) for name in columns] for row in rows)


def cell_of(value: object) -> object:
    """Return a value as `write_table` writes it, which no spreadsheet takes for a formula.

    >>> cell_of("=1+1"), cell_of(-12), cell_of(["a", "b"])
    ("'=1+1", -12, 'a b')
    """
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


def _parsed(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    start = 2
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise CsvUnreadable(start, _reason(str(error))) from error
        if any(fields):
            yield Row(start, [field.strip() for field in fields])
        start = reader.line_num + 2


def _decoded(stream: BinaryIO, on_bytes: Callable[[int], None] | None) -> Iterator[str]:
    for number, raw in enumerate(stream, start=1):
        if on_bytes:
            on_bytes(len(raw))
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise CsvUnreadable(number, "is not UTF-8; save the file as CSV UTF-8") from error
        if "\0" in text:
            raise CsvUnreadable(number, "holds a zero byte; this is not a CSV file")
        yield text


def _reason(error: str) -> str:
    if "field larger" in error or "unexpected end" in error:
        return "opens a quote that is not closed; close it or take it out"
    return f"can not be read ({error})"
