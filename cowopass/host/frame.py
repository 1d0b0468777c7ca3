"""What every page of a space's desk begins with: who may see it, and whose it is."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.networks.models import Network
from cowopass.people.access import Caller, caller_with
from cowopass.people.callers import caller_of_request
from cowopass.spaces.models import Space
from cowopass.spaces.service import get_space


class Desk(NamedTuple):
    """A space whose host (or device, where that is enough) asks for a page."""

    caller: Caller
    space: Space
    network: Network
    today: date
    """Today in the network's time zone."""

    @property
    def speaker(self) -> Caller:
        """The caller as the host of this very space, whatever else she is."""
        return caller_with(self.caller.id, "host", self.network.slug, self.space.slug)


def desk_of(session: Session, slug: str, *, device_may: bool = False) -> Desk:
    """Return the desk of a space for who sends the present request.

    Raises SpaceUnknown, TokenRequired, or RoleForbidden when the caller is not its host (nor, with
    `device_may`, a device of it).
    """
    space = get_space(session, slug)
    caller = caller_of_request(session)
    if device_may:
        caller.must_serve(slug, "host", "device")
    else:
        caller.must_serve(slug, "host")
    network = session.get_one(Network, space.network)
    return Desk(caller, space, network, clock.today(network.timezone))
