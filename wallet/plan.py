"""What a plan entitles to: its units, whose a visit uses, and the days and months a pass holds."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

PlanKind = Literal["unlimited", "quota", "book", "single"]
Unit = Literal["hour", "half_day", "day"]

UNITS: Final[tuple[Unit, ...]] = ("hour", "half_day", "day")
"""From the smallest to the largest."""

MONTHLY: Final[frozenset[PlanKind]] = frozenset({"unlimited", "quota"})
"""The kinds that are priced, and counted, by calendar months."""

LIFE: Final = "life"
"""The bucket of a pass whose units last as long as itself."""


class PlanTerms(NamedTuple):
    """The rules of a plan that was sold.

    `units` is None for `unlimited`, whose `notional_units` are the days a month's price is thought
    to pay. `units` and `golden_tickets` are per month for monthly kinds, else for the whole life.
    """

    kind: PlanKind
    unit: Unit
    units: int | None
    validity_months: int
    golden_tickets: int
    notional_units: int | None
    roaming: bool


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later; a day that the month lacks becomes its last.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 11, 24), 12)
    (datetime.date(2026, 2, 28), datetime.date(2027, 11, 24))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def last_day(kind: PlanKind, starts_on: date, validity_months: int) -> date:
    """Return the last local day on which a pass holds.

    Monthly plans hold through whole calendar months, of which the first counts whole; books and
    singles end before the same day `validity_months` later.

    >>> last_day("quota", date(2026, 11, 24), 1), last_day("book", date(2026, 11, 24), 12)
    (datetime.date(2026, 11, 30), datetime.date(2027, 11, 23))
    """
    begins_on = starts_on.replace(day=1) if kind in MONTHLY else starts_on
    return add_months(begins_on, validity_months) - timedelta(days=1)


def bucket(kind: PlanKind, on: date) -> str:
    """Return where the units of a visit are counted: its month, `YYYY-MM`, or the pass's `life`.

    >>> bucket("quota", date(2026, 11, 24)), bucket("book", date(2026, 11, 24))
    ('2026-11', 'life')
    """
    return on.isoformat()[:7] if kind in MONTHLY else LIFE


def units_needed(plan_unit: Unit, visit_unit: Unit, *, golden: bool = False) -> int | None:
    """Return how many units of a plan a visit takes; None when the plan does not cover it.

    A golden visit takes one golden ticket, whatever the units.

    >>> units_needed("day", "half_day"), units_needed("half_day", "day")
    (1, 2)
    >>> units_needed("hour", "day") is None
    True
    """
    if golden or UNITS.index(visit_unit) <= UNITS.index(plan_unit):
        return 1
    return 2 if (plan_unit, visit_unit) == ("half_day", "day") else None


def months_of(starts_on: date, ends_on: date) -> list[str]:
    """Return the calendar months, `YYYY-MM`, from one day to another, both counted.

    >>> months_of(date(2026, 11, 24), date(2027, 1, 1))
    ['2026-11', '2026-12', '2027-01']
    """
    count = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month + 1
    first = starts_on.replace(day=1)
    return [f"{add_months(first, number):%Y-%m}" for number in range(count)]
