"""A space that has not joined: its prices, what it sells, and a guess of its visits, as typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast

from flask_babel import gettext

from clearing.estimate import Visits
from clearing.line import Unit
from clearing.valuation import UNITS, host_price_cents
from cowopass.whatif.averages import Averages
from cowopass.whatif.figures import read_count, read_hundredths
from wallet.plan import PlanKind, PlanTerms, units_needed
from wallet.units import unit_value_cents

KINDS: tuple[PlanKind, ...] = ("book", "quota", "unlimited", "single")

MOST_VISITS = 10_000
MOST_UNITS = 1_000

BLANK = {
    **{f"price_{unit}": "" for unit in UNITS},
    **{f"{way}_{unit}": "" for way in ("received", "sent") for unit in UNITS},
    "kind": "book",
    "plan_unit": "day",
    "plan_price": "",
    "units": "10",
}
"""The fields of the form, as they are before anything is typed."""


class Guess(NamedTuple):
    """A guess as it was typed, and the visits of a month that it makes.

    `errors` has a sentence for each field that can't be read. `is_asked` is False for the empty
    form.
    """

    typed: dict[str, str]
    errors: dict[str, str]
    received: list[Visits]
    sent: list[Visits]
    is_asked: bool


def read_guess(asked: Mapping[str, str], averages: Averages) -> Guess:
    """Return the visits that an address tells of, at the space's prices and the network's means.

    Who comes brings what a pass of the network brings in on average; who goes elsewhere pays the
    network's average host price.
    """
    typed = {name: asked.get(name, blank).strip() for name, blank in BLANK.items()}
    if not any(name in asked for name in BLANK):
        return Guess(typed, {}, [], [], is_asked=False)
    errors: dict[str, str] = {}
    prices = _prices(typed, errors)
    received = _counts(typed, "received", errors)
    sent = _counts(typed, "sent", errors)
    values = _values(typed, errors, needed=list(sent))
    for unit in received:
        if host_price_cents(prices, unit) is None:
            errors.setdefault(f"price_{unit}", gettext("Il manque un prix pour ces visites."))
    if not errors and not received and not sent:
        errors["received_day"] = gettext("Devinez au moins une visite, reçue ou envoyée.")
    if errors:
        return Guess(typed, errors, [], [], is_asked=True)
    come = [
        Visits(unit, number, host_price_cents(prices, unit) or 0, averages.value[unit])
        for unit, number in received.items()
    ]
    go = [
        Visits(unit, number, averages.host_price[unit], values[unit])
        for unit, number in sent.items()
    ]
    return Guess(typed, errors, come, go, is_asked=True)


def _prices(typed: Mapping[str, str], errors: dict[str, str]) -> dict[Unit, int]:
    prices: dict[Unit, int] = {}
    for unit in UNITS:
        name = f"price_{unit}"
        cents = read_hundredths(typed[name])
        if cents is not None:
            prices[unit] = cents
        elif typed[name]:
            errors[name] = gettext("Écrivez une somme, comme 12 ou 12,50.")
    return prices


def _counts(typed: Mapping[str, str], way: str, errors: dict[str, str]) -> dict[Unit, int]:
    """Return how many visits there are in each unit that has some."""
    counts: dict[Unit, int] = {}
    for unit in UNITS:
        number = read_count(typed[f"{way}_{unit}"], MOST_VISITS)
        if number is None:
            errors[f"{way}_{unit}"] = gettext(
                "Écrivez un nombre entier de visites, %(most)s au plus.", most=MOST_VISITS
            )
        elif number:
            counts[unit] = number
    return counts


def _values(
    typed: Mapping[str, str], errors: dict[str, str], *, needed: list[Unit]
) -> dict[Unit, int]:
    """Return what a unit of the space's own pass brings in, for the units that it sends."""
    if not needed:
        return {}
    price_cents = read_hundredths(typed["plan_price"])
    units = 1 if typed["kind"] == "single" else read_count(typed["units"], MOST_UNITS)
    if price_cents is None:
        errors["plan_price"] = gettext("Écrivez le prix de ce pass, comme 150.")
    if not units:
        errors["units"] = gettext("Écrivez combien de visites ce pass contient ou paie.")
    if typed["kind"] not in KINDS or typed["plan_unit"] not in UNITS:
        errors["kind"] = gettext("Choisissez une sorte de pass.")
    if errors or price_cents is None or not units:
        return {}
    terms = _plan(typed, units)
    values: dict[Unit, int] = {}
    for unit in needed:
        need = 1 if terms.kind == "unlimited" else units_needed(terms.unit, unit)
        if need is None or need > units:
            errors[f"sent_{unit}"] = gettext("Ce pass ne couvre pas cette durée.")
        else:
            values[unit] = unit_value_cents(
                terms, price_cents, unit, used=0, need=need, given_cents=0
            )
    return values


def _plan(typed: Mapping[str, str], units: int) -> PlanTerms:
    kind, unit = cast(PlanKind, typed["kind"]), cast(Unit, typed["plan_unit"])
    if kind == "unlimited":
        return PlanTerms(kind, "day", None, 1, 0, units, roaming=True)
    return PlanTerms(kind, unit, units, 12, 0, None, roaming=True)
