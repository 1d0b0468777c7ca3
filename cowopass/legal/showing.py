"""The legal side of a space as calls and commands show it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.legal.lacks import gaps_of
from cowopass.networks.models import LegalEntity, Network
from cowopass.spaces.models import Space

COLUMNS = (
    "name",
    "form",
    "siren",
    "siret",
    "vat_number",
    "iban",
    "bic",
    "self_billing_mandate_on",
    "self_billing_mandate_until",
    "self_billing_contest_days",
)
ADDRESS = ("building_number", "street_name", "postcode", "town", "country")


def legal_document(session: Session, space: Space) -> dict[str, Any]:
    """Return who stands behind a space, and what it lacks as things stand today."""
    today = clock.today(session.get_one(Network, space.network).timezone)
    return {
        "space": space.slug,
        "legal": _side(space.legal) if space.legal else None,
        "lacks": gaps_of(space.legal, today),
    }


def _side(side: LegalEntity) -> dict[str, Any]:
    """Return a legal side with the keys of a network file, so that it can be sent back."""
    return {
        **{name: getattr(side, name) for name in COLUMNS},
        "address": {name: getattr(side, name) for name in ADDRESS},
        "vat": [
            {"regime": row.regime, "effective_from": row.effective_from}
            for row in sorted(side.vat, key=lambda row: row.effective_from)
        ],
    }
