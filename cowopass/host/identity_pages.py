"""Our page: what the space says of itself, its hours, rooms and colours."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cowopass.host.frame import desk_of
from cowopass.host.identity import save_page, typed_in, typed_of
from cowopass.host.identity_words import fault_in_words, field_name
from cowopass.host.together import PageChanged, PageRefused, Typed, digests_of
from cowopass.spaces.colours import derive_palette
from cowopass.spaces.hours import WEEKDAYS
from cowopass.spaces.ribbons import WEAVES
from cowopass.transaction import transaction

blueprint = Blueprint("host_page", __name__, url_prefix="/desk/<slug>/page")

NO_ROW = ["", "", ""]
EMPTY_ROOMS = 2
SPANS_A_DAY = 2


@blueprint.get("")
def show_page(slug: str) -> str:
    """Show what is said of the space, to be written anew."""
    return _render(slug, None)


@blueprint.post("")
def write_page(slug: str) -> Response | tuple[str, int]:
    """Keep what was typed; what is wrong, or was changed by somebody else, is said."""
    typed = typed_in(request.form)
    try:
        with transaction() as session:
            save_page(session, desk_of(session, slug), typed, request.form.get("opened", ""))
    except PageRefused as refused:
        return _render(slug, typed, faults=refused.faults), 422
    except PageChanged as refused:
        return _render(slug, typed, changed=refused.fields), 409
    flash(gettext("Votre page est à jour."), "done")
    return redirect(url_for(".show_page", slug=slug), 303)


@blueprint.get("/palette")
def show_palette(slug: str) -> Response:
    """Return the colours that follow from a hue, for the preview."""
    hue = request.args.get("hue", 0, int) % 360
    with transaction(read_only=True) as session:
        desk_of(session, slug)
    palettes: Mapping[str, Any] = {
        "light": derive_palette(hue)._asdict(),
        "dark": derive_palette(hue, dark=True)._asdict(),
    }
    return jsonify(palettes)


def _render(
    slug: str,
    typed: Typed | None,
    *,
    faults: Collection[str] = (),
    changed: Collection[str] = (),
) -> str:
    """Show the form. One that was refused for its faults keeps how the fields stood when opened."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        recorded = typed_of(desk.space)
        shown = typed or recorded
        return render_template(
            "host/page.html",
            desk=desk,
            tab="space",
            typed=shown,
            opened=request.form["opened"] if faults else digests_of(recorded),
            errors={name: fault_in_words(name) for name in faults},
            changed=[field_name(name) for name in changed],
            weekdays=[(day, _padded(shown["week"][day])) for day in WEEKDAYS],
            rooms=[*shown["rooms"], *[NO_ROW] * EMPTY_ROOMS],
            weaves=WEAVES,
            field_name=field_name,
        )


def _padded(spans: list[list[str]]) -> list[list[str]]:
    """Return the spans of a day with room for two at least."""
    return [*spans, *[["", ""]] * (SPANS_A_DAY - len(spans))]
