"""Votes at once, and votes that race the count. PostgreSQL is where these prove something."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier

import pytest
from sqlalchemy import func, select

from cowopass.errors import ProposalPending, VoteClosed
from cowopass.networks.models import Agreement
from cowopass.transaction import transaction
from cowopass.voting.closing import close_due, close_early
from cowopass.voting.models import Proposal, Vote
from cowopass.voting.service import Draft, cast_vote, open_proposal
from tests.cowopass.voting.conftest import AFTER_THE_VOTE, HALF, TREASURER, host

pytestmark = pytest.mark.race

TIMES = 8


def at_once(app, works):
    """Do each work in a thread and a transaction of its own, all starting together."""
    barrier = Barrier(len(works))

    def run(work):
        barrier.wait()
        try:
            with app.app_context(), transaction() as session:
                return work(session)
        except (VoteClosed, ProposalPending) as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def test_a_space_that_votes_from_two_phones_has_one_vote(sainte, app, propose):
    proposal = propose()
    choices = ["for", "against"] * (TIMES // 2)
    at_once(
        app,
        [
            lambda session, choice=choice: cast_vote(session, host("b"), proposal.id, "b", choice)
            for choice in choices
        ],
    )
    kept = sainte.scalars(select(Vote.choice).order_by(Vote.number)).all()
    sainte.rollback()
    assert all(one != following for one, following in pairwise(kept))


def test_a_vote_that_races_the_count_is_counted_or_refused(sainte, app, config, propose):
    proposal = propose()
    for space in ("comptoir", "b", "c"):
        cast_vote(sainte, host(space), proposal.id, space, "for")
    sainte.commit()
    said = at_once(
        app,
        [
            lambda session: close_early(session, config, TREASURER, proposal.id).state,
            *(
                lambda session, space=space: (
                    cast_vote(session, host(space), proposal.id, space, "against").id
                )
                for space in ("comptoir", "b", "c")
            ),
        ],
    )
    sainte.expire_all()
    counted = sainte.get_one(Proposal, proposal.id).result["networks"]["sainte"]
    sainte.rollback()
    assert counted["against"] == sum(one == proposal.id for one in said[1:])
    assert counted["for"] + counted["against"] == 3


def test_a_vote_is_counted_once_however_many_count(sainte, app, config, propose, travel):
    proposal = propose()
    for space in ("comptoir", "b"):
        cast_vote(sainte, host(space), proposal.id, space, "for")
    sainte.commit()
    travel.move_to(AFTER_THE_VOTE)
    at_once(app, [lambda session: len(close_due(session, config))] * TIMES)
    made = select(func.count()).where(Agreement.proposal == proposal.id)
    assert sainte.scalar(made.select_from(Agreement)) == 1


@pytest.mark.usefixtures("sainte")
def test_two_that_propose_at_once_open_one_vote(app, config):
    draft = Draft("rule", "sainte", "Partageons.", HALF)
    said = at_once(
        app,
        [lambda session: open_proposal(session, config, TREASURER, draft)[1]] * TIMES,
    )
    assert sorted(map(str, said)) == sorted(["True", *["proposal_pending"] * (TIMES - 1)])
