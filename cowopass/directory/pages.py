"""The front page, and the colours of the spaces. Open to anyone."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select

from cowopass.directory.my_costs import my_costs
from cowopass.directory.pins import Point, place_pins
from cowopass.directory.places import NetworkNow, SpaceNow, list_networks_now
from cowopass.directory.wishes import (
    Wishes,
    kinds_of_transport,
    pieces_of_equipment,
    read_wishes,
    suits,
)
from cowopass.spaces.colours import Palette, derive_palette
from cowopass.spaces.models import Space
from cowopass.spaces.ribbons import hue_of, weave_of
from cowopass.transaction import transaction

blueprint = Blueprint("directory", __name__)


class Shown(NamedTuple):
    """A network on the front page: the spaces that suit, and their pins on its map."""

    here: NetworkNow
    places: list[SpaceNow]
    pins: list[tuple[Point, SpaceNow]]


@blueprint.get("/")
def front() -> str:
    """Show every network with its spaces, or those that suit what is asked for."""
    wishes = read_wishes(request.args)
    with transaction(read_only=True) as session:
        networks = list_networks_now(session)
        places = [place for network in networks for place in network.places]
        costs = my_costs(session, places)
    return render_template(
        "directory/front.html",
        networks=[_shown(network, wishes) for network in networks],
        places=places,
        costs=costs,
        wishes=wishes,
        kinds=kinds_of_transport(places),
        pieces=pieces_of_equipment(places),
    )


@blueprint.get("/spaces.css")
def colours() -> Response:
    """Serve the colours of the spaces, derived from the hue each one picked.

    Browsers ask each time whether they are still the same: whoever picks a colour sees it at once.
    """
    with transaction(read_only=True) as session:
        hues = session.execute(select(Space.slug, Space.hue).order_by(Space.slug)).all()
    light = "\n".join(_rule(slug, derive_palette(hue_of(slug, hue))) for slug, hue in hues)
    dark = "\n".join(
        _rule(slug, derive_palette(hue_of(slug, hue), dark=True)) for slug, hue in hues
    )
    text = f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
    answer = Response(text, mimetype="text/css")
    answer.cache_control.no_cache = True
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@blueprint.app_template_filter("weave")
def show_weave(space: Space) -> str:
    """Name the weave of a space's ribbon."""
    return weave_of(space)


def _shown(network: NetworkNow, wishes: Wishes) -> Shown:
    """Return what of a network is shown; pins stay where they are whatever is looked for."""
    located = [
        (place, (place.space.latitude, place.space.longitude))
        for place in network.places
        if place.space.latitude is not None and place.space.longitude is not None
    ]
    points = place_pins([position for _, position in located])
    pins = [
        (point, place)
        for point, (place, _) in zip(points, located, strict=True)
        if suits(place, wishes)
    ]
    return Shown(network, [place for place in network.places if suits(place, wishes)], pins)


def _rule(slug: str, palette: Palette) -> str:
    values = " ".join(f"--{name}: {value};" for name, value in palette._asdict().items())
    return f'[data-space="{slug}"] {{ {values} }}'
