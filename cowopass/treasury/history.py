"""The months of a network, and how their gross went up and down."""

from __future__ import annotations

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


class History(NamedTuple):
    """Months, the latest first; `trend` are the points of a line of their gross, oldest first."""

    months: list[PastMonth]
    trend: str


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
    return History(months, trend_of([month.gross_cents for month in reversed(months)]))


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
