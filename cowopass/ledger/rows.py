"""Between pure lines and rows of the tables: the only place that knows both."""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import InstrumentedAttribute, Session

from clearing.ledger import Entry, entries_of
from clearing.line import Line, leaf_hash
from cowopass import clock
from cowopass.database import insert_many
from cowopass.ledger.models import LedgerEntry, SettlementLine

LINE_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = tuple(
    getattr(SettlementLine, name) for name in Line._fields
)
"""What to select so that `line_of` can read a row: the fields of a line, in order."""

_NOTES = Line._fields.index("notes")


def new_line_id() -> str:
    """Return an opaque id for a line that is about to be written."""
    return f"lin_{secrets.token_hex(10)}"


@lru_cache(maxsize=65_536)
def pseudonym(key: bytes, pass_id: str) -> str:
    """Return the name of a pass in the lines of one network and month: 20 letters and digits.

    Whoever has no key can tell that two lines of a month are of one pass, and nothing else.
    """
    digest = hmac.digest(key, pass_id.encode(), sha256)
    return b32encode(digest[:15])[:20].decode().lower()


def line_row(line: Line, written_at: datetime) -> dict[str, Any]:
    """Return a line as a row of `settlement_lines`, with the leaf hash it will keep."""
    return {
        **line._asdict(),
        "notes": " ".join(line.notes),
        "leaf_hash": leaf_hash(line),
        "written_at": written_at,
    }


def line_of(row: Row[*tuple[Any, ...]]) -> Line:
    """Return the line of a row selected by LINE_COLUMNS; more columns may follow them."""
    fields = list(row[: len(LINE_COLUMNS)])
    fields[_NOTES] = tuple(fields[_NOTES].split())
    return Line(*fields)


def entry_rows(line: Line, written_at: datetime) -> list[dict[str, Any]]:
    """Return the rows of `ledger_entries` that a line writes in its period; none for zero."""
    return event_rows(
        entries_of(line), line.network, line.period, line.kind, written_at, line_id=line.id
    )


def event_rows(  # noqa: PLR0913 (the columns of a row)
    entries: Iterable[Entry],
    network: str,
    period: str,
    event: str,
    written_at: datetime,
    *,
    line_id: str | None = None,
    transfer_id: str | None = None,
) -> list[dict[str, Any]]:
    """Return the rows of the entries that one event writes, because of a line or of a transfer."""
    return [
        {
            "network": network,
            "period": period,
            "event": event,
            "debit": entry.debit,
            "credit": entry.credit,
            "amount_cents": entry.amount_cents,
            "line_id": line_id,
            "transfer_id": transfer_id,
            "written_at": written_at,
        }
        for entry in entries
    ]


def write_lines(session: Session, lines: Sequence[Line]) -> None:
    """Write lines and their entries, in this order, in two statements (one if all are zero)."""
    now = clock.now()
    if lines:
        insert_many(session, SettlementLine, [line_row(line, now) for line in lines])
    write_entries(session, [row for line in lines for row in entry_rows(line, now)])


def write_entries(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows made by `entry_rows` or `event_rows`, in one statement; none is none."""
    if rows:
        insert_many(session, LedgerEntry, rows)
