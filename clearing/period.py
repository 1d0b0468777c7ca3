"""Months and what state a month is in, worked out from facts: there is no clock here.

A month is a text, YYYY-MM, so that months compare, sort and read well in every file they go to.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final, Literal, NamedTuple

from clearing.errors import MonthInvalid

State = Literal["open", "collecting", "review", "locked", "settling", "settled"]

_MONTH: Final = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")


class Facts(NamedTuple):
    """What the state of a month follows from.

    `today` is the local date in the network's zone. `reviewed` and `locked` are the treasurer's
    acts. `paid_anything` is True once a payment is recorded. `open_transfers` counts the transfers
    of the locked plan that are not yet paid whole nor written off; carried ones are not counted.
    """

    month: str
    today: date
    reviewed: bool
    locked: bool
    paid_anything: bool
    open_transfers: int


def state(facts: Facts) -> State:
    """Return the state of a month: the calendar moves the first two, the treasurer the others.

    A locked month with nothing left to pay is settled, also when it had nothing to pay at all.

    >>> state(Facts("2026-11", date(2026, 12, 1), False, False, False, 0))
    'collecting'
    """
    if facts.locked:
        return _state_when_locked(facts)
    if facts.reviewed:
        return "review"
    return "collecting" if month_of(facts.today) > facts.month else "open"


def lands_in(visit_month: str, *, locked: bool, open_month: str) -> tuple[str, str | None]:
    """Return the period a visit counts in, and the month it is late from, if it is.

    `locked` tells whether the month of the visit's local day is locked; `open_month` is the
    calendar month that runs at the time of writing. A locked month never changes.

    >>> lands_in("2026-11", locked=True, open_month="2026-12")
    ('2026-12', '2026-11')
    >>> lands_in("2026-11", locked=False, open_month="2026-12")
    ('2026-11', None)
    """
    return (open_month, visit_month) if locked else (visit_month, None)


def month_of(day: date) -> str:
    """Return the month of a local day.

    >>> month_of(date(2026, 11, 29))
    '2026-11'
    """
    return day.isoformat()[:7]


def parse_month(text: str) -> str:
    """Return the text if it is a month, YYYY-MM with a year from 1000 to 2999.

    Raises MonthInvalid for anything else, spaces and other digits included.
    """
    if not _MONTH.fullmatch(text):
        raise MonthInvalid(text)
    return text


def add_months(month: str, count: int) -> str:
    """Return the month `count` months later, or earlier when it is negative.

    Raises MonthInvalid when `month` is none, or when the result leaves the years 1000 to 2999.

    >>> add_months("2026-11", 2), add_months("2026-11", -12)
    ('2027-01', '2025-11')
    """
    year, number = _year_and_number(month)
    year, index = divmod(12 * year + number - 1 + count, 12)
    return parse_month(f"{year:04d}-{index + 1:02d}")


def next_month(month: str) -> str:
    """Return the month after.

    >>> next_month("2026-12")
    '2027-01'
    """
    return add_months(month, 1)


def previous_month(month: str) -> str:
    """Return the month before.

    >>> previous_month("2026-01")
    '2025-12'
    """
    return add_months(month, -1)


def first_day(month: str) -> date:
    """Return the first day of a month. Raises MonthInvalid."""
    return date(*_year_and_number(month), 1)


def last_day(month: str) -> date:
    """Return the last day of a month. Raises MonthInvalid.

    >>> last_day("2028-02")
    datetime.date(2028, 2, 29)
    """
    year, number = _year_and_number(month)
    return date(year, number, monthrange(year, number)[1])


def _state_when_locked(facts: Facts) -> State:
    if not facts.open_transfers:
        return "settled"
    return "settling" if facts.paid_anything else "locked"


def _year_and_number(month: str) -> tuple[int, int]:
    year, number = parse_month(month).split("-")
    return int(year), int(number)
