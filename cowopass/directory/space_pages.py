"""A space's own page, and the sign on its door. Open to anyone."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.directory.my_costs import my_costs
from cowopass.directory.places import find_space_now
from cowopass.directory.week import closings_ahead, week_of
from cowopass.directory.words import plan_in_words
from cowopass.errors import SpaceUnknown
from cowopass.passes.models import Plan
from cowopass.spaces.colours import derive_palette
from cowopass.spaces.membership import standing_of
from cowopass.spaces.ribbons import hue_of
from cowopass.transaction import transaction

blueprint = Blueprint("space", __name__, url_prefix="/spaces")
blueprint.add_app_template_filter(plan_in_words, "plan_in_words")

DOOR_SECONDS = 30
"""How long others may keep a door's sign."""


@blueprint.get("/<slug>")
def show(slug: str) -> str:
    """Show a space in its own words and colours, also one that has left."""
    with transaction(read_only=True) as session:
        place = find_space_now(session, slug)
        plans = _plans_on_sale(session, slug)
        costs = my_costs(session, [place])
    space, today = place.space, place.local.date()
    return render_template(
        "directory/space.html",
        place=place,
        cost=costs.get(slug),
        plans=plans,
        week=week_of(space.opening_hours, today),
        closings=closings_ahead(space.closed_days, today),
        coming=[price for price in space.prices if price.effective_from > today],
        is_member=standing_of(space).takes_part(today),
        is_suspended=standing_of(space).is_suspended(today),
        today=today,
    )


@blueprint.get("/<slug>/door")
def door(slug: str) -> str:
    """Show the sign for a tablet on the door: who is in, and how many seats are free."""
    with transaction(read_only=True) as session:
        place = find_space_now(session, slug)
    return render_template("directory/door.html", place=place)


@blueprint.get("/<slug>/door.svg")
def door_svg(slug: str) -> Response:
    """Serve the pie of a space as a picture, for its own web site."""
    with transaction(read_only=True) as session:
        place = find_space_now(session, slug)
    palette = derive_palette(hue_of(slug, place.space.hue))
    picture = render_template("directory/door.svg", place=place, palette=palette)
    answer = Response(picture, mimetype="image/svg+xml")
    answer.cache_control.max_age = DOOR_SECONDS
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@blueprint.errorhandler(SpaceUnknown)
def answer_unknown(unknown: SpaceUnknown) -> tuple[str, HTTPStatus]:
    """Say that no space has this address, and what to do."""
    return render_template("directory/no_space.html", slug=unknown.name), HTTPStatus.NOT_FOUND


def _plans_on_sale(session: Session, slug: str) -> list[Plan]:
    return list(
        session.scalars(
            select(Plan).where(Plan.home == slug, Plan.is_offered).order_by(Plan.price_cents)
        )
    )
