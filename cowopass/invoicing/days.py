"""Days of visits in French words, short enough for a line of an invoice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby

from cowopass.web.formats import say_date

FEWEST_IN_A_SPAN = 3
"""Two days that follow each other are told one by one."""


def day_in_words(day: str) -> str:
    """Return an ISO 8601 day in words, with the French `1er`.

    >>> day_in_words("2026-11-01"), day_in_words("2026-11-12")
    ('1er novembre 2026', '12 novembre 2026')
    """
    return say_date(date.fromisoformat(day), "d MMMM y", "fr")


def days_in_words(days: Sequence[str]) -> str:
    """Return some ISO 8601 days in order, month by month.

    >>> days_in_words(["2026-08-31", "2026-11-03", "2026-11-05", "2026-11-06", "2026-11-07"])
    '31 août ; 3, 5 au 7 novembre 2026'
    """
    told = [date.fromisoformat(day) for day in days]
    months = [
        f"{', '.join(_spans(group))} {say_date(date(year, month, 1), 'MMMM', 'fr')}"
        for (year, month), group in groupby(told, key=lambda day: (day.year, day.month))
    ]
    return f"{' ; '.join(months)} {told[-1].year}"


def _spans(days: Iterable[date]) -> list[str]:
    """Return the days of a month, those that follow each other as `5 au 7`."""
    spans: list[list[date]] = []
    for day in days:
        if spans and day - spans[-1][-1] == timedelta(1):
            spans[-1].append(day)
        else:
            spans.append([day])
    told: list[str] = []
    for span in spans:
        if len(span) >= FEWEST_IN_A_SPAN:
            told.append(f"{_number(span[0])} au {_number(span[-1])}")
        else:
            told += map(_number, span)
    return told


def _number(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)
