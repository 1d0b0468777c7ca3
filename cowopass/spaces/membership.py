"""When a space takes part in its network, and when its passes are good elsewhere."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cowopass.spaces.models import Space

HONOURED = "honoured"
"""What was voted on the passes of a space that left, where they stay good until they end."""


class Standing(NamedTuple):
    """A space's days in its network: the first, the last, and those without its passes.

    `suspended_on` is the day from which other spaces refuse its passes, `reinstated_on` the one
    from which they take them again. `sold_days` says what becomes of its passes when it has left,
    and of a space without a last day, what did when it had left before.
    """

    joins_on: date | None = None
    leaves_on: date | None = None
    suspended_on: date | None = None
    reinstated_on: date | None = None
    sold_days: str | None = None

    def takes_part(self, on: date) -> bool:
        """Say whether the space is a member on a day: joined, and not past its last day."""
        return is_member(self.joins_on, self.leaves_on, on)

    def is_suspended(self, on: date) -> bool:
        """Say whether the space is suspended on a day."""
        begun = self.suspended_on is not None and self.suspended_on <= on
        ended = self.reinstated_on is not None and self.reinstated_on <= on
        return begun and not ended

    def passes_roam(self, on: date) -> bool:
        """Say whether the space's passes are good elsewhere on a day.

        Those of a space that left are where that was voted: it still pays for their visits. So they
        are until it is back, when it joins again.
        """
        is_honoured = self.sold_days == HONOURED
        since = None if is_honoured and self.leaves_on is None else self.joins_on
        until = None if is_honoured else self.leaves_on
        return is_member(since, until, on) and not self.is_suspended(on)


def standing_of(space: Space) -> Standing:
    """Return the days of a space."""
    return Standing(*(getattr(space, name) for name in Standing._fields))


def is_member(joins_on: date | None, leaves_on: date | None, on: date) -> bool:
    """Say whether a space takes part on a day: it has joined, and is not past its last day."""
    return (joins_on is None or joins_on <= on) and (leaves_on is None or on <= leaves_on)
