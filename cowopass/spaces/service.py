"""Spaces: made and changed by files, shown to anyone in the open directory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from cowopass import clock
from cowopass.database import Outcome, assign
from cowopass.errors import NetworkUnknown, SlugTaken, SpaceUnknown
from cowopass.networks.models import Network
from cowopass.spaces.hours import closing_at, is_open, next_opening
from cowopass.spaces.membership import standing_of
from cowopass.spaces.models import Space
from cowopass.spaces.prices import prices_known

PUBLIC = (
    "slug",
    "network",
    "name",
    "visitors_per_day",
    "joins_on",
    "leaves_on",
    "suspended_on",
    "reinstated_on",
    "sold_days",
    "presentation",
    "good_at",
    "equipment",
    "transport",
    "address",
    "latitude",
    "longitude",
    "opening_hours",
    "closed_days",
    "rooms",
    "email",
    "phone",
    "website",
    "hue",
    "weave",
)
"""Columns of the open directory. Legal data is not among them."""


_ZONES = select(Network.slug, Network.timezone)


def save_space(
    session: Session, slug: str, network: str, details: Mapping[str, Any]
) -> tuple[Space, Outcome]:
    """Make a space, or give it new details (columns of the table); a new one needs a `name`.

    Raises SlugTaken when the slug is a network's, or that of another network's space: a space
    never changes its network, since its name stands in that network's ledger.
    """
    space = session.get(Space, slug)
    if space is not None and space.network != network:
        raise SlugTaken(slug, f"a space of {space.network}")
    if space is not None:
        return space, "changed" if assign(space, details) else "unchanged"
    if session.get(Network, slug) is not None:
        raise SlugTaken(slug, "a network")
    space = Space(slug=slug, network=network, **details, created_at=clock.now())
    session.add(space)
    session.flush()
    return space, "added"


def list_spaces(
    session: Session, network: str | None = None, after: str | None = None, limit: int = 100
) -> tuple[list[dict[str, Any]], str | None]:
    """Return spaces by slug, of one network or all, and the cursor of the next page.

    Raises NetworkUnknown.
    """
    statement = select(Space).options(selectinload(Space.prices)).order_by(Space.slug)
    if network is not None:
        if session.get(Network, network) is None:
            raise NetworkUnknown(network)
        statement = statement.where(Space.network == network)
    if after is not None:
        statement = statement.where(Space.slug > after)
    found = list(session.scalars(statement.limit(limit + 1)))
    shown = found[:limit]
    networks = {one.slug: one for one in session.scalars(select(Network))}
    now = clock.now()
    spaces = [describe_space(space, networks[space.network], now) for space in shown]
    return spaces, shown[-1].slug if len(found) > limit else None


def present_spaces(session: Session) -> list[Space]:
    """Return the spaces that are members of any network today, by name."""
    zones = {row.slug: row.timezone for row in session.execute(_ZONES)}
    return [
        space
        for space in session.scalars(select(Space).order_by(Space.name, Space.slug))
        if standing_of(space).takes_part(clock.today(zones[space.network]))
    ]


def get_space(session: Session, slug: str) -> Space:
    """Return a space by its slug. Raises SpaceUnknown."""
    space = session.get(Space, slug)
    if space is None:
        raise SpaceUnknown(slug)
    return space


def hold_space(session: Session, slug: str) -> Space:
    """Return a space as it stands now, held against others who change it. Raises SpaceUnknown."""
    # Rows that refer to the space, as check-ins do, need not wait for it.
    shared_key = {"key_share": True}
    space = session.get(Space, slug, with_for_update=shared_key, populate_existing=True)
    if space is None:
        raise SpaceUnknown(slug)
    return space


def show_space(session: Session, slug: str) -> dict[str, Any]:
    """Return one space as the open directory shows it. Raises SpaceUnknown."""
    space = get_space(session, slug)
    return describe_space(space, session.get_one(Network, space.network), clock.now())


def describe_space(space: Space, network: Network, now: datetime) -> dict[str, Any]:
    """Return what anyone may know of a space, and whether it is open now.

    `prices` are those that hold today, and those announced.
    """
    local = now.astimezone(ZoneInfo(network.timezone))
    hours, closed_days = space.opening_hours, space.closed_days
    open_now = is_open(hours, closed_days, local)
    return {
        **{name: getattr(space, name) for name in PUBLIC},
        "currency": network.currency,
        "timezone": network.timezone,
        "capacity": {
            "comfortable": space.capacity_comfortable,
            "maximum": space.capacity_maximum,
        },
        "prices": [
            {name: getattr(price, name) for name in ("unit", "amount_cents", "effective_from")}
            for price in prices_known(space.prices, local.date())
        ],
        "open_now": open_now,
        "closes_at": closing_at(hours, local) if open_now else None,
        "opens_at": None if open_now is not False else next_opening(hours, closed_days, local),
    }
