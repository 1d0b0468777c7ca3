"""A worked example of an agreement, in the network's own prices, by the rules that are charged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from clearing.valuation import Valuation, liability_room_cents, value_charge
from cowopass.directory.places import SpaceNow
from cowopass.networks.agreements import terms_of
from cowopass.networks.models import Agreement
from cowopass.passes.models import Plan
from wallet.plan import MONTHLY, units_needed
from wallet.units import unit_value_cents

KINDS = ("book", "quota", "unlimited", "single")
"""The plan that explains most comes first: each of a book's days has a price of its own."""


class Example(NamedTuple):
    """The first visit of a pass of `plan`, for a day at another space."""

    plan: Plan
    home: SpaceNow
    host: SpaceNow
    valuation: Valuation


def example_of(
    agreement: Agreement,
    homes: Sequence[SpaceNow],
    hosts: Sequence[SpaceNow],
    plans: Iterable[Plan],
) -> Example | None:
    """Return an example under an agreement; None when no space sells, or none has a day price.

    `homes` are spaces of the agreement's home network and `hosts` of its host network; `plans` are
    on sale. The same spaces give the same example.
    """
    by_slug = {place.space.slug: place for place in homes}
    suitable = [
        plan
        for plan in plans
        if plan.home in by_slug and plan.roaming and units_needed(plan.terms.unit, "day") == 1
    ]
    for plan in sorted(suitable, key=lambda plan: (KINDS.index(plan.kind), plan.home, plan.code)):
        host = _host(by_slug[plan.home], hosts)
        if host is not None:
            return _worked(agreement, plan, by_slug[plan.home], host)
    return None


def _host(home: SpaceNow, hosts: Iterable[SpaceNow]) -> SpaceNow | None:
    """Return another space with a day price, one whose price is not the home's if there is."""
    others = [place for place in hosts if place.space is not home.space and "day" in place.prices]
    others.sort(key=lambda place: (place.prices["day"] == home.prices.get("day"), place.space.slug))
    return others[0] if others else None


def _worked(agreement: Agreement, plan: Plan, home: SpaceNow, host: SpaceNow) -> Example:
    terms = terms_of(agreement)
    value_cents = unit_value_cents(
        plan.terms, plan.price_cents, "day", used=0, need=1, given_cents=0
    )
    monthly_price_cents = plan.price_cents if plan.terms.kind in MONTHLY else None
    room_cents = liability_room_cents(terms, monthly_price_cents, 0)
    valuation = value_charge(
        terms, "day", host.prices["day"], value_cents, golden=False, room_cents=room_cents
    )
    return Example(plan, home, host, valuation)
