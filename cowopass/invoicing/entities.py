"""Who stands behind the names in a ledger: legal sides, regimes of VAT, mandates."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from clearing.line import FUND
from cowopass.invoicing.document import Mandate
from cowopass.networks.legal import regime_on
from cowopass.networks.models import LegalEntity, Network
from cowopass.spaces.models import Space

DEFAULT_CONTEST_DAYS = 15
"""How long a host may object to an invoice made out in its name, unless its mandate says so."""


class Entity(NamedTuple):
    """The name that people know, and the legal side. A space of another instance has neither."""

    name: str
    legal: LegalEntity | None
    is_here: bool = True


class Entities:
    """The legal sides of a network's fund and of all spaces of the instance, read once.

    `today` is in the network's time zone: a mandate that is over lets nothing be made out.
    """

    def __init__(self, session: Session, network: Network, today: date) -> None:
        self._today = today
        with_legal = joinedload(Space.legal).selectinload(LegalEntity.vat)
        spaces = session.scalars(select(Space).options(with_legal))
        self._found = {space.slug: Entity(space.name, space.legal) for space in spaces}
        self._found[FUND] = Entity(f"Caisse de {network.name}", network.fund)
        self._regimes: dict[tuple[str, date], str | None] = {}

    def find(self, slug: str) -> Entity:
        """Return who stands behind a space's slug, or behind `fund`."""
        return self._found.get(slug, Entity(slug, None, is_here=False))

    def regime_on(self, slug: str, day: date) -> str | None:
        """Return how it stands to VAT on a day, None when nobody has said."""
        key = (slug, day)
        if key not in self._regimes:
            legal = self.find(slug).legal
            self._regimes[key] = regime_on(legal, day) if legal else None
        return self._regimes[key]

    def regimes_between(self, slug: str, first: date, last: date) -> set[str | None]:
        """Return all the ways in which it stands to VAT from one day to another."""
        legal = self.find(slug).legal
        later = (
            {row.regime for row in legal.vat if first < row.effective_from <= last}
            if legal
            else set()
        )
        return {self.regime_on(slug, first), *later}

    def mandate(self, slug: str, start: date) -> Mandate | None:
        """Return a space's mandate to make out its invoices now.

        None unless it gave one by the day `start`, and it is not over.
        """
        legal = self.find(slug).legal
        signed_on = legal.self_billing_mandate_on if legal else None
        if legal is None or signed_on is None or signed_on > start:
            return None
        until = legal.self_billing_mandate_until
        if until is not None and until < self._today:
            return None
        days = legal.self_billing_contest_days
        return Mandate(signed_on, DEFAULT_CONTEST_DAYS if days is None else days)
