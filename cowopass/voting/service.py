"""Votes: a proposal is opened, spaces vote, and until it is counted its author may withdraw it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.acts.actor import present_actor
from cowopass.acts.service import record_act
from cowopass.config import Config
from cowopass.errors import (
    IdempotencyConflict,
    NotAVoter,
    ProposalPending,
    ProposalUnknown,
    RoleForbidden,
    VoteClosed,
)
from cowopass.networks.models import Network
from cowopass.people.access import Caller
from cowopass.settlement.lock import hold_network
from cowopass.voting.charters import charter_on
from cowopass.voting.electorate import voters_left, voters_of
from cowopass.voting.mailing import mail_opening
from cowopass.voting.matters import Ending, Matter, read_matter, read_partner
from cowopass.voting.models import Proposal, Vote
from cowopass.voting.rules import CharterTerms, Choice, Kind, closing_at
from cowopass.voting.what_if import replay


class Draft(NamedTuple):
    """A proposal as somebody writes it. `wanted` is what `matters.read_matter` reads.

    `author_space` is the space that proposes, None for a treasurer. `id` is made by the client (a
    UUID), so that a second tap opens nothing twice.
    """

    kind: Kind
    network: str
    text: str
    wanted: Mapping[str, Any]
    author_space: str | None = None
    id: str | None = None

    def digest(self) -> str:
        """Return what tells one draft from another."""
        said = [self.kind, self.network, self.text, self.wanted, self.author_space]
        return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def open_proposal(
    session: Session, config: Config, caller: Caller, draft: Draft
) -> tuple[Proposal, bool]:
    """Open a vote and mail its voters; return the proposal, and whether it is new.

    For the treasurer of the network, and the hosts of its voting spaces. The what-if of a rule is
    computed now and kept, so that all vote on the same figures. Raises RoleForbidden, NotAVoter,
    ProposalPending, IdempotencyConflict, and what `read_matter` does.
    """
    networks = _hold_networks(session, draft)
    electorate = voters_of(session, networks)
    _check_author(caller, draft, electorate[draft.network])
    known = session.get(Proposal, draft.id) if draft.id else None
    if known is not None:
        if known.body_hash != draft.digest():
            raise IdempotencyConflict(known.id)
        return known, False
    vote = _vote_of(session, networks)
    matter = read_matter(session, draft.kind, networks[0], draft.wanted, vote.ending)
    _check_pending(session, draft.network, matter)
    proposal = _row(draft, matter, vote)
    proposal.actor_kind, proposal.actor_id = present_actor().kind, caller.id
    proposal.electorate = electorate
    if matter.kind == "rule":
        proposal.what_if = replay(session, networks, matter.details)
    session.add(proposal)
    session.flush()
    _record(session, "proposal_opened", proposal, space=draft.author_space)
    mail_opening(session, config, proposal)
    return proposal, True


def cast_vote(
    session: Session, caller: Caller, proposal_id: str, space: str, choice: Choice
) -> Proposal:
    """Write down the vote of a space; until the closing its last one counts.

    The same vote again changes nothing. For hosts of the space. Raises RoleForbidden,
    ProposalUnknown, VoteClosed, and NotAVoter.
    """
    caller.must_serve(space, "host")
    proposal = hold_open(session, proposal_id)
    if space not in {one for spaces in voters_left(session, proposal).values() for one in spaces}:
        raise NotAVoter(space, proposal.id)
    if votes_of(proposal).get(space) == choice:
        return proposal
    actor = present_actor()
    proposal.votes.append(
        Vote(
            space=space,
            choice=choice,
            actor_kind=actor.kind,
            actor_id=caller.id,
            at=clock.now(),
        )
    )
    session.flush()
    _record(session, "vote_cast", proposal, space=space)
    return proposal


def withdraw(session: Session, caller: Caller, proposal_id: str) -> Proposal:
    """Take a proposal back before it is counted; again, nothing changes.

    For hosts of the space that proposed it, and the treasurer of its network. Raises RoleForbidden,
    ProposalUnknown and VoteClosed.
    """
    known = get_proposal(session, proposal_id)
    if not caller.keeps(known.network):
        if known.author_space is None:
            raise RoleForbidden(f"the role treasurer of the network `{known.network}`")
        caller.must_serve(known.author_space, "host")
    if known.state == "withdrawn":
        return known
    proposal = hold_open(session, proposal_id)
    proposal.state, proposal.closed_at = "withdrawn", clock.now()
    proposal.guest_email = None
    _record(session, "proposal_withdrawn", proposal, space=proposal.author_space)
    return proposal


def get_proposal(session: Session, proposal_id: str) -> Proposal:
    """Return a proposal. Raises ProposalUnknown."""
    found = session.get(Proposal, proposal_id)
    if found is None:
        raise ProposalUnknown(proposal_id)
    return found


def list_proposals(session: Session, network: str, state: str | None = None) -> list[Proposal]:
    """Return the proposals that a network votes on, or did, the latest first."""
    statement = (
        select(Proposal)
        .where((Proposal.network == network) | (Proposal.partner == network))
        .order_by(Proposal.opened_at.desc(), Proposal.id)
    )
    if state is not None:
        statement = statement.where(Proposal.state == state)
    return list(session.scalars(statement))


def hold(session: Session, proposal_id: str) -> Proposal:
    """Return a proposal, held alone: votes and the count queue. Raises ProposalUnknown."""
    found = session.get(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise ProposalUnknown(proposal_id)
    return found


def hold_open(session: Session, proposal_id: str) -> Proposal:
    """Return a proposal that is still voted on, held alone. Raises as `hold`, and VoteClosed.

    The clock closes a vote, not the count: who comes after `closes_at` comes too late.
    """
    proposal = hold(session, proposal_id)
    if proposal.state != "open" or proposal.closes_at <= clock.now():
        raise VoteClosed(proposal.id, proposal.closed_at or proposal.closes_at)
    return proposal


def votes_of(proposal: Proposal) -> dict[str, Choice]:
    """Return the vote of each space that voted: its last one."""
    return {vote.space: cast(Choice, vote.choice) for vote in proposal.votes}


def _check_author(caller: Caller, draft: Draft, voters: Iterable[str]) -> None:
    if draft.author_space is None:
        caller.must_keep(draft.network)
        return
    caller.must_serve(draft.author_space, "host")
    if draft.author_space not in voters:
        raise NotAVoter(draft.author_space, "proposals of this network")


def _hold_networks(session: Session, draft: Draft) -> list[Network]:
    """Return the networks that vote, the proposal's first: two openings at once queue."""
    partner = read_partner(draft.kind, draft.network, draft.wanted)
    slugs = [draft.network, *([partner] if partner else [])]
    held = {slug: hold_network(session, slug) for slug in sorted(slugs)}
    return [held[slug] for slug in slugs]


class _VoteTime(NamedTuple):
    charters: dict[str, CharterTerms]
    closes_at: datetime
    ending: Ending


def _vote_of(session: Session, networks: list[Network]) -> _VoteTime:
    """Return each network's charter, when the vote closes, and its last day with the notice.

    Two networks that vote together take the longer time of both.
    """
    charters = {
        network.slug: charter_on(session, network.slug, clock.today(network.timezone))
        for network in networks
    }
    voting_days = max(terms.voting_days for terms in charters.values())
    notice_days = max(terms.notice_days for terms in charters.values())
    now = clock.now()
    closes_at = max(closing_at(now, voting_days, network.timezone) for network in networks)
    last_day = clock.local_day(closes_at - timedelta(seconds=1), networks[0].timezone)
    return _VoteTime(charters, closes_at, Ending(last_day, notice_days))


def _row(draft: Draft, matter: Matter, vote: _VoteTime) -> Proposal:
    """Return what a draft comes to when it is opened, still without its author and voters."""
    return Proposal(
        id=draft.id or f"pro_{secrets.token_hex(8)}",
        body_hash=draft.digest(),
        kind=matter.kind,
        network=draft.network,
        partner=matter.partner,
        space=matter.space,
        text=draft.text,
        details=matter.details,
        guest_email=matter.guest_email,
        effective_on=matter.effective_on,
        author_space=draft.author_space,
        opened_at=clock.now(),
        closes_at=vote.closes_at,
        charters={slug: terms._asdict() for slug, terms in vote.charters.items()},
        what_if=[],
        state="open",
    )


def _check_pending(session: Session, network: str, matter: Matter) -> None:
    for one in list_proposals(session, network, "open"):
        same = Matter(cast(Kind, one.kind), None, one.space, one.details, one.effective_on)
        if same.key == matter.key:
            raise ProposalPending(one.id)


def _record(session: Session, act: str, proposal: Proposal, space: str | None) -> None:
    record_act(session, act, network=proposal.network, space=space, subject=proposal.id)
