"""The opening hours of a week, as a page tells them. Pure but for the language of the request."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import NamedTuple

from flask_babel import format_date

from cowopass.spaces.hours import WEEKDAYS, Hours

DAYS = 7


class DayHours(NamedTuple):
    """A weekday by name, and when a space opens and closes on it; none when it is closed."""

    name: str
    spans: list[tuple[time, time]]
    is_today: bool


def week_of(hours: Hours, today: date) -> list[DayHours]:
    """Return the hours from Monday to Sunday; nothing for a space that keeps none."""
    if not hours:
        return []
    monday = today - timedelta(days=today.weekday())
    return [_day(hours, monday + timedelta(days=number), today) for number in range(DAYS)]


def closings_ahead(closed_days: list[str], today: date) -> list[date]:
    """Return the days from today on when a space stays closed, in order."""
    return sorted(day for text in closed_days if (day := date.fromisoformat(text)) >= today)


def _day(hours: Hours, day: date, today: date) -> DayHours:
    spans = sorted(
        (time.fromisoformat(opens), time.fromisoformat(closes))
        for opens, closes in hours.get(WEEKDAYS[day.weekday()], ())
    )
    return DayHours(str(format_date(day, "EEEE")), spans, day == today)
