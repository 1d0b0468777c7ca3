"""Spaces as they stand at this moment: open or not, seats taken and free, what they charge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from clearing.line import Unit
from clearing.valuation import UNITS, host_price_cents
from cowopass import clock
from cowopass.desk.occupancy import Count, count_places, place_at
from cowopass.networks.models import Network
from cowopass.spaces.hours import closing_at, is_open, next_opening
from cowopass.spaces.membership import is_member
from cowopass.spaces.models import Space
from cowopass.spaces.prices import prices_in_force
from cowopass.spaces.seats import Pie, pie_of
from cowopass.spaces.service import get_space


class SpaceNow(NamedTuple):
    """A space at a moment that is `local` to it. `open_now` is None where no hours are kept.

    `seats` is None where they are not counted. `prices` are what a visitor is charged today for
    each unit that has a price, in cents.
    """

    space: Space
    network: Network
    local: datetime
    people: Count
    seats: int | None
    open_now: bool | None
    closes_at: time | None
    opens_at: datetime | None
    prices: dict[Unit, int]

    @property
    def free(self) -> int | None:
        """Return how many seats are free, None where they are not counted."""
        return None if self.seats is None else max(0, self.seats - self.people.present)

    @property
    def visits_left(self) -> int | None:
        """Return how many visitors of other spaces may still come today, None for no limit."""
        limit = self.space.visitors_per_day
        return None if limit is None else max(0, limit - self.people.visitors)

    @property
    def pie(self) -> Pie:
        """Return its pie: in a space that is closed nobody is drawn, and no seat is free."""
        if self.open_now is False:
            return pie_of(0, self.seats)._replace(free=None)
        return pie_of(self.people.present, self.seats)

    @property
    def address(self) -> str:
        """Return its address on one line, empty where none is given."""
        parts = self.space.address
        street = _words(parts, "building_number", "street_name")
        return ", ".join(filter(None, (street, _words(parts, "postcode", "town"))))

    @property
    def street(self) -> str:
        """Return where it stands in its town, empty where that is not given."""
        return _words(self.space.address, "building_number", "street_name")


class NetworkNow(NamedTuple):
    """A network, and those of its spaces that take part today, by name."""

    network: Network
    places: list[SpaceNow]


class Members(NamedTuple):
    """A network, and the spaces that take part in it on its present day, by name."""

    network: Network
    spaces: list[Space]


def list_members(session: Session) -> list[Members]:
    """Return every network with its spaces and their prices, in three statements."""
    networks = session.scalars(select(Network).order_by(Network.created_at, Network.slug)).all()
    spaces = session.scalars(
        select(Space).options(selectinload(Space.prices)).order_by(Space.name)
    ).all()
    today = {network.slug: clock.today(network.timezone) for network in networks}
    return [
        Members(
            network,
            [
                space
                for space in spaces
                if space.network == network.slug
                and is_member(space.joins_on, space.leaves_on, today[network.slug])
            ],
        )
        for network in networks
    ]


def list_networks_now(session: Session) -> list[NetworkNow]:
    """Return every network with its spaces, in four statements whatever their number."""
    members = list_members(session)
    spaces = [(space, one.network) for one in members for space in one.spaces]
    places = look_at(session, spaces, clock.now())
    return [
        NetworkNow(one.network, [place for place in places if place.network is one.network])
        for one in members
    ]


def find_space_now(session: Session, slug: str) -> SpaceNow:
    """Return one space, also one that has left. Raises SpaceUnknown."""
    space = get_space(session, slug)
    network = session.get_one(Network, space.network)
    return look_at(session, [(space, network)], clock.now())[0]


def look_at(
    session: Session, spaces: Iterable[tuple[Space, Network]], now: datetime
) -> list[SpaceNow]:
    """Return these spaces as they stand at an instant, counting people in one statement."""
    places = [place_at(space, network, now) for space, network in spaces]
    counts = count_places(session, places, now)
    return [
        _space_now(place.space, place.network, place.local, counts[place.space.slug], place.seats)
        for place in places
    ]


def _space_now(
    space: Space, network: Network, local: datetime, people: Count, seats: int | None
) -> SpaceNow:
    hours, closed_days = space.opening_hours, space.closed_days
    open_now = is_open(hours, closed_days, local)
    in_force = prices_in_force(space.prices, local.date())
    amounts = {unit: host_price_cents(in_force, unit) for unit in UNITS}
    return SpaceNow(
        space=space,
        network=network,
        local=local,
        people=people,
        seats=seats,
        open_now=open_now,
        closes_at=closing_at(hours, local) if open_now else None,
        opens_at=next_opening(hours, closed_days, local) if open_now is False else None,
        prices={unit: amount for unit, amount in amounts.items() if amount is not None},
    )


def _words(parts: dict[str, str | None], *names: str) -> str:
    return " ".join(filter(None, (parts.get(name) for name in names)))
