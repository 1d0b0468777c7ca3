"""Our space: where its host finds prices, people and devices."""

from __future__ import annotations

from flask import Blueprint, render_template

from cowopass.host.frame import desk_of
from cowopass.transaction import transaction

blueprint = Blueprint("host_space", __name__, url_prefix="/desk/<slug>/space")


@blueprint.get("")
def show_space(slug: str) -> str:
    """Show what can be changed about the space."""
    with transaction(read_only=True) as session:
        return render_template("host/space.html", desk=desk_of(session, slug), tab="space")
