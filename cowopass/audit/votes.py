"""What was voted: agreements, charters and the votes of spaces, against the signed records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.document import Finding
from cowopass.networks.agreements import FIELDS, agreement_to_json
from cowopass.networks.models import Agreement
from cowopass.voting.models import Charter, Proposal
from cowopass.voting.record import verify_record
from cowopass.voting.rules import CHOICES, CharterTerms
from cowopass.voting.service import votes_of
from wallet.keys import TrustedKey


def check_votes(session: Session, network: str, keys: Sequence[TrustedKey]) -> Iterator[Finding]:
    """Yield where what a network voted is not what it signed when it was counted."""
    for agreement in session.scalars(select(Agreement).where(Agreement.host == network)):
        yield from check_version(agreement_to_json(agreement), keys)
    for proposal in session.scalars(select(Proposal).where(Proposal.records.is_not(None))):
        if network in proposal.electorate:
            yield from _check_proposal(proposal, network, keys)
    voted = select(Charter).where(Charter.network == network, Charter.proposal.is_not(None))
    for charter in session.scalars(voted):
        proposal = session.get_one(Proposal, charter.proposal)
        terms = {name: getattr(charter, name) for name in CharterTerms._fields}
        if (proposal.details, proposal.effective_on) != (terms, charter.effective_from):
            where = f"{network} charter {charter.effective_from}"
            yield Finding("vote_differs", where, "it is not what its vote decided")


def check_version(shown: Mapping[str, Any], keys: Sequence[TrustedKey]) -> Iterator[Finding]:
    """Compare a version, as the open record shows it, with the record of its vote if it has one."""
    vote, proposal = shown.get("vote"), shown.get("proposal")
    if vote is None and proposal is None:
        return
    said = verify_record(str(vote or ""), keys)
    if said is None:
        yield Finding(
            "vote_differs", shown["id"], "the network did not sign the record of its vote"
        )
        return
    voted = {name: shown.get(name) for name in ("id", *FIELDS)}
    if (said["agreement"], said["proposal"]) != (voted, proposal):
        yield Finding("vote_differs", shown["id"], "it is not what its vote decided")


def _check_proposal(
    proposal: Proposal, network: str, keys: Sequence[TrustedKey]
) -> Iterator[Finding]:
    """Compare a counted proposal, and the votes it shows, with the record that was signed."""
    said = verify_record((proposal.records or {}).get(network, ""), keys)
    if said is None:
        yield Finding("vote_differs", proposal.id, "the network did not sign its record")
        return
    shown = {
        "proposal": proposal.id,
        "kind": proposal.kind,
        "space": proposal.space,
        "details": proposal.details,
        "text_sha256": sha256(proposal.text.encode()).hexdigest(),
        "effective_on": proposal.effective_on.isoformat(),
        "state": proposal.state,
        "result": proposal.result,
    }
    for name, value in shown.items():
        if said[name] != value:
            message = f"its {name} is not what was signed when it was counted"
            yield Finding("vote_differs", proposal.id, message)
    # Who had left at the count is not among the votes that were signed.
    votes = {
        space: choice for space, choice in votes_of(proposal).items() if space in said["votes"]
    }
    if votes != said["votes"]:
        yield Finding("vote_differs", proposal.id, "its votes are not those that were signed")
    counted = Counter(said["votes"].values())
    total = {
        choice: sum(count[choice] for count in said["result"]["networks"].values())
        for choice in CHOICES
    }
    if any(counted[choice] != total[choice] for choice in CHOICES):
        yield Finding("vote_differs", proposal.id, "its votes do not give its result")
