"""What has come of the journals of a space's desks: how far, and what is amiss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cowopass.desk.models import JournalEntry

MOST_NAMED = 100
"""So many missing or doubled numbers are named; beyond, one looks at the journal itself."""


class JournalState(NamedTuple):
    """A journal, `name` being its key's thumbprint, with the numbers that came up to `last_number`.

    `missing` are numbers below it that never came, `doubled` those that came for two check-ins.
    """

    name: str
    entries: int
    last_number: int
    missing: list[int]
    doubled: list[int]
    received_at: datetime


def list_journals(session: Session, space: str) -> list[JournalState]:
    """Return the journals of a space's desks, that which was heard of last first."""
    rows = session.execute(
        select(
            JournalEntry.journal,
            JournalEntry.number,
            func.count().label("check_ins"),
            func.max(JournalEntry.received_at).label("received_at"),
        )
        .where(JournalEntry.space == space)
        .group_by(JournalEntry.journal, JournalEntry.number)
        .order_by(JournalEntry.journal, JournalEntry.number)
    ).all()
    states = [
        _state_of(name, list(numbers)) for name, numbers in groupby(rows, lambda row: row.journal)
    ]
    return sorted(states, key=lambda state: (state.received_at, state.name), reverse=True)


def _state_of(name: str, rows: Sequence[Any]) -> JournalState:
    numbers = [row.number for row in rows]
    return JournalState(
        name=name,
        entries=len(rows),
        last_number=numbers[-1],
        missing=list(_gaps(numbers)),
        doubled=[row.number for row in rows if row.check_ins > 1][:MOST_NAMED],
        received_at=max(row.received_at for row in rows),
    )


def _gaps(numbers: Sequence[int]) -> Iterator[int]:
    """Yield the first whole numbers from 1 on that are not among these, which rise."""
    named, expected = 0, 1
    for number in numbers:
        for missing in range(expected, min(number, expected + MOST_NAMED - named)):
            yield missing
            named += 1
        expected = number + 1
