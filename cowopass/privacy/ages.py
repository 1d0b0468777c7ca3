"""When names have been kept for long enough: three months after the lock of a month."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.period import last_day
from cowopass import clock
from cowopass.ledger.models import Period
from cowopass.networks.models import Network
from cowopass.passes.tickets import day_starts_at
from wallet.plan import add_months

KEPT_MONTHS = 3
"""So long after a month's lock its visits say whose they were: spaces may look into them."""


class Due(NamedTuple):
    """What of a network is to be forgotten: all until the end of `month` (YYYY-MM).

    `ended_at` is that end in UTC. Words that somebody wrote are kept for three months from then
    on, too: those written before `words_before` are due.
    """

    network: str
    month: str
    ended_at: datetime
    words_before: datetime

    @property
    def last_on(self) -> date:
        """The last local day that is due."""
        return last_day(self.month)


def due_of(session: Session, network: Network) -> Due | None:
    """Return what of a network is due, None while no month was locked for three months.

    A month without a lock of its own, from before the network's first charge, is due with the one
    after it: months are locked in order.
    """
    locked = session.execute(
        select(Period.month, Period.locked_at).where(
            Period.network == network.slug, Period.locked_at.is_not(None)
        )
    )
    today, zone = clock.today(network.timezone), network.timezone
    due = [month for month, at in locked if add_months(_day(at, zone), KEPT_MONTHS) <= today]
    if not due:
        return None
    ended_at = day_starts_at(last_day(max(due)) + timedelta(days=1), zone)
    return Due(network.slug, max(due), ended_at, months_ago(KEPT_MONTHS))


def months_ago(months: int) -> datetime:
    """Return the instant so many months ago, at this hour."""
    now = clock.now()
    return datetime.combine(add_months(now.date(), -months), now.timetz())


def _day(locked_at: datetime | None, timezone: str) -> date:
    return clock.local_day(locked_at or clock.now(), timezone)
