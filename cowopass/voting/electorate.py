"""Which spaces vote: members that are not suspended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.networks.models import Network
from cowopass.spaces.membership import standing_of
from cowopass.spaces.models import Space
from cowopass.voting.models import Proposal


def may_vote(space: Space, on: date) -> bool:
    """Return whether a space votes on a day: it takes part, and is not suspended."""
    standing = standing_of(space)
    return standing.takes_part(on) and not standing.is_suspended(on)


def voters_of(session: Session, networks: Iterable[Network]) -> dict[str, list[str]]:
    """Return the spaces that vote today, by network."""
    found: dict[str, list[str]] = {}
    for network in networks:
        today = clock.today(network.timezone)
        spaces = session.scalars(
            select(Space).where(Space.network == network.slug).order_by(Space.slug)
        )
        found[network.slug] = [space.slug for space in spaces if may_vote(space, today)]
    return found


def voters_left(session: Session, proposal: Proposal) -> Mapping[str, list[str]]:
    """Return who of a proposal's voters still may vote, by network.

    A space that left or was suspended since the opening counts neither among the votes nor in the
    quorum.
    """
    networks = select(Network).where(Network.slug.in_(proposal.electorate))
    today = voters_of(session, session.scalars(networks.order_by(Network.slug)))
    return {
        slug: [space for space in spaces if space in today.get(slug, ())]
        for slug, spaces in proposal.electorate.items()
    }
