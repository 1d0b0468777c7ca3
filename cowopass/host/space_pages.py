"""Our space: where its host finds prices, people and devices."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from cowopass.host.frame import desk_of
from cowopass.host.poster import poster_pdf
from cowopass.running import current_config
from cowopass.transaction import transaction

blueprint = Blueprint("host_space", __name__, url_prefix="/desk/<slug>")


@blueprint.get("/space")
def show_space(slug: str) -> str:
    """Show what can be changed about the space."""
    with transaction(read_only=True) as session:
        return render_template("host/space.html", desk=desk_of(session, slug), tab="space")


@blueprint.get("/poster.pdf")
def print_poster(slug: str) -> Response:
    """Print the poster by which a phone opens its pass for this very space."""
    config = current_config()
    with transaction(read_only=True) as session:
        space = desk_of(session, slug).space
        pdf = poster_pdf(space, config.base_url)
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="cowopass-{slug}.pdf"'
    return answer
