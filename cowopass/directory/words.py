"""How the front door says units and plans, in the language of the request."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import format_percent, gettext, ngettext

from clearing.line import Unit
from cowopass.language import spoken_language
from cowopass.passes.models import Plan
from wallet.plan import MONTHLY


def units_in_words(unit: Unit, number: int) -> str:
    """Count units: `11 journées`."""
    words = {
        "day": ngettext("%(num)d journée", "%(num)d journées", number),
        "half_day": ngettext("%(num)d demi-journée", "%(num)d demi-journées", number),
        "hour": ngettext("%(num)d heure", "%(num)d heures", number),
    }
    return str(words[unit])


def plan_in_words(plan: Plan) -> str:
    """Say what a plan entitles to: `11 journées, valable 12 mois, 1 ticket d’or`."""
    terms = plan.terms
    parts = [
        gettext("sans compter") if terms.units is None else units_in_words(terms.unit, terms.units),
        gettext("par mois")
        if terms.kind in MONTHLY
        else ngettext("valable %(num)d mois", "valable %(num)d mois", terms.validity_months),
    ]
    if terms.golden_tickets:
        parts.append(ngettext("%(num)d ticket d’or", "%(num)d tickets d’or", terms.golden_tickets))
    if not terms.roaming:
        parts.append(gettext("ce lieu seulement"))
    return ", ".join(parts)


def share_in_words(share_bps: int) -> str:
    """Write basis points as a share: `5 %`, `2,5 %`."""
    pattern = "#,##0.##\xa0%" if spoken_language() == "fr" else "#,##0.##%"
    return str(format_percent(Decimal(share_bps) / 10_000, pattern))
