"""Which period a line enters, held until the transaction ends so that no lock comes between.

A writer shares the rows of the months it may write in; the lock of a month takes its row alone.
So each line is in exactly one period, and never in one that is being added up.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from clearing.period import lands_in, month_of, next_month
from cowopass import clock
from cowopass.database import insert_or_ignore
from cowopass.errors import NetworkUnknown
from cowopass.ledger.models import Period
from cowopass.networks.models import Network

_LOCKED = aliased(Period)


class Landing(NamedTuple):
    """The period a visit's line enters, the month it is late from, and the period's key."""

    period: str
    late_from: str | None
    pseudonym_key: bytes


@dataclass(slots=True)
class Book:
    """What decides where the lines of one network land.

    `locked_until` is its last locked month: earlier ones count as locked, with lines or without.
    `keys` has the pseudonym key of each month whose row is held.
    """

    open_month: str
    locked_until: str | None = None
    keys: dict[str, bytes | None] = field(default_factory=dict)

    def lands_in(self, month: str) -> tuple[str, str | None]:
        """Return the period for a visit of a month, and the month it is late from, if it is."""
        until = self.locked_until
        locked = until is not None and month <= until
        # A clock set back must not reopen a month: what is open comes after what is locked.
        open_month = max(self.open_month, next_month(until)) if until else self.open_month
        return lands_in(month, locked=locked, open_month=open_month)

    def landing(self, month: str) -> Landing:
        """Return where a visit of a month lands; its period's row is held."""
        period, late_from = self.lands_in(month)
        key = self.keys[period]
        if key is None:
            raise RuntimeError(f"the pseudonym key of {period}, which is not locked, is gone")
        return Landing(period, late_from, key)


def hold_months(session: Session, wanted: Collection[tuple[str, str]]) -> dict[str, Book]:
    """Hold the periods that visits of these (network, month) enter, and return the books.

    One statement when the rows are there; the first line of a month makes its row. Raises
    NetworkUnknown.
    """
    books = _read_books(session, wanted)
    if _missing(books, wanted):
        made = _make_rows(session, wanted)
        books = _read_books(session, {*wanted, *made})
    return books


def ensure_period(session: Session, network: str, month: str) -> Period:
    """Return the row of a network's month, made if there is none yet."""
    insert_or_ignore(session, Period, [_new_row(network, month)])
    return session.get_one(Period, (network, month))


def forgotten_until(session: Session, network: str) -> str | None:
    """Return a network's last month whose pseudonym key the purge has destroyed, None without one.

    Whose a visit of that month or an earlier one was, nobody can tell any more.
    """
    return session.scalar(
        select(func.max(Period.month)).where(
            Period.network == network, Period.pseudonym_key.is_(None)
        )
    )


def open_months(session: Session, network: str, timezone: str) -> None:
    """Make the rows of a network's running and next month, so that its desks find them there."""
    running = open_month(timezone)
    insert_or_ignore(
        session, Period, [_new_row(network, running), _new_row(network, next_month(running))]
    )


def open_month(timezone: str) -> str:
    """Return the calendar month that runs in a network's time zone."""
    return month_of(clock.today(timezone))


def _read_books(session: Session, wanted: Collection[tuple[str, str]]) -> dict[str, Book]:
    """Share the rows of the wanted months, and of the open one, wherever they are there."""
    months = {month for _, month in wanted} | _open_somewhere()
    rows = session.execute(
        select(
            Period.network,
            Period.month,
            Period.pseudonym_key,
            Period.locked_at,
            Network.timezone,
            _locked_until(Period.network),
        )
        .join(Network, Network.slug == Period.network)
        .where(Period.network.in_({network for network, _ in wanted}), Period.month.in_(months))
        .order_by(Period.network, Period.month)
        .with_for_update(read=True, of=Period)
    )
    books: dict[str, Book] = {}
    for network, month, key, locked_at, timezone, until in rows:
        book = books.setdefault(network, Book(open_month(timezone), until))
        book.keys[month] = key
        # Only the row itself is sure to be fresh when a lock was waited for.
        if locked_at is not None:
            book.locked_until = max(month, book.locked_until or month)
    return books


def _make_rows(session: Session, wanted: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """Make the rows that lines will enter, and return their keys.

    Those of the next month are made with them, for its first visit to find. Sharing the network
    first keeps a lock from passing by them.
    """
    slugs = {network for network, _ in wanted}
    session.execute(
        select(Network.slug)
        .where(Network.slug.in_(slugs))
        .order_by(Network.slug)
        .with_for_update(read=True)
    )
    facts = session.execute(
        select(Network.slug, Network.timezone, _locked_until(Network.slug)).where(
            Network.slug.in_(slugs)
        )
    )
    books = {slug: Book(open_month(timezone), until) for slug, timezone, until in facts}
    for unknown in slugs - books.keys():
        raise NetworkUnknown(unknown)
    made = _missing(books, wanted)
    ahead = {(slug, next_month(book.open_month)) for slug, book in books.items()}
    insert_or_ignore(session, Period, [_new_row(*key) for key in sorted(ahead.union(made))])
    return made


def _missing(books: dict[str, Book], wanted: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the (network, period) that lines would enter and whose rows are not held."""
    landed = {
        (network, books[network].lands_in(month)[0] if network in books else month)
        for network, month in wanted
    }
    return sorted(
        (network, period)
        for network, period in landed
        if network not in books or period not in books[network].keys
    )


def _locked_until(network: InstrumentedAttribute[str]) -> ScalarSelect[str | None]:
    return (
        select(func.max(_LOCKED.month))
        .where(_LOCKED.network == network, _LOCKED.locked_at.is_not(None))
        .scalar_subquery()
    )


def _open_somewhere() -> set[str]:
    """Return the months that run somewhere on Earth, before any network's zone is known."""
    now = clock.now()
    return {month_of((now + timedelta(hours=hours)).date()) for hours in (-14, 14)}


def _new_row(network: str, month: str) -> dict[str, object]:
    return {"network": network, "month": month, "pseudonym_key": secrets.token_bytes(32)}
