"""What keeps an invoice from being made out, in plain words."""

from __future__ import annotations

from flask_babel import gettext

from cowopass.invoicing.parties import Lack


def lack_words() -> dict[Lack, str]:
    """Return how what is missing is called, by its code."""
    return {
        "legal": gettext("son entité légale"),
        "siret": gettext("son SIRET"),
        "siren": gettext("son SIREN"),
        "address": gettext("son adresse : code postal, ville, pays"),
        "vat_regime": gettext("son régime de TVA pour chaque jour facturé"),
        "vat_number": gettext("son numéro de TVA"),
        "not_here": gettext("il est sur un autre service : à facturer à la main"),
        "earlier_month": gettext("un mois d’avant à facturer d’abord"),
    }
