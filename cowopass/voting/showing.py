"""A proposal as it leaves the service: before the count nobody sees what others voted."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from cowopass.people.access import Caller
from cowopass.voting.models import Proposal
from cowopass.voting.service import votes_of

COLUMNS = (
    "id",
    "kind",
    "network",
    "partner",
    "space",
    "text",
    "details",
    "effective_on",
    "author_space",
    "opened_at",
    "closes_at",
    "charters",
    "electorate",
    "what_if",
    "state",
    "closed_at",
    "result",
    "records",
)


def proposal_document(proposal: Proposal, caller: Caller | None = None) -> dict[str, Any]:
    """Return a proposal as the API and the open record show it.

    Until it is counted, `votes` has what the caller's own spaces voted and null for the others
    that did: nobody is to vote by what the others said. Afterwards it is open to anyone. Positions
    of a network are for who works in it: of two that vote, `what_if` has the caller's.
    """
    own = caller.hosted if caller is not None else frozenset()
    return {
        **{name: getattr(proposal, name) for name in COLUMNS},
        "what_if": [
            month
            for month in proposal.what_if
            if caller is None or caller.belongs(month["network"])
        ],
        "votes": shown_votes(proposal, own),
    }


def shown_votes(proposal: Proposal, own: Collection[str]) -> dict[str, str | None]:
    """Return who voted, and what, where that may be seen by hosts of `own` spaces."""
    is_counted = proposal.state in {"passed", "failed"}
    return {
        space: choice if is_counted or space in own else None
        for space, choice in sorted(votes_of(proposal).items())
    }


def must_see(caller: Caller, proposal: Proposal) -> None:
    """Let pass who works in a network that votes on it. Raises RoleForbidden."""
    if proposal.partner is None or not caller.belongs(proposal.partner):
        caller.must_belong(proposal.network)
