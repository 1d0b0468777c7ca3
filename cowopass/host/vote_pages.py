"""Votes at a space's desk: what is open, voting for the space, and proposing."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cowopass.errors import CowopassError, NotAVoter, ProposalUnknown, VoteClosed
from cowopass.host.frame import Desk, desk_of
from cowopass.running import current_config
from cowopass.transaction import transaction
from cowopass.voting.closing import close_due
from cowopass.voting.forms import new_form, read_form, show_form, tell
from cowopass.voting.models import Proposal
from cowopass.voting.rules import CHOICES
from cowopass.voting.service import (
    cast_vote,
    get_proposal,
    list_proposals,
    open_proposal,
    withdraw,
)
from cowopass.voting.viewing import view_proposal

blueprint = Blueprint("host_votes", __name__, url_prefix="/desk/<slug>/votes")


@blueprint.get("")
def list_votes(slug: str) -> str:
    """List what the network votes on, or did, and whether this space has voted."""
    with transaction() as session:
        desk = desk_of(session, slug)
        close_due(session, current_config())
        views = [
            view_proposal(session, proposal, desk.network.slug, {slug})
            for proposal in list_proposals(session, desk.network.slug)
        ]
        return render_template("host/votes.html", desk=desk, tab="space", views=views)


@blueprint.get("/<proposal_id>")
def show_vote(slug: str, proposal_id: str) -> str:
    """Show a proposal: its text, its figures, and the buttons to vote with."""
    with transaction() as session:
        desk = desk_of(session, slug)
        close_due(session, current_config())
        proposal = _proposal_of(session, desk, proposal_id)
        view = view_proposal(session, proposal, desk.network.slug, {slug})
        return render_template("host/vote.html", desk=desk, tab="space", view=view)


@blueprint.post("/<proposal_id>")
def vote(slug: str, proposal_id: str) -> Response:
    """Vote for the space; the last vote counts until the closing."""
    choice = next((one for one in CHOICES if one == request.form.get("choice")), None)
    with transaction() as session:
        desk = desk_of(session, slug)
        _proposal_of(session, desk, proposal_id)
        try:
            if choice is not None:
                cast_vote(session, desk.caller, proposal_id, slug, choice)
            said, kind = gettext("Votre voix est notée. Vous pouvez encore changer d’avis."), "done"
        except (VoteClosed, NotAVoter) as refusal:
            said, kind = tell(refusal), "refused"
    if choice is None:
        said, kind = gettext("Choisissez : pour, contre ou abstention."), "refused"
    flash(said, kind)
    return redirect(url_for(".show_vote", slug=slug, proposal_id=proposal_id), 303)


@blueprint.post("/<proposal_id>/withdraw")
def take_back(slug: str, proposal_id: str) -> Response:
    """Withdraw what this space proposed, before it is counted."""
    with transaction() as session:
        desk = desk_of(session, slug)
        _proposal_of(session, desk, proposal_id)
        try:
            withdraw(session, desk.caller, proposal_id)
            said, kind = gettext("La proposition est retirée."), "done"
        except VoteClosed as refusal:
            said, kind = tell(refusal), "refused"
    flash(said, kind)
    return redirect(url_for(".show_vote", slug=slug, proposal_id=proposal_id), 303)


@blueprint.get("/new")
def ask_proposal(slug: str) -> str:
    """Show a form to propose; `agreement` in the address fills a rule in."""
    return _render_form(slug, None, "")


@blueprint.post("/new")
def propose(slug: str) -> Response | tuple[str, int]:
    """Open a vote; what is wrong is said above the form, and nothing typed is lost."""
    try:
        with transaction() as session:
            desk = desk_of(session, slug)
            draft = read_form(request.form, desk.network.slug, slug)
            proposal, _ = open_proposal(session, current_config(), desk.caller, draft)
            proposal_id = proposal.id
    except CowopassError as refusal:
        return _render_form(slug, request.form, tell(refusal)), 422
    flash(gettext("Le vote est ouvert. Chaque lieu reçoit un e-mail."), "done")
    return redirect(url_for(".show_vote", slug=slug, proposal_id=proposal_id), 303)


def _render_form(slug: str, sent: Mapping[str, str] | None, wrong: str) -> str:
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        form = (
            show_form(session, desk.network, sent)
            if sent is not None
            else new_form(session, desk.network, request.args)
        )
        return render_template("host/propose.html", desk=desk, tab="space", form=form, wrong=wrong)


def _proposal_of(session: Session, desk: Desk, proposal_id: str) -> Proposal:
    proposal = get_proposal(session, proposal_id)
    if desk.network.slug not in proposal.electorate:
        raise ProposalUnknown(proposal_id)
    return proposal
