"""What the desk says: one sentence a host can read aloud, in French or English."""

from __future__ import annotations

from typing import Any

from clearing.document import show_cents
from cowopass.desk.answers import Answer
from cowopass.desk.facts import UNPAID
from cowopass.desk.models import CheckIn
from cowopass.passes.models import Plan
from cowopass.problems import sentence
from wallet.plan import MONTHLY, UNITS

UNIT_NAMES: dict[str, dict[str, tuple[str, str]]] = {
    "fr": {
        "day": ("journée", "journées"),
        "half_day": ("demi-journée", "demi-journées"),
        "hour": ("heure", "heures"),
    },
    "en": {
        "day": ("day", "days"),
        "half_day": ("half-day", "half-days"),
        "hour": ("hour", "hours"),
    },
}
"""Singular and plural. In French they are all feminine."""

TEXTS: dict[str, dict[str, str]] = {
    "fr": {
        "hello": "Bonjour{name}.",
        "guest": "Bienvenue ! Ce ticket d’or est maintenant utilisé.",
        "reentry": "Bon retour{name} ! Le passage du jour compte encore.",
        "voided": "Ce passage est annulé.",
        "whole": "Une {one} entière est comptée.",
        "several": "{units} {many} sont comptées.",
        "left": "Il reste {left} {unit}.",
        "left_this_month": "Il reste {left} {unit} ce mois-ci.",
        "last": "C’était la dernière {one}.",
        "last_this_month": "C’était la dernière {one} du mois.",
        "overused": "Ce passage dépasse ce qui restait.",
        "top_up": "À régler sur place : {amount}.",
        "capped": "Le plafond du mois réduit ce que verse son lieu.",
        "offline_late": "Reçu après sept jours : ce passage est noté, mais pas payé.",
        "offline_bundle_stale": "Vos données avaient expiré : ce passage est noté, mais pas payé.",
        "offline_limit": "Trop de billets papier hors ligne : ce passage est noté, mais pas payé.",
    },
    "en": {
        "hello": "Hello{name}.",
        "guest": "Welcome! This golden ticket is now used.",
        "reentry": "Welcome back{name}! Today's visit still counts.",
        "voided": "This check-in is voided.",
        "whole": "This takes a whole {one}.",
        "several": "This takes {units} {many}.",
        "left": "{left} {unit} left.",
        "left_this_month": "{left} {unit} left this month.",
        "last": "That was the last {one}.",
        "last_this_month": "That was the last {one} of the month.",
        "overused": "This goes past what was left.",
        "top_up": "To pay here: {amount}.",
        "capped": "The month's cap cuts what the home pays.",
        "offline_late": "It came after seven days: this visit is noted, but not paid.",
        "offline_bundle_stale": "Your data had expired: this visit is noted, but not paid.",
        "offline_limit": "Too many paper tickets offline: this visit is noted, but not paid.",
    },
}

_PLAIN = (
    "id state code space home on at kind source unit units units_left reentry overused "
    "override_reason void_reason"
).split()
_CHARGE = "host_price_cents pass_value_cents charge_cents levy_cents top_up_cents".split()


def describe(answer: Answer, language: str) -> dict[str, Any]:
    """Return a check-in as it is told to a desk, in a language (`fr` or `en`)."""
    row = answer.check_in
    is_charged = row.charge_cents is not None
    return {
        **{name: getattr(row, name) for name in _PLAIN},
        "holder": first_name(answer),
        "plan": answer.plan.name if answer.plan else None,
        "plan_kind": answer.plan.kind if answer.plan else None,
        "plan_unit": answer.plan.unit if answer.plan else None,
        "charge": {name: getattr(row, name) for name in _CHARGE} if is_charged else None,
        "capped": answer.is_capped,
        "notes": list(answer.notes),
        "message": say(answer, language),
    }


def first_name(answer: Answer) -> str | None:
    """Return the part of the holder's name that a desk may see; None when it is not known."""
    return next(iter((answer.holder_name or "").split()), None)


def say(answer: Answer, language: str) -> str:
    """Return the sentence for a check-in: accepted, re-entry, voided or refused."""
    row, texts = answer.check_in, TEXTS[language]
    name = first_name(answer)
    named = f" {name}" if name else ""
    if row.state == "refused":
        return sentence(_code_of(row), language=language)
    if row.state == "voided":
        return texts["voided"]
    if row.reentry:
        return texts["reentry"].format(name=named)
    greeting = "guest" if row.kind == "golden" else "hello"
    told = [*_tell_units(answer, language), *_tell_money(answer, language)]
    return " ".join([texts[greeting].format(name=named), *told])


def _code_of(row: CheckIn) -> str:
    """Return the code whose sentence is said: what a golden ticket lacks is that it was used."""
    is_used_golden = (row.code, row.kind) == ("no_units_left", "golden")
    return "ticket_used" if is_used_golden else str(row.code)


def _tell_units(answer: Answer, language: str) -> list[str]:
    """Say what was taken, where that may surprise, and what is left; nothing without a limit."""
    row, plan, texts = answer.check_in, answer.plan, TEXTS[language]
    if plan is None or row.kind == "golden" or row.units_left is None:
        return []
    if row.overused:
        return [texts["overused"]]
    one, many = UNIT_NAMES[language][plan.unit]
    period = "_this_month" if plan.kind in MONTHLY else ""
    told = "last" if row.units_left == 0 else "left"
    unit = one if row.units_left == 1 else many
    left = texts[told + period].format(left=row.units_left, unit=unit, one=one)
    taken = _surprise(row, plan)
    return [*([texts[taken].format(units=row.units, one=one, many=many)] if taken else []), left]


def _surprise(row: CheckIn, plan: Plan) -> str | None:
    """Return which text says that more is taken than was stayed: a day for half of one, or two."""
    if row.units > 1:
        return "several"
    stayed = (unit for unit in UNITS if unit == row.unit)
    is_whole = UNITS.index(next(stayed, plan.terms.unit)) < UNITS.index(plan.terms.unit)
    return "whole" if is_whole else None


def _tell_money(answer: Answer, language: str) -> list[str]:
    """Say what the holder pays at the desk, and whether the liability cap has cut the charge."""
    texts, top_up_cents = TEXTS[language], answer.check_in.top_up_cents
    told = []
    if top_up_cents:
        told.append(texts["top_up"].format(amount=_show_money(top_up_cents, answer, language)))
    if answer.is_capped:
        told.append(texts["capped"])
    told += [texts[note] for note in UNPAID if note in answer.notes]
    return told


def _show_money(amount_cents: int, answer: Answer, language: str) -> str:
    amount = show_cents(amount_cents)
    symbol = "€" if answer.currency == "EUR" else answer.currency or ""
    return f"{amount.replace('.', ',') if language == 'fr' else amount} {symbol}"
