"""The rules of a vote, pure: when it may take effect, and what the votes decide.

One space has one vote: for, against, or abstain. Abstentions count for the quorum alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from clearing.money import WHOLE_BPS
from clearing.period import first_day, month_of, next_month

Choice = Literal["for", "against", "abstain"]
CHOICES: tuple[Choice, ...] = get_args(Choice)

Kind = Literal["rule", "join", "leave", "suspend", "reinstate", "charter"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Why = Literal["quorum", "majority"]
"""What a proposal failed by: too few voted, or not enough of them for it."""


class CharterTerms(NamedTuple):
    """How a network votes.

    `quorum_bps` is the share of the spaces that must vote, `majority_bps` that of the votes for or
    against which must be for it, both in basis points. A vote is open for `voting_days`, and takes
    effect `notice_days` after its last day or later.
    """

    quorum_bps: int = 5_000
    majority_bps: int = 5_000
    voting_days: int = 14
    notice_days: int = 7


class Tally(NamedTuple):
    """How the spaces of one network voted; `spaces` is how many may."""

    spaces: int
    for_: int
    against: int
    abstain: int

    @property
    def voted(self) -> int:
        """How many spaces voted, abstentions included."""
        return self.for_ + self.against + self.abstain


def tally(voters: Iterable[str], votes: Mapping[str, Choice]) -> Tally:
    """Count the votes of those who may vote; other votes count for nothing.

    >>> tally(["a", "b", "c"], {"a": "for", "b": "abstain", "gone": "against"})
    Tally(spaces=3, for_=1, against=0, abstain=1)
    """
    allowed = set(voters)
    counts = Counter(choice for space, choice in votes.items() if space in allowed)
    return Tally(len(allowed), counts["for"], counts["against"], counts["abstain"])


def failing(counted: Tally, charter: CharterTerms) -> Why | None:
    """Return what a vote fails by in a network, None when it passes.

    The majority is at least `majority_bps` of the votes for or against, and more for than against:
    a tie fails whatever the charter says. Shares are rounded to the basis point as a charter writes
    them, so that 66.67 % is what two of three are.

    >>> failing(Tally(4, 2, 2, 0), CharterTerms()), failing(Tally(4, 2, 1, 0), CharterTerms())
    ('majority', None)
    >>> failing(Tally(4, 1, 0, 0), CharterTerms())
    'quorum'
    """
    if not counted.voted or _share_bps(counted.voted, counted.spaces) < charter.quorum_bps:
        return "quorum"
    if counted.for_ <= counted.against:
        return "majority"
    share_bps = _share_bps(counted.for_, counted.for_ + counted.against)
    return None if share_bps >= charter.majority_bps else "majority"


def _share_bps(part: int, whole: int) -> int:
    """Return a share in basis points, rounded half up as all amounts are."""
    return (2 * part * WHOLE_BPS + whole) // (2 * whole)


def closing_at(opened_at: datetime, voting_days: int, timezone: str) -> datetime:
    """Return the end of the last local day of a vote that is open for so many days after today."""
    zone = ZoneInfo(timezone)
    after = opened_at.astimezone(zone).date() + timedelta(days=voting_days + 1)
    return datetime.combine(after, time(), zone).astimezone(opened_at.tzinfo)


def earliest_day(last_voting_day: date, notice_days: int) -> date:
    """Return the first day on which a decision may take effect.

    However short the notice: a vote is counted on the day after its last one, and what was done on
    the day of the count was done by what held until then.
    """
    return last_voting_day + timedelta(days=max(notice_days, 2))


def earliest_month(last_voting_day: date, notice_days: int) -> str:
    """Return the first month that a voted rule may govern: it starts on a first of a month.

    >>> earliest_month(date(2026, 11, 24), 7), earliest_month(date(2026, 11, 25), 7)
    ('2026-12', '2027-01')
    """
    day = earliest_day(last_voting_day, notice_days)
    month = month_of(day)
    return month if day == first_day(month) else next_month(month)


def effective_day(kind: Kind, planned_on: date, counted_on: date) -> date:
    """Return when a decision takes effect that was counted on a day: never back.

    As planned, unless nobody counted in time: then on the next day, or first of a month.

    >>> effective_day("rule", date(2027, 1, 1), date(2027, 1, 3))
    datetime.date(2027, 2, 1)
    """
    if planned_on > counted_on:
        return planned_on
    if kind == "rule":
        return first_day(next_month(month_of(counted_on)))
    return counted_on + timedelta(days=1)
