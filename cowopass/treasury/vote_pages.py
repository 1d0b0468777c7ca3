"""Votes in a treasury: what the spaces decide, proposing, and counting when all have voted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cowopass.errors import CowopassError, ProposalUnknown, VoteClosed, VotesMissing
from cowopass.people.access import Caller
from cowopass.running import current_config
from cowopass.transaction import transaction
from cowopass.treasury.frame import Treasury, treasury_of
from cowopass.voting.charters import charter_on
from cowopass.voting.closing import close_due, close_early
from cowopass.voting.forms import new_form, read_form, show_form, tell
from cowopass.voting.models import Proposal
from cowopass.voting.service import get_proposal, list_proposals, open_proposal, withdraw
from cowopass.voting.viewing import view_proposal
from cowopass.voting.words import charter_words

blueprint = Blueprint("treasury_votes", __name__, url_prefix="/treasury/<network>/votes")


@blueprint.get("")
def list_votes(network: str) -> str:
    """List what the spaces vote on, or did, and how the network votes."""
    with transaction() as session:
        treasury = treasury_of(session, network)
        close_due(session, current_config())
        own = treasury.caller.hosted
        views = [
            view_proposal(session, one, network, own) for one in list_proposals(session, network)
        ]
        charter = charter_words(charter_on(session, network, treasury.today)._asdict())
        return render_template(
            "treasury/votes.html", treasury=treasury, views=views, charter=charter
        )


@blueprint.get("/<proposal_id>")
def show_vote(network: str, proposal_id: str) -> str:
    """Show a proposal, who has voted on it, and what a treasurer may do about it."""
    with transaction() as session:
        treasury = treasury_of(session, network)
        close_due(session, current_config())
        proposal = _proposal_of(session, treasury, proposal_id)
        own = treasury.caller.hosted
        view = view_proposal(session, proposal, network, own)
        hosted = [space for space in treasury.spaces if space.slug in own]
        return render_template("treasury/vote.html", treasury=treasury, view=view, hosted=hosted)


@blueprint.post("/<proposal_id>/close")
def close(network: str, proposal_id: str) -> Response:
    """Count a vote before its last day, once every space has voted."""

    def act(session: Session, caller: Caller) -> str:
        close_early(session, current_config(), caller, proposal_id)
        return str(gettext("Le vote est compté. Chaque lieu reçoit le résultat."))

    return _answer(network, proposal_id, act)


@blueprint.post("/<proposal_id>/withdraw")
def take_back(network: str, proposal_id: str) -> Response:
    """Withdraw a proposal before it is counted."""

    def act(session: Session, caller: Caller) -> str:
        withdraw(session, caller, proposal_id)
        return str(gettext("La proposition est retirée."))

    return _answer(network, proposal_id, act)


@blueprint.get("/new")
def ask_proposal(network: str) -> str:
    """Show a form to propose; `agreement` in the address fills a rule in."""
    return _render_form(network, None, "")


@blueprint.post("/new")
def propose(network: str) -> Response | tuple[str, int]:
    """Open a vote; what is wrong is said above the form, and nothing typed is lost."""
    try:
        with transaction() as session:
            caller = treasury_of(session, network).caller
            draft = read_form(request.form, network, None)
            proposal, _ = open_proposal(session, current_config(), caller, draft)
            proposal_id = proposal.id
    except CowopassError as refusal:
        return _render_form(network, request.form, tell(refusal)), 422
    flash(gettext("Le vote est ouvert. Chaque lieu reçoit un e-mail."), "done")
    return redirect(url_for(".show_vote", network=network, proposal_id=proposal_id), 303)


def _answer(network: str, proposal_id: str, act: Callable[[Session, Caller], str]) -> Response:
    with transaction() as session:
        treasury = treasury_of(session, network)
        _proposal_of(session, treasury, proposal_id)
        try:
            said, kind = act(session, treasury.caller), "done"
        except (VoteClosed, VotesMissing) as refusal:
            said, kind = tell(refusal), "refused"
    flash(said, kind)
    return redirect(url_for(".show_vote", network=network, proposal_id=proposal_id), 303)


def _render_form(network: str, sent: Mapping[str, str] | None, wrong: str) -> str:
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network)
        form = (
            show_form(session, treasury.network, sent)
            if sent is not None
            else new_form(session, treasury.network, request.args)
        )
        return render_template("treasury/propose.html", treasury=treasury, form=form, wrong=wrong)


def _proposal_of(session: Session, treasury: Treasury, proposal_id: str) -> Proposal:
    proposal = get_proposal(session, proposal_id)
    if treasury.network.slug not in proposal.electorate:
        raise ProposalUnknown(proposal_id)
    return proposal
