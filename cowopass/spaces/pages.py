"""The front page: the networks, their spaces and what they charge visitors. Open to anyone."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from clearing.line import Unit
from clearing.valuation import UNITS, host_price_cents
from cowopass import clock
from cowopass.networks.models import Network
from cowopass.spaces.colours import Palette, derive_palette
from cowopass.spaces.hours import closing_at, is_open, next_opening
from cowopass.spaces.membership import is_member
from cowopass.spaces.models import Price, Space
from cowopass.spaces.ribbons import weave_of
from cowopass.transaction import transaction

blueprint = Blueprint("directory", __name__)


class Card(NamedTuple):
    """A space on the front page. `open_now` is None for a space that keeps no hours."""

    slug: str
    name: str
    weave: str
    good_at: list[str]
    presentation: str
    seats: int | None
    address: str
    transport: list[str]
    prices: list[tuple[Unit, int]]
    day_cents: int | None
    open_now: bool | None
    closes_at: time | None
    opens_at: datetime | None


@blueprint.get("/")
def front() -> str:
    """Show every network with its spaces, in the order of their names."""
    with transaction(read_only=True) as session:
        networks = _networks(session, clock.now())
    return render_template("spaces/directory.html", networks=networks)


@blueprint.get("/spaces.css")
def colours() -> Response:
    """Serve the colours of the spaces, derived from the hue each one picked."""
    with transaction(read_only=True) as session:
        hues = session.execute(select(Space.slug, Space.hue).order_by(Space.slug)).all()
    light = "\n".join(_rule(slug, derive_palette(_hue(slug, hue))) for slug, hue in hues)
    dark = "\n".join(_rule(slug, derive_palette(_hue(slug, hue), dark=True)) for slug, hue in hues)
    text = f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
    answer = Response(text, mimetype="text/css")
    answer.cache_control.max_age = 60
    return answer


@blueprint.app_template_filter("weave")
def show_weave(space: Space) -> str:
    """Name the weave of a space's ribbon."""
    return weave_of(space)


def _networks(session: Session, now: datetime) -> list[dict[str, Any]]:
    networks = session.scalars(select(Network).order_by(Network.created_at, Network.slug)).all()
    spaces = session.scalars(
        select(Space).options(selectinload(Space.prices)).order_by(Space.name)
    ).all()
    return [
        {
            "slug": network.slug,
            "name": network.name,
            "currency": network.currency,
            "spaces": [
                _card(space, now.astimezone(ZoneInfo(network.timezone)))
                for space in spaces
                if space.network == network.slug
                and is_member(space.joins_on, space.leaves_on, clock.today(network.timezone))
            ],
        }
        for network in networks
    ]


def _card(space: Space, local_now: datetime) -> Card:
    in_force = _prices_in_force(space.prices, local_now.date())
    prices = [(unit, host_price_cents(in_force, unit)) for unit in UNITS]
    open_now = is_open(space.opening_hours, space.closed_days, local_now)
    address = space.address
    return Card(
        slug=space.slug,
        name=space.name,
        weave=weave_of(space),
        good_at=space.good_at,
        presentation=space.presentation,
        seats=space.capacity_comfortable,
        address=" ".join(
            filter(None, (address.get("building_number"), address.get("street_name")))
        ),
        transport=space.transport,
        prices=[(unit, amount) for unit, amount in prices if amount is not None],
        day_cents=in_force.get("day"),
        open_now=open_now,
        closes_at=closing_at(space.opening_hours, local_now) if open_now else None,
        opens_at=None
        if open_now
        else next_opening(space.opening_hours, space.closed_days, local_now),
    )


def _prices_in_force(prices: list[Price], on: date) -> dict[Unit, int]:
    """Return the amounts of a day; versions come in the order of their dates."""
    in_force: dict[Unit, int] = {}
    for price in prices:
        if price.effective_from <= on:
            in_force[price.unit] = price.amount_cents  # type: ignore[index]
    return in_force


def _hue(slug: str, hue: int | None) -> int:
    """Return the hue a space picked, or one that follows from its slug."""
    return sum(slug.encode()) * 47 % 360 if hue is None else hue


def _rule(slug: str, palette: Palette) -> str:
    values = " ".join(f"--{name}: {value};" for name, value in palette._asdict().items())
    return f'[data-space="{slug}"] {{ {values} }}'
