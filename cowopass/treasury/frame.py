"""What every page of a treasury begins with: who may see it, and of which network."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.errors import SpaceUnknown
from cowopass.networks.models import Network
from cowopass.people.access import Caller
from cowopass.people.callers import caller_of_request
from cowopass.settlement.service import get_network
from cowopass.spaces.models import Space
from cowopass.treasury.participants import Participant, list_participants


class Treasury(NamedTuple):
    """A network whose treasurer asks for a page. `spaces` are those of its braid, by name."""

    caller: Caller
    network: Network
    spaces: list[Space]
    participants: dict[str, Participant]
    today: date
    """Today in the network's time zone."""


def treasury_of(session: Session, slug: str, statement_of: str | None = None) -> Treasury:
    """Return the treasury of a network for who sends the present request.

    `statement_of` is a space whose own host may read the page too. Raises TokenRequired,
    NetworkUnknown, RoleForbidden for who is not its treasurer, and SpaceUnknown.
    """
    caller = caller_of_request(session)
    network = get_network(session, slug)
    if statement_of is None or not caller.serves(statement_of, "host"):
        caller.must_keep(slug)
    spaces = session.scalars(select(Space).where(Space.network == slug).order_by(Space.name)).all()
    if statement_of is not None and statement_of not in {space.slug for space in spaces}:
        raise SpaceUnknown(statement_of)
    return Treasury(
        caller,
        network,
        list(spaces),
        list_participants(session, slug),
        clock.today(network.timezone),
    )


def networks_of(session: Session) -> list[Network]:
    """Return the networks that the one who asks is the treasurer of. Raises TokenRequired."""
    caller = caller_of_request(session)
    networks = session.scalars(select(Network).order_by(Network.name))
    return [network for network in networks if caller.keeps(network.slug)]
