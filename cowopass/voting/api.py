"""Votes over HTTP: any space proposes, each votes once, the clock closes."""

from __future__ import annotations

from typing import Any

from cowopass.people.callers import caller_of_request
from cowopass.running import current_config
from cowopass.settlement.service import get_network
from cowopass.transaction import transaction
from cowopass.voting.closing import close_due, close_early
from cowopass.voting.requests import draft_of
from cowopass.voting.schemas import (
    CastSchema,
    ProposalListSchema,
    ProposalQuerySchema,
    ProposalSchema,
    ProposeSchema,
)
from cowopass.voting.service import (
    cast_vote,
    get_proposal,
    list_proposals,
    open_proposal,
    withdraw,
)
from cowopass.voting.showing import must_see, proposal_document
from cowopass.web import Blueprint

blueprint = Blueprint(
    "proposals", __name__, url_prefix="/api/v1", description="What spaces propose and vote."
)


@blueprint.get("/proposals")
@blueprint.arguments(ProposalQuerySchema, location="query")
@blueprint.response(200, ProposalListSchema)
def list_all(query: dict[str, Any]) -> dict[str, Any]:
    """List what a network votes on, or did, the latest first."""
    with transaction() as session:
        caller = caller_of_request(session)
        get_network(session, query["network"])
        caller.must_belong(query["network"])
        close_due(session, current_config())
        found = list_proposals(session, query["network"], query["state"])
        return {"proposals": [proposal_document(one, caller) for one in found]}


@blueprint.post("/proposals")
@blueprint.arguments(ProposeSchema)
@blueprint.response(201, ProposalSchema)
@blueprint.alt_response(200, schema=ProposalSchema, description="The same id came before.")
def propose(body: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Open a vote: for the treasurer, and the hosts of any voting space."""
    with transaction() as session:
        caller = caller_of_request(session)
        proposal, is_new = open_proposal(session, current_config(), caller, draft_of(body))
        return proposal_document(proposal, caller), 201 if is_new else 200


@blueprint.get("/proposals/<proposal>")
@blueprint.response(200, ProposalSchema)
def show(proposal: str) -> dict[str, Any]:
    """Give one proposal, counted if its time is over."""
    with transaction() as session:
        caller = caller_of_request(session)
        found = get_proposal(session, proposal)
        must_see(caller, found)
        close_due(session, current_config())
        return proposal_document(found, caller)


@blueprint.post("/proposals/<proposal>/votes")
@blueprint.arguments(CastSchema)
@blueprint.response(200, ProposalSchema)
def vote(body: dict[str, Any], proposal: str) -> dict[str, Any]:
    """Vote for a space; until the closing its last vote counts."""
    with transaction() as session:
        caller = caller_of_request(session)
        found = cast_vote(session, caller, proposal, body["space"], body["choice"])
        return proposal_document(found, caller)


@blueprint.post("/proposals/<proposal>/withdraw")
@blueprint.response(200, ProposalSchema)
def take_back(proposal: str) -> dict[str, Any]:
    """Withdraw a proposal before it is counted."""
    with transaction() as session:
        caller = caller_of_request(session)
        return proposal_document(withdraw(session, caller, proposal), caller)


@blueprint.post("/proposals/<proposal>/close")
@blueprint.response(200, ProposalSchema)
def close(proposal: str) -> dict[str, Any]:
    """Count a vote before its last day, once every space has voted."""
    with transaction() as session:
        caller = caller_of_request(session)
        return proposal_document(close_early(session, current_config(), caller, proposal), caller)
