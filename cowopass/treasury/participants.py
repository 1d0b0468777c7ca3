"""How the treasury calls the participants of a ledger: spaces, other networks, the fund."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.line import FUND
from cowopass.networks.models import Network
from cowopass.spaces.models import Space
from cowopass.spaces.shortening import abbreviate


class Participant(NamedTuple):
    """A participant of a ledger: `short` stands where a name has no room."""

    slug: str
    name: str
    short: str


def list_participants(session: Session, network: str) -> dict[str, Participant]:
    """Return everyone that a line of a network's ledger can name, by slug.

    Its own spaces come first, so that they get the shortest abbreviations.
    """
    spaces = session.execute(
        select(Space.slug, Space.name).order_by(Space.network != network, Space.slug)
    )
    networks = session.execute(
        select(Network.slug, Network.name).where(Network.slug != network).order_by(Network.slug)
    )
    names = {row.slug: row.name for row in [*spaces, *networks]}
    shorts = abbreviate(names)
    found = {slug: Participant(slug, name, shorts[slug]) for slug, name in names.items()}
    return {**found, FUND: Participant(FUND, gettext("Caisse du réseau"), "€")}
