"""The only place where the project asks what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """Return the present instant, aware, in UTC, to the second."""
    return (_pretended.get() or datetime.now(UTC)).replace(microsecond=0)


@contextmanager
def pretend(instant: datetime) -> Iterator[None]:
    """Let it be another instant inside the block: the demonstration tells of months gone by."""
    token = _pretended.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)


def today(timezone: str) -> date:
    """Return the local date in an IANA time zone, for example a network's `Europe/Paris`."""
    return local_day(now(), timezone)


def local_day(instant: datetime, timezone: str) -> date:
    """Return the local date on which an aware instant falls in a time zone."""
    return instant.astimezone(ZoneInfo(timezone)).date()
