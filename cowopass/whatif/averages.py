"""What a visit costs and brings in on average in a network: what a newcomer can count on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clearing.line import Unit
from clearing.money import divide_half_up
from clearing.period import add_months, month_of
from clearing.valuation import UNITS, host_price_cents
from cowopass.ledger.models import Period, SettlementLine
from cowopass.spaces.models import Space
from cowopass.spaces.prices import prices_in_force

MONTHS = 12
"""The months before a day whose visits count."""

FEWEST = 5
"""So many visits an average takes: of fewer, it would tell what somebody's pass brings in."""


class Averages(NamedTuple):
    """Host price and value of a pass by unit, in cents, and on how many visits they rest.

    With few visits in a unit, both are the mean of the prices that the spaces ask.
    """

    host_price: Mapping[Unit, int]
    value: Mapping[Unit, int]
    visits: int


def averages_of(session: Session, network: str, on: date) -> Averages:
    """Return the averages of a network over the year before a day, each visit counting once.

    Anyone may ask, so only locked months count: they never change, and nobody learns what a visit
    is worth from an average before and after it.
    """
    rows = session.execute(
        select(
            SettlementLine.unit,
            func.count(),
            func.sum(SettlementLine.host_price_cents),
            func.sum(SettlementLine.pass_value_cents),
        )
        .join(
            Period,
            (Period.network == SettlementLine.network) & (Period.month == SettlementLine.period),
        )
        .where(
            SettlementLine.network == network,
            Period.locked_at.is_not(None),
            SettlementLine.period >= add_months(month_of(on), -MONTHS),
            SettlementLine.kind == "charge",
            SettlementLine.visit == "normal",
            SettlementLine.host_price_cents.is_not(None),
        )
        .group_by(SettlementLine.unit)
        .having(func.count() >= FEWEST)
    )
    sums = {
        unit: (number, int(price_cents or 0), int(value_cents or 0))
        for unit, number, price_cents, value_cents in rows
    }
    asked = _asked(session.scalars(select(Space).where(Space.network == network)), on)
    prices, values = dict(asked), dict(asked)
    for unit in UNITS:
        if unit in sums:
            number, price_cents, value_cents = sums[unit]
            prices[unit] = divide_half_up(price_cents, number)
            values[unit] = divide_half_up(value_cents, number)
    return Averages(prices, values, sum(number for number, *_ in sums.values()))


def _asked(spaces: Iterable[Space], on: date) -> dict[Unit, int]:
    """Return the mean of the prices that spaces ask on a day, by unit; 0 where nobody has one."""
    in_force = [prices_in_force(space.prices, on) for space in spaces]
    means: dict[Unit, int] = {}
    for unit in UNITS:
        found = [
            cents for prices in in_force if (cents := host_price_cents(prices, unit)) is not None
        ]
        means[unit] = divide_half_up(sum(found), len(found)) if found else 0
    return means
