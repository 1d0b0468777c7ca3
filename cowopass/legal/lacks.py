"""What a legal side lacks to invoice, to be invoiced and to be paid. Pure but for the row."""

from __future__ import annotations

from datetime import date
from typing import Literal, cast

from flask_babel import gettext

from cowopass.invoicing.parties import lacks_of_seller, party_of
from cowopass.invoicing.wordings import Regime
from cowopass.networks.legal import regime_on
from cowopass.networks.models import LegalEntity

Gap = Literal["legal", "iban", "siret", "address", "vat_regime", "vat_number"]


def gaps_of(side: LegalEntity | None, today: date) -> list[Gap]:
    """Return what a space has to give, as things stand today; `legal` is all of it."""
    if side is None:
        return ["legal"]
    gaps: list[Gap] = [] if side.iban else ["iban"]
    regime = regime_on(side, today)
    if regime is None:
        gaps.append("vat_regime")
    found = lacks_of_seller(party_of("", "", side), cast(Regime, regime or "franchise"))
    gaps += [gap for gap in ("siret", "vat_number", "address") if gap in found]
    return gaps


def gap_words() -> dict[Gap, str]:
    """Return what gaps are called, in the language that is spoken."""
    return {
        "legal": gettext("tout (nom, SIRET, adresse, TVA, IBAN)"),
        "iban": gettext("l’IBAN"),
        "siret": gettext("le SIRET"),
        "address": gettext("l’adresse : code postal, ville, pays"),
        "vat_regime": gettext("le régime de TVA"),
        "vat_number": gettext("le numéro de TVA"),
    }
