"""Where to go today: the spaces that are open and have seats, and what each takes from the pass."""

from __future__ import annotations

from datetime import datetime, time
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.desk.costs import Cost, costs_of
from cowopass.desk.decision import Accepted
from cowopass.desk.occupancy import Count, Place, count_places, place_at
from cowopass.networks.models import Network
from cowopass.passes.models import Pass
from cowopass.spaces.hours import closing_at, is_open, next_opening
from cowopass.spaces.membership import is_member
from cowopass.spaces.models import Space


class ToGo(NamedTuple):
    """A space to go to now. `open_now` is None for one that keeps no hours.

    `cost` is what the desk would answer to the pass, None where there is no pass to show.
    """

    place: Place
    open_now: bool | None
    closes_at: time | None
    opens_at: datetime | None
    free: int | None
    cost: Cost | None

    @property
    def takes_pass(self) -> bool:
        """Whether the pass would be accepted."""
        return isinstance(self.cost, Accepted)

    @property
    def top_up_cents(self) -> int:
        """What is left to pay at its desk, in cents."""
        valuation = self.cost.valuation if isinstance(self.cost, Accepted) else None
        return valuation.top_up_cents if valuation else 0


def places_to_go(session: Session, sold: Pass | None) -> list[ToGo]:
    """Return every space that takes part today, those to go to first at the top.

    That is: those that take the pass, then the open ones, then those with a free seat, by name.
    """
    now = clock.now()
    rows = session.execute(select(Space, Network).join(Network, Network.slug == Space.network))
    places = [
        place
        for place in (place_at(space, network, now) for space, network in rows)
        if is_member(place.space.joins_on, place.space.leaves_on, place.on)
    ]
    counts = count_places(session, places, now)
    costs = costs_of(session, sold, [place.space for place in places], now) if sold else {}
    found = [
        _to_go(place, counts[place.space.slug], costs.get(place.space.slug)) for place in places
    ]
    return sorted(found, key=_rank)


def _to_go(place: Place, people: Count, cost: Cost | None) -> ToGo:
    space, local, seats = place.space, place.local, place.seats
    return ToGo(
        place,
        is_open(space.opening_hours, space.closed_days, local),
        closing_at(space.opening_hours, local),
        next_opening(space.opening_hours, space.closed_days, local),
        None if seats is None else max(0, seats - people.present),
        cost,
    )


def _rank(one: ToGo) -> tuple[bool, bool, bool, str]:
    """Sort key: what is false comes first."""
    return not one.takes_pass, one.open_now is False, one.free == 0, one.place.space.name
