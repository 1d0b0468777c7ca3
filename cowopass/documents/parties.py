"""How documents show the participants of a ledger: name, colours, weave, and whom a bank pays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from clearing.line import FUND
from cowopass.networks.models import LegalEntity, Network
from cowopass.spaces.colours import derive_palette
from cowopass.spaces.models import Space
from cowopass.spaces.ribbons import hue_of, weave_of
from cowopass.spaces.shortening import abbreviate

INK = {
    "fill": "#15181b",
    "on": "#ffffff",
    "thread": "#5d6166",
    "text": "#15181b",
    "tint": "#f3f2ed",
}
"""What has no colour of its own is ink on paper: the fund, another network."""


class Party(NamedTuple):
    """A participant as it is shown. `short` stands where a name has no room.

    `colours` are those of the palette of its hue, in the light theme; `network` is that of a space;
    `legal` is who pays and is paid, None where nobody has said.
    """

    slug: str
    name: str
    short: str
    colours: dict[str, str]
    weave: str
    network: str | None
    legal: LegalEntity | None

    def shown(self) -> dict[str, Any]:
        """Return what a template needs to show the party by name and colours."""
        return {
            "slug": self.slug,
            "name": self.name,
            "short": self.short,
            "weave": self.weave,
            **self.colours,
        }


def read_parties(session: Session, network: str) -> dict[str, Party]:
    """Return everyone that a line of a network's ledger can name, by slug.

    Its own spaces come first and get the shortest abbreviations; then all other spaces
    and networks, then the fund.
    """
    spaces = session.scalars(
        select(Space)
        .options(joinedload(Space.legal))
        .order_by(Space.network != network, Space.slug)
    ).all()
    others = session.scalars(
        select(Network).where(Network.slug != network).order_by(Network.slug)
    ).all()
    fund = session.get_one(Network, network).fund
    names = {space.slug: space.name for space in spaces} | {one.slug: one.name for one in others}
    shorts = abbreviate(names)
    parties = [
        *(_of_space(space, shorts[space.slug]) for space in spaces),
        *(
            Party(each.slug, each.name, shorts[each.slug], INK, "stripe", None, None)
            for each in others
        ),
        Party(FUND, gettext("Caisse du réseau"), "€", INK, "stripe", None, fund),
    ]
    return {party.slug: party for party in parties}


def party_of(parties: Mapping[str, Party], slug: str) -> Party:
    """Return a party; one that is not on this instance is shown by its slug."""
    return parties.get(slug) or Party(slug, slug, slug, INK, "stripe", None, None)


def _of_space(space: Space, short: str) -> Party:
    palette = derive_palette(hue_of(space.slug, space.hue))
    colours = {name: getattr(palette, name) for name in INK}
    return Party(
        space.slug, space.name, short, colours, weave_of(space), space.network, space.legal
    )
