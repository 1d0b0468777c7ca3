"""Who is in a space now. There is no check-out: how long a visit lasts follows from its unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.desk.models import CheckIn
from cowopass.errors import SpaceUnknown
from cowopass.networks.models import Network
from cowopass.spaces.hours import last_closing
from cowopass.spaces.models import Space

STAYS = {"half_day": timedelta(hours=5), "hour": timedelta(hours=1)}
"""How long a visitor is taken to stay; a day lasts until closing time."""

AT_ONCE = timedelta(minutes=1)
"""Scans within so long of each other may have waited for each other, in either order."""

PRESENCE_COLUMNS = (
    CheckIn.id,
    CheckIn.pass_id,
    CheckIn.space,
    CheckIn.home,
    CheckIn.on,
    CheckIn.at,
    CheckIn.unit,
    CheckIn.kind,
    CheckIn.reentry,
)
"""What to select so that `presence_of` can read a row."""


class Place(NamedTuple):
    """A space, its network, and the local day and moment of a visit."""

    space: Space
    network: Network
    on: date
    local: datetime

    @property
    def seats(self) -> int | None:
        """How many people the space takes before its host is asked: the comfortable number."""
        comfortable = self.space.capacity_comfortable
        return self.space.capacity_maximum if comfortable is None else comfortable


def place_at(space: Space, network: Network, at: datetime) -> Place:
    """Return where and on which local day a visit at an instant takes place."""
    local = at.astimezone(ZoneInfo(network.timezone))
    return Place(space, network, local.date(), local)


class Presence(NamedTuple):
    """Somebody's visit: a guest with a golden ticket is another person than the pass's holder."""

    person: str
    at: datetime
    on: date
    unit: str | None
    is_away: bool


class Count(NamedTuple):
    """People present, and visitors of other homes so far on the local day."""

    present: int
    visitors: int


def presence_of(row: Any) -> Presence:  # noqa: ANN401 (a row of PRESENCE_COLUMNS)
    """Return the presence that an accepted check-in tells of."""
    is_guest = row.kind == "golden" or row.pass_id is None
    person = row.id if is_guest else row.pass_id
    return Presence(person, row.at, row.on, row.unit, row.space != row.home)


def count_people(people: Iterable[Presence], place: Place, now: datetime) -> Count:
    """Count everybody once, whoever has gone and come again.

    Of two scans that wait for each other, the one that comes second may have begun first: what is
    recorded a little after `now` is here too, or both would get the last seat.
    """
    latest = now + AT_ONCE
    present = {who.person for who in people if who.at <= latest and now < leaves_at(who, place)}
    visitors = {who.person for who in people if who.is_away and who.on == place.on}
    return Count(len(present), len(visitors))


def leaves_at(who: Presence, place: Place) -> datetime:
    """Return when somebody is taken to have left.

    Who came for the day leaves at closing time; at midnight where there is none to wait for.
    """
    if who.unit in STAYS:
        return who.at + STAYS[who.unit]
    zone = ZoneInfo(place.network.timezone)
    midnight = datetime.combine(who.on + timedelta(days=1), time(), zone)
    closes = last_closing(place.space.opening_hours, who.on)
    closing = datetime.combine(who.on, closes, zone) if closes else midnight
    return closing if who.at < closing else midnight


def count_places(session: Session, places: Iterable[Place], now: datetime) -> dict[str, Count]:
    """Return how many people are in each of these spaces, by slug, in one statement."""
    by_slug = {place.space.slug: place for place in places}
    if not by_slug:
        return {}
    days = {place.on for place in by_slug.values()}
    rows = session.execute(
        select(*PRESENCE_COLUMNS).where(
            CheckIn.state == "accepted",
            CheckIn.space.in_(by_slug),
            CheckIn.on.between(min(days) - timedelta(days=1), max(days)),
            # Who came yesterday for the day has left; who came for less may have come late.
            CheckIn.on.in_(days) | (CheckIn.at > now - max(STAYS.values())),
        )
    )
    people: dict[str, list[Presence]] = {slug: [] for slug in by_slug}
    for row in rows:
        people[row.space].append(presence_of(row))
    return {slug: count_people(people[slug], place, now) for slug, place in by_slug.items()}


def show_occupancy(session: Session, slug: str) -> dict[str, Any]:
    """Return how many people are in a space, and how many seats are free. Raises SpaceUnknown."""
    now = clock.now()
    place = _place(session, slug, now)
    count = count_places(session, [place], now)[slug]
    return {
        "space": slug,
        "as_of": now,
        "capacity": place.seats,
        "maximum": place.space.capacity_maximum,
        "present": count.present,
        "free": None if place.seats is None else max(0, place.seats - count.present),
        "visitors_today": count.visitors,
        "visitors_per_day": place.space.visitors_per_day,
    }


def _place(session: Session, slug: str, now: datetime) -> Place:
    row = session.execute(
        select(Space, Network)
        .join(Network, Network.slug == Space.network)
        .where(Space.slug == slug)
    ).first()
    if row is None:
        raise SpaceUnknown(slug)
    return place_at(row[0], row[1], now)
