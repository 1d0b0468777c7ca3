"""What a month would come to for a space that guesses its visits, before it joins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from clearing.line import Unit
from clearing.valuation import Terms, Valuation, value_charge


class Visits(NamedTuple):
    """So many visits of a month in one unit, at one host price, of passes that bring in one value.

    Prices and values are of the unit, in cents.
    """

    unit: Unit
    number: int
    host_price_cents: int
    pass_value_cents: int


class Step(NamedTuple):
    """Visits, what one of them is charged, and what all of them come to."""

    visits: Visits
    each: Valuation
    charge_cents: int
    levy_cents: int


class Estimate(NamedTuple):
    """A month of a space, in cents: `position_cents` is what it would be owed (+) or owe (-)."""

    received: list[Step]
    sent: list[Step]
    received_cents: int
    levy_cents: int
    sent_cents: int
    position_cents: int


def estimate(terms: Terms, received: Iterable[Visits], sent: Iterable[Visits]) -> Estimate:
    """Return what visits received, and those of its own passes elsewhere, come to for a space.

    The liability cap is left out, since it is about single passes; so are golden tickets.

    >>> from clearing.valuation import Rule
    >>> midpoint = Terms(Rule("difference_share", share_bps=5000), False, 0, 500, None, None)
    >>> month = estimate(midpoint, [Visits("day", 4, 1500, 1000)], [Visits("day", 2, 1300, 1364)])
    >>> month.received_cents, month.levy_cents, month.sent_cents, month.position_cents
    (5000, 252, 2664, 2084)
    """
    steps = [_step(terms, visits) for visits in received]
    others = [_step(terms, visits) for visits in sent]
    received_cents = sum(step.charge_cents for step in steps)
    levy_cents = sum(step.levy_cents for step in steps)
    sent_cents = sum(step.charge_cents for step in others)
    return Estimate(
        steps,
        others,
        received_cents,
        levy_cents,
        sent_cents,
        received_cents - levy_cents - sent_cents,
    )


def _step(terms: Terms, visits: Visits) -> Step:
    each = value_charge(
        terms,
        visits.unit,
        visits.host_price_cents,
        visits.pass_value_cents,
        golden=False,
        room_cents=None,
    )
    return Step(visits, each, visits.number * each.charge_cents, visits.number * each.levy_cents)
