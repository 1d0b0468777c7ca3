"""The log of a space: who did what that moves money or rights."""

from __future__ import annotations

from flask import Blueprint, render_template

from cowopass.host.frame import desk_of
from cowopass.people.act_words import act_in_words, actor_in_words
from cowopass.people.acts import list_acts
from cowopass.transaction import transaction
from cowopass.web.cursors import cursor_asked

blueprint = Blueprint("host_log", __name__, url_prefix="/desk/<slug>/log")

ACTS_A_PAGE = 50


@blueprint.get("")
def show_log(slug: str) -> str:
    """Show the acts of the space, the latest first."""
    before = cursor_asked("before")
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        acts, older = list_acts(session, desk.caller, space=slug, before=before, limit=ACTS_A_PAGE)
        return render_template(
            "host/log.html",
            desk=desk,
            tab="space",
            acts=[(act, act_in_words(act), actor_in_words(act["actor"])) for act in acts],
            older=older,
            is_first=before is None,
        )
