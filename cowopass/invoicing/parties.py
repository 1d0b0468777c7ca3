"""Who invoices and who is invoiced, and what the law wants to know of them. Pure but for the row.

What an entity lacks is told by stable words, so that each face says it in its own language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from cowopass.invoicing.wordings import Regime
from cowopass.networks.models import LegalEntity

Lack = Literal[
    "legal",
    "siret",
    "siren",
    "address",
    "vat_regime",
    "vat_number",
    "not_here",
    "earlier_month",
]
"""What keeps an invoice from being made out: see `MISSING` in the reference of invoices.

`not_here`: the space is on another instance. `earlier_month`: what is taken back was never
invoiced, because an earlier month was not issued.
"""


class Missing(NamedTuple):
    """Something that a space (its slug) or the `fund` has to give before it can be invoiced."""

    who: str
    what: Lack


@dataclass(frozen=True)
class Party:
    """A seller or buyer as an invoice names it; frozen when the invoice is made out."""

    slug: str
    space: str
    name: str
    form: str | None
    siren: str | None
    siret: str | None
    vat_number: str | None
    building_number: str | None
    street_name: str | None
    postcode: str | None
    town: str | None
    country: str | None

    @property
    def street(self) -> str:
        """Return the first line of the address."""
        return " ".join(part for part in (self.building_number, self.street_name) if part)


def party_of(slug: str, space: str, entity: LegalEntity) -> Party:
    """Return an entity as a party; `space` is the name that people know it by."""
    return Party(
        slug=slug,
        space=space,
        name=entity.name,
        form=entity.form,
        siren=entity.siren,
        siret=entity.siret,
        vat_number=entity.vat_number,
        building_number=entity.building_number,
        street_name=entity.street_name,
        postcode=entity.postcode,
        town=entity.town,
        country=entity.country,
    )


def lacks_of_seller(party: Party, regime: Regime) -> list[Lack]:
    """Return what a seller under a regime lacks."""
    lacks: list[Lack] = [] if party.siret else ["siret"]
    if regime == "standard" and not party.vat_number:
        lacks.append("vat_number")
    return lacks + _lacks_of_address(party)


def lacks_of_buyer(party: Party) -> list[Lack]:
    """Return what a buyer lacks: its SIREN will do."""
    lacks: list[Lack] = [] if party.siren else ["siren"]
    return lacks + _lacks_of_address(party)


def _lacks_of_address(party: Party) -> list[Lack]:
    is_told = party.postcode and party.town and party.country
    return [] if is_told else ["address"]
