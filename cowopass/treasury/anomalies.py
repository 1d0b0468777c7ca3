"""What a treasurer might look at twice in a month. Nothing here is an accusation, nor gates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from clearing.period import add_months, first_day, last_day
from cowopass.desk.models import CheckIn
from cowopass.desk.occupancy import PRESENCE_COLUMNS, leaves_at, place_at, presence_of
from cowopass.ledger.models import SettlementLine
from cowopass.networks.models import Network
from cowopass.spaces.models import Space

USUAL_MONTHS = 3
"""The usual month of a space is the mean of so many before."""

FAR_ABOVE = 2
"""So many times the usual is far above it."""

FEWEST_VISITS = 10
"""Below so many visits a month, twice as many mean nothing."""

MOST_SHOWN = 20


class TwoPlaces(NamedTuple):
    """Two visits of one pass, the second begun before the first was over."""

    spaces: tuple[str, str]
    at: datetime
    visits: tuple[str, str]


class Surge(NamedTuple):
    """A space that received far more visits than usual; `usual` is the mean of months before."""

    space: str
    visits: int
    usual: int


def find_two_places(session: Session, network: Network, month: str) -> list[TwoPlaces]:
    """Return the visits of a month by which one pass was at two spaces at once, oldest first."""
    spaces = {
        space.slug: space
        for space in session.scalars(select(Space).where(Space.network == network.slug))
    }
    in_month = _in_month(spaces, month)
    wandering = (
        select(CheckIn.pass_id)
        .where(*in_month)
        .group_by(CheckIn.pass_id, CheckIn.on)
        .having(func.count(CheckIn.space.distinct()) > 1)
    )
    visits = session.execute(
        select(*PRESENCE_COLUMNS)
        .where(*in_month, CheckIn.pass_id.in_(wandering))
        .order_by(CheckIn.pass_id, CheckIn.at, CheckIn.id)
    ).all()
    found = []
    for first, second in pairwise(visits):
        if first.pass_id != second.pass_id or first.space == second.space:
            continue
        place = place_at(spaces[first.space], network, first.at)
        if second.at < leaves_at(presence_of(first), place):
            both = (first.space, second.space)
            found.append(TwoPlaces(both, second.at, (first.id, second.id)))
    return sorted(found, key=lambda one: one.at)[:MOST_SHOWN]


def find_surges(session: Session, network: str, month: str) -> list[Surge]:
    """Return the spaces that were visited far more than in their usual month.

    A visit that was taken back is none, and one that was counted anew is one.
    """
    earlier = [add_months(month, -back) for back in range(1, USUAL_MONTHS + 1)]
    rows = session.execute(
        select(
            SettlementLine.creditor,
            SettlementLine.period,
            func.sum(case((SettlementLine.kind == "charge", 1), else_=-1)),
        )
        .where(
            SettlementLine.network == network,
            SettlementLine.period.in_([month, *earlier]),
            SettlementLine.kind.in_(["charge", "reversal"]),
        )
        .group_by(SettlementLine.creditor, SettlementLine.period)
        .order_by(SettlementLine.creditor)
    )
    visits: dict[str, dict[str, int]] = {}
    for space, period, count in rows:
        visits.setdefault(space, {})[period] = count
    return [
        Surge(space, counts[month], usual)
        for space, counts in visits.items()
        if (usual := _usual(counts, earlier)) and _is_far_above(counts.get(month, 0), usual)
    ]


def _usual(counts: dict[str, int], earlier: list[str]) -> int:
    """Return the mean of the months before that had visits, 0 for a space that had none."""
    known = [counts[month] for month in earlier if month in counts]
    return round(sum(known) / len(known)) if known else 0


def _is_far_above(visits: int, usual: int) -> bool:
    return visits >= max(FEWEST_VISITS, FAR_ABOVE * usual)


def _in_month(spaces: Iterable[str], month: str) -> list[ColumnElement[bool]]:
    """Return the conditions of the visits that pass holders themselves made in a month."""
    return [
        CheckIn.space.in_(list(spaces)),
        CheckIn.on.between(first_day(month), last_day(month)),
        CheckIn.state == "accepted",
        CheckIn.kind == "normal",
        CheckIn.pass_id.is_not(None),
    ]
