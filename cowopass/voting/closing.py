"""Counting: once, when the time is over, or before it when every space has voted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.acts.actor import COMMAND, acting_as
from cowopass.acts.service import record_act
from cowopass.config import Config
from cowopass.errors import CowopassError, VoteClosed, VotesMissing
from cowopass.networks.keys import record_key
from cowopass.people.access import Caller
from cowopass.settlement.lock import hold_network
from cowopass.voting.effects import carry_out, decided_version
from cowopass.voting.electorate import voters_left
from cowopass.voting.mailing import mail_reminder, mail_result
from cowopass.voting.models import Proposal
from cowopass.voting.record import sign_record
from cowopass.voting.rules import CharterTerms, Kind, effective_day, failing, tally
from cowopass.voting.service import get_proposal, hold, votes_of

REMINDED_BEFORE = timedelta(days=2)
"""How long before the end the spaces are reminded that have not voted."""


REMINDED_AFTER = timedelta(days=1)
"""A short vote leaves its spaces a day before it reminds them: the first mail is just there."""


def close_due(session: Session, config: Config) -> list[Proposal]:
    """Count every vote whose time is over; return those proposals. Again it finds none."""
    due = select(Proposal).where(Proposal.state == "open", Proposal.closes_at <= clock.now())
    proposals = session.scalars(due.order_by(Proposal.closes_at, Proposal.id)).all()
    # All networks first, in their order: whoever opens a vote of two holds them in it, too.
    for slug in sorted({slug for proposal in proposals for slug in proposal.electorate}):
        hold_network(session, slug)
    with acting_as(COMMAND):
        return [_count(session, config, proposal.id) for proposal in proposals]


def has_due(session: Session) -> bool:
    """Return whether there is a vote to count, or somebody to remind."""
    due = select(Proposal.id).where(Proposal.state == "open", Proposal.closes_at <= clock.now())
    return session.scalar(due.limit(1)) is not None or bool(_to_remind(session))


def close_early(session: Session, config: Config, caller: Caller, proposal_id: str) -> Proposal:
    """Count a vote before its time, for the treasurer, once every space has voted.

    Not by itself at the last vote: until the count each space may still change its mind. It takes
    effect when it was to. Raises ProposalUnknown, RoleForbidden, VotesMissing, and VoteClosed for
    one that was withdrawn; a counted one is returned as it is.
    """
    caller.must_keep(get_proposal(session, proposal_id).network)
    proposal = hold(session, proposal_id)
    if proposal.state == "withdrawn":
        raise VoteClosed(proposal.id, proposal.closed_at or proposal.closes_at)
    votes = votes_of(proposal)
    missing = [
        space
        for spaces in voters_left(session, proposal).values()
        for space in spaces
        if space not in votes
    ]
    if proposal.state == "open" and missing and proposal.closes_at > clock.now():
        raise VotesMissing(proposal.id, missing)
    return _count(session, config, proposal_id)


def remind_due(session: Session, config: Config) -> int:
    """Remind the spaces that have not voted, once before the end; return of how many votes."""
    proposals = [hold(session, proposal_id) for proposal_id in _to_remind(session)]
    waiting = [one for one in proposals if one.state == "open" and one.reminded_at is None]
    for proposal in waiting:
        proposal.reminded_at = clock.now()
        mail_reminder(session, config, proposal, voters_left(session, proposal))
    return len(waiting)


def _to_remind(session: Session) -> list[str]:
    now = clock.now()
    found = select(Proposal.id).where(
        Proposal.state == "open",
        Proposal.reminded_at.is_(None),
        Proposal.closes_at > now,
        Proposal.closes_at <= now + REMINDED_BEFORE,
        Proposal.opened_at <= now - REMINDED_AFTER,
    )
    return list(session.scalars(found.order_by(Proposal.closes_at, Proposal.id)))


def _count(session: Session, config: Config, proposal_id: str) -> Proposal:
    """Count a vote and let it take effect; one that is counted already is returned as it is."""
    known = get_proposal(session, proposal_id)
    slugs = sorted(known.electorate)
    networks = {slug: hold_network(session, slug) for slug in slugs}
    proposal = hold(session, proposal_id)
    if proposal.state != "open":
        return proposal
    proposal.closed_at = clock.now()
    proposal.result = _result(session, proposal)
    today = max(clock.today(network.timezone) for network in networks.values())
    proposal.effective_on = effective_day(cast(Kind, proposal.kind), proposal.effective_on, today)
    proposal.state = "failed" if proposal.result["failed_by"] else "passed"
    _decide(session, config, proposal)
    proposal.guest_email = None
    for slug in slugs:
        act = f"proposal_{proposal.state}"
        record_act(session, act, network=slug, subject=proposal.id, kind=proposal.kind)
    mail_result(session, config, proposal)
    return proposal


def _result(session: Session, proposal: Proposal) -> dict[str, Any]:
    """Return the count of each network, and the first thing that a network fails it by."""
    votes, failed_by = votes_of(proposal), None
    counts = {}
    for slug, voters in sorted(voters_left(session, proposal).items()):
        charter = CharterTerms(**proposal.charters[slug])
        counted = tally(voters, votes)
        why = failing(counted, charter)
        failed_by = failed_by or why
        counts[slug] = {
            "spaces": counted.spaces,
            "for": counted.for_,
            "against": counted.against,
            "abstain": counted.abstain,
            "quorum_bps": charter.quorum_bps,
            "majority_bps": charter.majority_bps,
            "failed_by": why,
        }
    return {"failed_by": failed_by, "obstacle": None, "networks": counts}


def _decide(session: Session, config: Config, proposal: Proposal) -> None:
    """Sign the result, and carry it out where it passed.

    What was possible at the opening may be so no more: a fund that lost its account, a month that
    has charges. Then nothing is half done: it fails, and the result says by what.
    """
    if proposal.state == "passed":
        try:
            with session.begin_nested():
                _sign(session, config, proposal)
                carry_out(session, config, proposal)
        except CowopassError as obstacle:
            proposal.state = "failed"
            proposal.result = {
                **(proposal.result or {}),
                "failed_by": "obstacle",
                "obstacle": str(obstacle),
            }
        else:
            return
    _sign(session, config, proposal)


def _sign(session: Session, config: Config, proposal: Proposal) -> None:
    decided = decided_version(session, proposal) if proposal.state == "passed" else None
    votes = {
        space: choice
        for space, choice in votes_of(proposal).items()
        if any(space in left for left in voters_left(session, proposal).values())
    }
    proposal.records = {
        slug: sign_record(record_key(session, config, slug), proposal, votes, decided)
        for slug in sorted(proposal.electorate)
    }
