"""Opening hours, in the local time of a space. Pure.

Hours map English weekday names to lists of ["HH:MM", "HH:MM"]; closed days are ISO dates. A space
without hours never closes; one with hours is closed on the weekdays that are not among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

Hours = Mapping[str, Sequence[Sequence[str]]]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def is_open(hours: Hours, closed_days: Sequence[str], local: datetime) -> bool | None:
    """Say whether a space is open at a local moment; None when it keeps no hours.

    >>> is_open({"monday": [["08:00", "18:00"]]}, [], datetime(2026, 11, 23, 18, 0))
    False
    """
    if not hours:
        return None
    return any(
        opens <= local.time() < closes for opens, closes in _spans(hours, closed_days, local.date())
    )


def closing_at(hours: Hours, local: datetime) -> time | None:
    """Return when a space that is open closes, or None when it keeps no hours or is closed."""
    for opens, closes in _spans(hours, (), local.date()):
        if opens <= local.time() < closes:
            return closes
    return None


def last_closing(hours: Hours, day: date) -> time | None:
    """Return when a space closes for good on a day, or None when it keeps no hours that day."""
    return max((closes for _, closes in _spans(hours, (), day)), default=None)


def next_opening(hours: Hours, closed_days: Sequence[str], local: datetime) -> datetime | None:
    """Return the next local moment at which a space opens, None when that is over a month ahead."""
    for ahead in range(32):
        day = local.date() + timedelta(days=ahead)
        for opens, _ in _spans(hours, closed_days, day):
            moment = datetime.combine(day, opens, local.tzinfo)
            if moment > local:
                return moment
    return None


def read_span(opens: str, closes: str) -> tuple[time, time]:
    """Return when a space opens and closes, out of two times HH:MM.

    Raises ValueError when one is none, or when it would close before it opens: who is open past
    midnight closes at 23:59 and opens the day after at 00:00.
    """
    span = _time(opens), _time(closes)
    if span[0] >= span[1]:
        raise ValueError(f"it closes at {closes}, which is not after {opens}")
    return span


def _time(text: str) -> time:
    moment = time.fromisoformat(text)
    if moment.strftime("%H:%M") != text:
        raise ValueError(f"{text} is no time HH:MM")
    return moment


def _spans(hours: Hours, closed_days: Sequence[str], day: date) -> Iterator[tuple[time, time]]:
    """Yield when a space opens and closes on a day, in order."""
    if day.isoformat() in closed_days:
        return
    yield from sorted(
        (time.fromisoformat(opens), time.fromisoformat(closes))
        for opens, closes in hours.get(WEEKDAYS[day.weekday()], ())
    )
