"""Visits that a space's own software recorded, read from a CSV file.

They have happened, so only the pass can refuse them. Rows are taken in the order of the file; each
is accepted or refused with its line number, and a row met before changes nothing. A row whose pass
or space is unknown here is not recorded: load the pass and send the same file again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from typing import BinaryIO, NamedTuple, cast

from clearing.line import Unit
from cowopass.csvfile import Row, read_rows
from cowopass.desk.facts import EARLIEST, LATEST
from cowopass.errors import CsvUnreadable

HEADER = ("id", "pass_reference", "home", "space", "at", "unit", "kind")

BATCH_ROWS = 5_000
"""So many rows are one transaction: a run that dies loses no more, and a rerun goes on."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE).fullmatch
_UNITS = {"": None, "hour": "hour", "half_day": "half_day", "day": "day"}
_KINDS = {"": False, "normal": False, "golden": True}


class ImportedVisit(NamedTuple):
    """A well-formed row. `at` is in UTC; `unit` None leaves the choice to the plan."""

    line: int
    id: str
    reference: str
    home: str
    space: str
    at: datetime
    unit: Unit | None
    golden: bool
    body_hash: str


class Outcome(NamedTuple):
    """What became of a row: `accepted`, `refused` (with code and sentence) or `repeated`."""

    line: int
    id: str
    status: str
    code: str | None = None
    message: str = ""


def read_visits(
    stream: BinaryIO, on_bytes: Callable[[int], None] | None = None
) -> Iterator[ImportedVisit | Outcome]:
    """Yield each row as a visit, or as a refused outcome when it is malformed.

    A file that can not be read on ends with an outcome that says so, code `csv_unreadable`.
    Raises CsvHeaderWrong before the first row.
    """
    rows = read_rows(stream, HEADER, on_bytes)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except CsvUnreadable as error:
            yield Outcome(error.line, "", "refused", error.code, str(error))
            return
        yield parse_visit(row)


def parse_visit(row: Row) -> ImportedVisit | Outcome:
    """Return the visit a row tells of, or a refusal `row_invalid` that says what is wrong."""
    if len(row.fields) != len(HEADER):
        return _malformed(row, f"The row has {len(row.fields)} fields instead of {len(HEADER)}.")
    check_in, reference, home, space, at, unit, kind = row.fields
    if not _UUID(check_in):
        return _malformed(row, f"`{check_in[:40]}` is not a UUID.")
    if unit not in _UNITS:
        return _malformed(row, f"`{unit[:40]}` is not one of hour, half_day, day.")
    if kind not in _KINDS:
        return _malformed(row, f"`{kind[:40]}` is not one of normal, golden.")
    instant = _instant(at)
    if instant is None:
        return _malformed(row, f"`{at[:40]}` is not a date and time with its zone (ISO 8601).")
    return ImportedVisit(
        line=row.line,
        id=check_in.lower(),
        reference=reference,
        home=home,
        space=space,
        at=instant,
        unit=cast(Unit | None, _UNITS[unit]),
        golden=_KINDS[kind],
        body_hash=sha256("\x1f".join(("import", *row.fields[1:])).encode()).hexdigest(),
    )


def batches(
    visits: Iterable[ImportedVisit | Outcome], size: int = BATCH_ROWS
) -> Iterator[list[ImportedVisit | Outcome]]:
    """Cut a stream of rows into lists of at most `size`, in order."""
    iterator = iter(visits)
    while batch := list(islice(iterator, size)):
        yield batch


def _instant(text: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    if parsed.tzinfo is None or not EARLIEST <= parsed <= LATEST:
        return None
    return parsed.astimezone(UTC).replace(microsecond=0)


def _malformed(row: Row, message: str) -> Outcome:
    return Outcome(
        row.line, row.fields[0][:36] if row.fields else "", "refused", "row_invalid", message
    )
