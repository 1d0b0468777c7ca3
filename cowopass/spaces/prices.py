"""What hosts charge visitors: versions of prices, never overwritten once charged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from itertools import zip_longest
from typing import NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.line import Unit
from clearing.period import month_of
from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.database import Outcome
from cowopass.errors import PeriodLocked, PriceBackDated
from cowopass.spaces.models import Price, Space


class PriceVersion(NamedTuple):
    """What a space charges for a unit from a local day on, in cents with tax."""

    unit: Unit
    amount_cents: int
    effective_from: date


class Charged(NamedTuple):
    """What no price can be changed for any more.

    `locked_until` is the last month that the space's network locked. `last_charged_on` returns the
    last day on which the space charged a visit, None if that was before the day it is given; it is
    only asked when something changes.
    """

    locked_until: str | None
    last_charged_on: Callable[[date], date | None]


def prices_on(session: Session, space: str, day: date) -> dict[Unit, int]:
    """Return what a space charges on a day, in cents by unit, in one statement.

    Units without a price of their own are left out: `clearing.valuation.host_price_cents` knows
    what stands in for them.
    """
    return prices_in_force(session.scalars(select(Price).where(Price.space == space)), day)


def prices_in_force(prices: Iterable[Price], day: date) -> dict[Unit, int]:
    """Return the amounts that hold on a day, out of all versions of a space's prices."""
    begun = sorted(
        (price for price in prices if price.effective_from <= day),
        key=lambda price: price.effective_from,
    )
    return {cast(Unit, price.unit): price.amount_cents for price in begun}


def prices_known(prices: Iterable[Price], day: date) -> list[Price]:
    """Return the versions that hold on a day and those announced, by unit and date."""
    known = sorted(prices, key=lambda price: (price.unit, price.effective_from))
    return [
        price
        for price, following in zip_longest(known, known[1:])
        if following is None or following.unit != price.unit or following.effective_from > day
    ]


def save_price(session: Session, space: Space, version: PriceVersion, charged: Charged) -> Outcome:
    """Write a version of a price, or change one that no visit was charged at yet.

    Raises PriceBackDated when it starts on a day with a charge or before, and PeriodLocked when it
    starts in a locked month in which the space already had prices.
    """
    known = session.scalar(
        select(Price).where(
            Price.space == space.slug,
            Price.unit == version.unit,
            Price.effective_from == version.effective_from,
        )
    )
    if known is not None and known.amount_cents == version.amount_cents:
        return "unchanged"
    _check_charged(space, version.effective_from, charged)
    record_act(
        session,
        "price_saved",
        network=space.network,
        space=space.slug,
        subject=f"{version.unit}@{version.effective_from}",
        amount_cents=version.amount_cents,
    )
    if known is not None:
        known.amount_cents = version.amount_cents
        return "changed"
    session.add(Price(space=space.slug, **version._asdict(), created_at=clock.now()))
    return "added"


def withdraw_price(session: Session, space: Space, price: Price, charged: Charged) -> None:
    """Take a version of a price back that no visit was charged at yet.

    Raises PriceBackDated when the space charged a visit since, and PeriodLocked.
    """
    _check_charged(space, price.effective_from, charged)
    record_act(
        session,
        "price_withdrawn",
        network=space.network,
        space=space.slug,
        subject=f"{price.unit}@{price.effective_from}",
        amount_cents=price.amount_cents,
    )
    session.delete(price)


def _check_charged(space: Space, effective_from: date, charged: Charged) -> None:
    last_charged_on = charged.last_charged_on(effective_from)
    if last_charged_on is not None and effective_from <= last_charged_on:
        raise PriceBackDated(space.slug, effective_from, last_charged_on)
    if charged.locked_until is not None and month_of(effective_from) <= charged.locked_until:
        raise PeriodLocked(
            space.network,
            charged.locked_until,
            f"a price of {space.slug} can not start on {effective_from}. Choose a later day",
        )
