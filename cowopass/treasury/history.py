"""The months of a network, and how their gross went up and down."""

from __future__ import annotations

from itertools import dropwhile
from typing import NamedTuple

from sqlalchemy.orm import Session

from cowopass.settlement.months import read_months
from cowopass.settlement.service import list_months

WIDTH, HEIGHT = 300, 60
"""The drawing of the trend, in its own units."""


class PastMonth(NamedTuple):
    """A month in the list; the state is as `list_months` gives it."""

    month: str
    state: str
    lines: int
    charges: int
    gross_cents: int
    fund_cents: int

    @property
    def is_empty(self) -> bool:
        """Whether the month is over and nothing in it waits for anybody."""
        return not self.lines and self.state in {"collecting", "review"}


class History(NamedTuple):
    """Months, the latest first.

    `trend` are the points of a line of their gross from the first month with lines on, oldest
    first, and `ends` the two months between which it runs; both are empty for less than two.
    """

    months: list[PastMonth]
    trend: str
    ends: list[PastMonth]


def view_history(session: Session, network: str) -> History:
    """Return the months of a network with what they come to."""
    totals = read_months(session, network)
    months = []
    for each in list_months(session, network):
        sums = totals.get(each["period"])
        months.append(
            PastMonth(
                each["period"],
                each["state"],
                each["lines"],
                sums.charges if sums else 0,
                sums.gross_cents if sums else 0,
                sums.fund_cents if sums else 0,
            )
        )
    told = list(dropwhile(lambda month: not month.lines, reversed(months)))
    ends = [told[0], told[-1]] if len(told) > 1 else []
    return History(months, trend_of([month.gross_cents for month in told]), ends)


def trend_of(cents: list[int]) -> str:
    """Return the points of an SVG line through some amounts; none for fewer than two.

    >>> trend_of([0, 100])
    '0.0,60.0 300.0,0.0'
    """
    if len(cents) < 2:
        return ""
    largest = max(*cents, 1)
    step = WIDTH / (len(cents) - 1)
    return " ".join(
        f"{place * step:.1f},{HEIGHT * (1 - max(amount, 0) / largest):.1f}"
        for place, amount in enumerate(cents)
    )
