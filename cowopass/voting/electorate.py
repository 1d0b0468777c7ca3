"""Which spaces vote: members that are not suspended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

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


def voters_of(
    session: Session, networks: Iterable[Network], at: datetime | None = None
) -> dict[str, list[str]]:
    """Return the spaces that vote now, or at an instant, by network."""
    found: dict[str, list[str]] = {}
    for network in networks:
        on = clock.local_day(at or clock.now(), network.timezone)
        spaces = session.scalars(
            select(Space).where(Space.network == network.slug).order_by(Space.slug)
        )
        found[network.slug] = [space.slug for space in spaces if may_vote(space, on)]
    return found


def voters_left(session: Session, proposal: Proposal) -> Mapping[str, list[str]]:
    """Return who of a proposal's voters still may vote, by network.

    A space that left or was suspended since the opening counts neither among the votes nor in the
    quorum. Once the vote is over, its last moment decides: the result is the same however late it
    is counted.
    """
    networks = select(Network).where(Network.slug.in_(proposal.electorate))
    at = min(clock.now(), proposal.closes_at - timedelta(seconds=1))
    still = voters_of(session, session.scalars(networks.order_by(Network.slug)), at)
    return {
        slug: [space for space in spaces if space in still.get(slug, ())]
        for slug, spaces in proposal.electorate.items()
    }
