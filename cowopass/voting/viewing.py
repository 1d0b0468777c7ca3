"""A proposal as people read it: its title, its figures, who voted and what came of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.language import spoken_language
from cowopass.networks.models import Network
from cowopass.voting.electorate import voters_left
from cowopass.voting.mailing import names_of
from cowopass.voting.models import Proposal
from cowopass.voting.showing import shown_votes
from cowopass.voting.words import (
    Change,
    changes_of,
    charter_words,
    choice_words,
    result_words,
    state_words,
    title_of,
)


class Voter(NamedTuple):
    """A space that may vote: whether it has, and what, where that may be seen."""

    slug: str
    name: str
    has_voted: bool
    choice: str | None
    words: str


class ShownMonth(NamedTuple):
    """A replayed month: each participant now and then, with its sentence."""

    network: str
    month: str
    rows: list[dict[str, Any]]


class View(NamedTuple):
    """A proposal told. `last_day` is the last local day of its vote.

    `voters` are the spaces by the name of their network; `is_open` says that votes still count.
    """

    proposal: Proposal
    title: str
    state: str
    changes: list[Change]
    charters: dict[str, list[Change]]
    months: list[ShownMonth]
    voters: dict[str, list[Voter]]
    result: list[str]
    last_day: date
    is_open: bool
    all_voted: bool
    author: str
    currency: str


def view_proposal(
    session: Session, proposal: Proposal, reader: str | None, own: Collection[str]
) -> View:
    """Return a proposal as hosts of `own` spaces may read it, in the language of the request.

    `reader` is the network they are in, None for anyone: another's positions are not for them.
    """
    names = names_of(session, proposal)
    network = session.get_one(Network, proposal.network)
    is_open = proposal.state == "open" and proposal.closes_at > clock.now()
    voters = _voters(session, proposal, own, names)
    # The vote ends at midnight: its last moment is in the day before.
    last_day = clock.local_day(proposal.closes_at - timedelta(seconds=1), network.timezone)
    return View(
        proposal=proposal,
        title=title_of(proposal, names),
        state=state_words(proposal.state),
        changes=changes_of(proposal, network.currency),
        charters={
            names.get(slug, slug): charter_words(terms) for slug, terms in proposal.charters.items()
        },
        months=_months(proposal, reader, names),
        voters=voters,
        result=result_words(proposal, names) if proposal.result else [],
        last_day=last_day,
        is_open=is_open,
        all_voted=all(voter.has_voted for each in voters.values() for voter in each),
        author=names.get(proposal.author_space or "", network.name),
        currency=network.currency,
    )


def _voters(
    session: Session, proposal: Proposal, own: Collection[str], names: dict[str, str]
) -> dict[str, list[Voter]]:
    shown = shown_votes(proposal, own)
    left = voters_left(session, proposal) if proposal.state == "open" else proposal.electorate
    return {
        names.get(network, network): [
            Voter(
                slug,
                names.get(slug, slug),
                slug in shown,
                shown.get(slug),
                choice_words(shown[slug] or "") if shown.get(slug) else "",
            )
            for slug in spaces
        ]
        for network, spaces in left.items()
    }


def _months(proposal: Proposal, reader: str | None, names: dict[str, str]) -> list[ShownMonth]:
    language = spoken_language()
    return [
        ShownMonth(
            names.get(month["network"], month["network"]),
            month["period"],
            [
                {
                    **row,
                    "difference_cents": row["then_cents"] - row["now_cents"],
                    "sentence": row["sentences"][language],
                }
                for row in month["positions"]
            ],
        )
        for month in proposal.what_if
        if month["network"] == reader
    ]
