"""The log of a network: who did what that moves money or rights."""

from __future__ import annotations

from flask import Blueprint, render_template

from cowopass.people.act_words import act_in_words, actor_in_words
from cowopass.people.acts import list_acts
from cowopass.transaction import transaction
from cowopass.treasury.frame import treasury_of
from cowopass.web.cursors import cursor_asked

blueprint = Blueprint("treasury_log", __name__, url_prefix="/treasury/<network>/log")

ACTS_A_PAGE = 50


@blueprint.get("")
def show_log(network: str) -> str:
    """Show the acts of the network and its spaces, the latest first."""
    before = cursor_asked("before")
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network)
        acts, older = list_acts(
            session, treasury.caller, network=network, before=before, limit=ACTS_A_PAGE
        )
        return render_template(
            "treasury/log.html",
            treasury=treasury,
            acts=[(act, act_in_words(act), actor_in_words(act["actor"])) for act in acts],
            older=older,
            is_first=before is None,
        )
