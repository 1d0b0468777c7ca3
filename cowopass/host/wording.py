"""How a desk says units, formulas and days, in the language of the request."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from cowopass.passes.models import Plan
from wallet.plan import MONTHLY


def count_units(count: int, unit: str) -> str:
    """Say how many units: `11 journées`, `1 demi-journée`."""
    if unit == "day":
        return str(ngettext("%(num)d journée", "%(num)d journées", count))
    if unit == "half_day":
        return str(ngettext("%(num)d demi-journée", "%(num)d demi-journées", count))
    return str(ngettext("%(num)d heure", "%(num)d heures", count))


def describe_plan(plan: Plan) -> str:
    """Say what a formula gives: `11 journées, 1 an, 1 ticket d’or`, `illimité, 1 mois`."""
    told = [_units_of(plan), _months(plan.validity_months)]
    if plan.golden_tickets:
        told.append(ngettext("%(num)d ticket d’or", "%(num)d tickets d’or", plan.golden_tickets))
    if not plan.roaming:
        told.append(gettext("dans ce lieu seulement"))
    return ", ".join(told)


def is_monthly(plan: Plan) -> bool:
    """Return whether a formula is priced and counted by calendar months."""
    return plan.kind in MONTHLY


def _units_of(plan: Plan) -> str:
    if plan.units is None:
        return str(gettext("illimité"))
    units = count_units(plan.units, plan.unit)
    return str(gettext("%(units)s par mois", units=units)) if is_monthly(plan) else units


def _months(count: int) -> str:
    if count % 12 == 0:
        return str(ngettext("%(num)d an", "%(num)d ans", count // 12))
    return str(ngettext("%(num)d mois", "%(num)d mois", count))
