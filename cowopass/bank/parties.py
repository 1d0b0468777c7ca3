"""Who pays and who is paid, as their banks know them: the spaces of a network, and its fund."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.line import FUND
from cowopass.bank.sepa import sepa_text
from cowopass.networks.models import LegalEntity, Network
from cowopass.spaces.models import Space

_NEEDED = ("name", "iban", "town", "country")


class Party(NamedTuple):
    """A participant with a bank account of its own; `legal` is None while nothing is known."""

    slug: str
    name: str
    legal: LegalEntity | None

    @property
    def iban(self) -> str | None:
        """Where its money goes."""
        return self.legal.iban if self.legal else None

    @property
    def missing(self) -> list[str]:
        """What a payment file needs and the network file has not told, by the keys of that file.

        A name of which no bank can write a letter is none.
        """
        if self.legal is None:
            return ["legal"]
        told = {key: getattr(self.legal, key) or "" for key in _NEEDED}
        return [key for key, text in told.items() if not sepa_text(text)]


def list_parties(session: Session, network: Network) -> dict[str, Party]:
    """Return the spaces of a network by slug, and its fund."""
    spaces = session.scalars(
        select(Space).where(Space.network == network.slug).order_by(Space.slug)
    )
    parties = {space.slug: Party(space.slug, space.name, space.legal) for space in spaces}
    name = network.fund.name if network.fund else network.name
    return {**parties, FUND: Party(FUND, name, network.fund)}
