"""What a visit now would cost the holder of a pass, at every space at once.

Decided by the very rules of the desk, on the plan's own unit. Whether a space is open or full is
another question: here everybody is let in.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.line import Unit
from clearing.period import first_day, last_day, month_of
from cowopass import clock
from cowopass.desk.decision import Accepted, Refused, decide
from cowopass.desk.facts import AgreementFacts, PastVisit, SpaceFacts, Visit
from cowopass.desk.loading import (
    Shown,
    agreement_facts,
    load_visits_of_pass,
    pass_facts,
    takes_part,
)
from cowopass.networks.models import Agreement, Network
from cowopass.passes.models import Pass
from cowopass.passes.usage import Used, read_used_of
from cowopass.spaces.models import Price, Space
from cowopass.spaces.prices import prices_in_force

Cost = Accepted | Refused
"""The desk's answer: units taken and left, and the top-up in `valuation`; or why not."""


class _Known(NamedTuple):
    """What a pass is weighed with: usage by bucket, visits of the days around, and what is due."""

    shown: Shown
    used: dict[tuple[str, str], Used]
    visits: list[PastVisit]
    agreements: list[Agreement]
    prices: dict[str, list[Price]]


def costs_of(
    session: Session, sold: Pass, spaces: Collection[Space], now: datetime | None = None
) -> dict[str, Cost]:
    """Return what a visit to each of these spaces would come to, by slug, in six statements.

    `now` is the present instant if nothing else is said. Nothing is written, nobody waits.
    """
    now = now or clock.now()
    zones = _timezones(session, {space.network for space in spaces})
    days = {network: clock.local_day(now, zone) for network, zone in zones.items()}
    known = _load(session, sold, spaces, set(days.values()))
    return {space.slug: _cost(known, space, days[space.network], now) for space in spaces}


def _timezones(session: Session, networks: set[str]) -> dict[str, str]:
    rows = session.execute(select(Network.slug, Network.timezone).where(Network.slug.in_(networks)))
    return dict(rows.all())


def _load(session: Session, sold: Pass, spaces: Collection[Space], days: set[date]) -> _Known:
    shown = Shown(sold, sold.plan, "", session.get_one(Space, sold.home))
    prices: dict[str, list[Price]] = {space.slug: [] for space in spaces}
    for price in session.scalars(select(Price).where(Price.space.in_(prices))):
        prices[price.space].append(price)
    agreements = session.scalars(
        select(Agreement)
        .where(Agreement.home == sold.network)
        .order_by(Agreement.effective_from.desc())
    )
    months = sorted(month_of(day) for day in days) or [month_of(sold.starts_on)]
    return _Known(
        shown,
        read_used_of(session, [(sold.id, shown.bucket_on(day)) for day in days]),
        load_visits_of_pass(session, sold.id, first_day(months[0]), last_day(months[-1])),
        list(agreements),
        prices,
    )


def _cost(known: _Known, space: Space, on: date, now: datetime) -> Cost:
    """Decide on a visit to one space on its own local day."""
    if not takes_part(space, on):
        return Refused("space_unknown", {"name": space.slug})
    shown = known.shown
    facts = pass_facts(shown, known.used[shown.sold.id, shown.bucket_on(on)], on, None)
    prices: dict[Unit, int] = prices_in_force(known.prices[space.slug], on)
    month = tuple(past for past in known.visits if month_of(past.on) == month_of(on))
    visit = Visit(now, on, None, golden=False, source="desk", override=True)
    there = SpaceFacts(space.slug, space.network, prices)
    return decide(visit, facts, month, there, _agreement(known.agreements, space.network, on), now)


def _agreement(agreements: list[Agreement], host: str, on: date) -> AgreementFacts | None:
    """Return the version in force with a host's network on a day, out of all, latest first."""
    return agreement_facts(
        next((one for one in agreements if one.host == host and one.effective_from <= on), None)
    )
