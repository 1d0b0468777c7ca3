"""The open data: spaces, prices, agreements, and how many people went from one space to another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from cowopass.directory.suppression import hide_small
from cowopass.ledger.models import Period, SettlementLine
from cowopass.networks.agreements import FIELDS, agreement_to_json
from cowopass.networks.models import Agreement, Network
from cowopass.spaces.models import Price, Space
from cowopass.spaces.service import PUBLIC
from cowopass.voting.models import Proposal
from cowopass.voting.showing import proposal_document

LICENCE = {
    "name": "Licence Ouverte 2.0",
    "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
"""Reuse as you like, also for money; say where the data is from, and of which day."""

Row = dict[str, Any]


class Dataset(NamedTuple):
    """A table of the open data: its columns, and how its rows are read."""

    columns: tuple[str, ...]
    rows: Callable[[Session], Iterator[Row]]


def spaces(session: Session) -> Iterator[Row]:
    """Yield the spaces by slug, in their own words. Legal data is not among them."""
    for space in session.scalars(select(Space).order_by(Space.slug)):
        yield {name: getattr(space, name) for name in SPACE_COLUMNS}


def prices(session: Session) -> Iterator[Row]:
    """Yield every version of what spaces charge visitors, past and announced."""
    rows = session.execute(
        select(Price.space, Price.unit, Price.amount_cents, Network.currency, Price.effective_from)
        .join(Space, Space.slug == Price.space)
        .join(Network, Network.slug == Space.network)
        .order_by(Price.space, Price.unit, Price.effective_from)
    )
    for row in rows:
        yield dict(zip(PRICE_COLUMNS, row, strict=True))


def agreements(session: Session) -> Iterator[Row]:
    """Yield every version of what networks voted, past and coming."""
    for one in session.scalars(select(Agreement).order_by(Agreement.id)):
        yield agreement_to_json(one)


def votes(session: Session) -> Iterator[Row]:
    """Yield every counted proposal with its text, its result and every space's vote."""
    counted = select(Proposal).where(Proposal.state.in_(["passed", "failed"]))
    for one in session.scalars(counted.order_by(Proposal.closed_at, Proposal.id)):
        document = proposal_document(one)
        yield {name: document[name] for name in VOTE_COLUMNS}


def flows(session: Session) -> Iterator[Row]:
    """Yield how many visits the locked months have, by month, home and host.

    Only what is locked, since it never changes: two versions of a count could be told apart. A
    count that stays out (`suppression`) is None. A visit taken back within its month is none.
    """
    for month, counts in groupby(_visits(session), key=lambda row: row[0]):
        shown = hide_small({(home, host): number for _, home, host, number in counts})
        for (home, host), visits in shown.items():
            yield {"month": month, "home": home, "host": host, "visits": visits}


def _visits(session: Session) -> Sequence[Any]:
    """Return (month, home, host, number), from the ledger of each host's network."""
    line, reversal = SettlementLine, aliased(SettlementLine)
    is_taken_back = exists().where(
        reversal.kind == "reversal",
        reversal.reverses == line.id,
        reversal.period == line.period,
    )
    return session.execute(
        select(line.period, line.home, line.host, func.count())
        .join(Period, (Period.network == line.network) & (Period.month == line.period))
        .join(Space, (Space.slug == line.host) & (Space.network == line.network))
        .where(Period.locked_at.is_not(None), line.kind == "charge", ~is_taken_back)
        .group_by(line.period, line.home, line.host)
        .order_by(line.period, line.home, line.host)
    ).all()


SPACE_COLUMNS = (*PUBLIC, "capacity_comfortable", "capacity_maximum")
PRICE_COLUMNS = ("space", "unit", "amount_cents", "currency", "effective_from")
AGREEMENT_COLUMNS = ("id", "home", "host", "effective_from", *FIELDS, "proposal", "vote")
VOTE_COLUMNS = (
    "id",
    "network",
    "partner",
    "kind",
    "space",
    "text",
    "details",
    "author_space",
    "opened_at",
    "closed_at",
    "effective_on",
    "state",
    "result",
    "votes",
    "records",
)
FLOW_COLUMNS = ("month", "home", "host", "visits")

DATASETS = {
    "spaces": Dataset(SPACE_COLUMNS, spaces),
    "prices": Dataset(PRICE_COLUMNS, prices),
    "agreements": Dataset(AGREEMENT_COLUMNS, agreements),
    "votes": Dataset(VOTE_COLUMNS, votes),
    "flows": Dataset(FLOW_COLUMNS, flows),
}
