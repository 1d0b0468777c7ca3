"""A worked example of an agreement, in the network's own prices, by the rules that are charged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from clearing.valuation import Valuation, liability_room_cents, value_charge
from cowopass.networks.agreements import terms_of
from cowopass.networks.models import Agreement
from cowopass.passes.models import Plan
from cowopass.spaces.models import Space
from cowopass.spaces.prices import prices_in_force
from wallet.plan import MONTHLY, units_needed
from wallet.units import unit_value_cents

KINDS = ("book", "quota", "unlimited", "single")
"""The plan that explains most comes first: each of a book's days has a price of its own."""


class Example(NamedTuple):
    """The first visit of a pass of `plan`, sold by `home`, for a day at `host`."""

    plan: Plan
    home: Space
    host: Space
    valuation: Valuation


def example_of(
    agreement: Agreement,
    homes: Sequence[Space],
    hosts: Sequence[Space],
    plans: Iterable[Plan],
    on: date,
) -> Example | None:
    """Return an example at the prices of a day; None when no space sells, or none has a day price.

    `homes` are spaces of the agreement's home network and `hosts` of its host network; `plans` are
    on sale. The same spaces give the same example.
    """
    by_slug = {space.slug: space for space in homes}
    day_cents = {
        space.slug: prices["day"]
        for space in (*homes, *hosts)
        if "day" in (prices := prices_in_force(space.prices, on))
    }
    suitable = [
        plan
        for plan in plans
        if plan.home in by_slug and plan.roaming and units_needed(plan.terms.unit, "day") == 1
    ]
    for plan in sorted(suitable, key=lambda plan: (KINDS.index(plan.kind), plan.home, plan.code)):
        host = _host(plan.home, hosts, day_cents)
        if host is not None:
            valuation = _value(agreement, plan, day_cents[host.slug])
            return Example(plan, by_slug[plan.home], host, valuation)
    return None


def _host(home: str, hosts: Iterable[Space], day_cents: Mapping[str, int]) -> Space | None:
    """Return another space with a day price, one whose price is not the home's if there is."""
    others = [space for space in hosts if space.slug != home and space.slug in day_cents]
    others.sort(key=lambda space: (day_cents[space.slug] == day_cents.get(home), space.slug))
    return others[0] if others else None


def _value(agreement: Agreement, plan: Plan, host_price_cents: int) -> Valuation:
    terms = terms_of(agreement)
    value_cents = unit_value_cents(
        plan.terms, plan.price_cents, "day", used=0, need=1, given_cents=0
    )
    monthly_price_cents = plan.price_cents if plan.terms.kind in MONTHLY else None
    room_cents = liability_room_cents(terms, monthly_price_cents, 0)
    return value_charge(
        terms, "day", host_price_cents, value_cents, golden=False, room_cents=room_cents
    )
