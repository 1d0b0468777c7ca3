"""What the ledger says can not be changed any more, by a file, on a page or by a vote."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from clearing.period import first_day, month_of
from cowopass.ledger.models import Period, SettlementLine
from cowopass.networks.agreements import Version


def locked_until(session: Session) -> dict[str, str]:
    """Return the last locked month of each network that has one."""
    rows = session.execute(
        select(Period.network, func.max(Period.month).label("month"))
        .where(Period.locked_at.is_not(None))
        .group_by(Period.network)
    )
    return {row.network: row.month for row in rows}


def has_charges(session: Session, network: str) -> bool:
    """Return whether there is a line in a network's ledger."""
    found = select(SettlementLine.number).where(SettlementLine.network == network).limit(1)
    return session.scalar(found) is not None


def last_charged_on(session: Session, network: str, space: str, since: date) -> date | None:
    """Return the last local day on which a space charged a visit, None if before `since`.

    A charge that was taken back counts: it was made at a price of its day. Lines of a day are in
    its month or, when they came late, in one after: the months before are not looked at.
    """
    last = select(func.max(SettlementLine.on)).where(
        *_charged(network, since), SettlementLine.host == space
    )
    found = session.scalar(last)
    return date.fromisoformat(found) if found else None


def charged_months(session: Session, version: Version) -> Collection[str]:
    """Return the months, from a version's first on, with charges between its networks."""
    pair = f"{version.home}>{version.host}@"
    months = select(func.substr(SettlementLine.on, 1, 7)).where(
        *_charged(version.host, first_day(version.month)),
        SettlementLine.agreement.startswith(pair, autoescape=True),
    )
    return set(session.scalars(months.distinct()))


def _charged(network: str, since: date) -> tuple[ColumnElement[bool], ...]:
    """Return what finds the charges of visits from a day on in a host network's ledger."""
    return (
        SettlementLine.network == network,
        SettlementLine.period >= month_of(since),
        SettlementLine.kind == "charge",
        SettlementLine.on >= since.isoformat(),
    )
