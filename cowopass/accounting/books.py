"""A month in a party's books: every entry, with its number, by the accounts of its chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.line import FUND
from clearing.period import first_day, last_day, parse_month
from cowopass import clock
from cowopass.accounting.chart import Account, Chart, usual_chart
from cowopass.accounting.entries import (
    JOURNALS,
    Entry,
    Moment,
    Posting,
    entry_of_purchase,
    entry_of_sale,
    set_off,
)
from cowopass.accounting.settling import (
    entries_of_payments,
    entries_of_write_offs,
    read_carried_in,
    read_plan,
)
from cowopass.accounting.supplies import read_supplies
from cowopass.errors import PeriodNotLocked, SpaceUnknown
from cowopass.invoicing.entities import Entities
from cowopass.ledger.models import Period
from cowopass.networks.models import LegalEntity, Network
from cowopass.settlement.service import get_network
from cowopass.spaces.models import Space


class Numbered(NamedTuple):
    """An entry with its number: the sequence of its journal has no gap within a year."""

    number: int
    entry: Entry


class Books(NamedTuple):
    """What a party books for a locked month, whose last day is `on`.

    `missing` are the pieces that have no invoice's number yet: whoever issues them gives it.
    """

    network: Network
    month: str
    party: str
    name: str
    legal: LegalEntity | None
    chart: Chart
    names: dict[str, str]
    entries: list[Numbered]
    missing: list[str]

    @property
    def on(self) -> date:
        """The last day of the month."""
        return last_day(self.month)

    def account(self, posting: Posting) -> Account:
        """Return the account of a posting."""
        return self.chart[posting.account]

    def party_name(self, slug: str) -> str:
        """Return what another one is called, its slug when it is of another instance."""
        return self.names.get(slug, slug)

    def journal_name(self, code: str) -> str:
        """Return what a journal is called."""
        month = format_date(first_day(self.month), "MMMM y", locale="fr")
        return JOURNALS[code[:2]].format(month=month)


def read_books(session: Session, network: str, month: str, party: str) -> Books:
    """Return the books of a space for a locked month; of the fund's holder for `fund`.

    Raises NetworkUnknown, MonthInvalid, PeriodNotLocked, and SpaceUnknown for what is no space of
    the network.
    """
    found = get_network(session, network)
    lock_day(session, found, parse_month(month))
    entities = Entities(session, found, clock.today(found.timezone))
    _must_keep_books(session, found, party)
    before: Counter[str] = Counter()
    for earlier in _earlier_months(session, network, month):
        before.update(entry.journal for entry in _read(session, found, earlier, party, entities)[0])
    entries, missing = _read(session, found, month, party, entities)
    entity = entities.find(party)
    return Books(
        found,
        month,
        party,
        entity.name,
        entity.legal,
        usual_chart(),
        names_of(session, found),
        list(number(entries, before)),
        missing,
    )


def number(entries: Iterable[Entry], before: Counter[str]) -> Iterator[Numbered]:
    """Yield entries with their numbers, which go on after so many in each journal."""
    counts = Counter(before)
    for entry in entries:
        counts[entry.journal] += 1
        yield Numbered(counts[entry.journal], entry)


def lock_day(session: Session, network: Network, month: str) -> date:
    """Return the local day on which a month was locked. Raises PeriodNotLocked."""
    period = session.get(Period, (network.slug, month))
    if period is None or period.locked_at is None:
        raise PeriodNotLocked(network.slug, month)
    return clock.local_day(period.locked_at, network.timezone)


def names_of(session: Session, network: Network) -> dict[str, str]:
    """Return what spaces, networks and the fund are called, by slug."""
    spaces = session.execute(select(Space.slug, Space.name))
    networks = session.execute(select(Network.slug, Network.name))
    return {FUND: f"Caisse de {network.name}", **dict(networks.all()), **dict(spaces.all())}


def _must_keep_books(session: Session, network: Network, party: str) -> None:
    if party == FUND and network.fund is not None:
        return
    space = session.get(Space, party)
    if space is None or space.network != network.slug:
        raise SpaceUnknown(party)


def _earlier_months(session: Session, network: str, month: str) -> list[str]:
    """Return the locked months of the same year before a month."""
    return list(
        session.scalars(
            select(Period.month)
            .where(
                Period.network == network,
                Period.month >= f"{month[:4]}-01",
                Period.month < month,
                Period.locked_at.is_not(None),
            )
            .order_by(Period.month)
        )
    )


def _read(
    session: Session, network: Network, month: str, party: str, entities: Entities
) -> tuple[list[Entry], list[str]]:
    """Return a month's entries in the order of their becoming final, and the pieces missing."""
    slug = network.slug
    moment = Moment(last_day(month), lock_day(session, network, month), f"C{month[2:4]}{month[5:]}")
    words = format_date(first_day(month), "MMMM y", locale="fr")
    supplies = read_supplies(session, slug, month, party, entities)
    entries = []
    for supply in supplies:
        what = "Cotisation à la caisse" if supply.issuer == FUND else "Accueil"
        if supply.issuer == party:
            entries.append(entry_of_sale(supply, f"{what}, {words}", moment))
        else:
            deducts = entities.regime_on(party, moment.on) == "standard"
            entries.append(entry_of_purchase(supply, f"{what}, {words}", moment, deducts=deducts))
    entries += entries_of_write_offs(session, slug, month, party, moment)
    claims = [
        posting
        for entry in entries
        for posting in entry.postings
        if posting.account in {"customer", "supplier"}
    ]
    settled = set_off(
        [*claims, *read_carried_in(session, slug, month, party)],
        read_plan(session, slug, month, party),
        f"COMP-{slug}-{month}",
        f"Compensation, {words}",
        moment,
    )
    entries += [settled] if settled else []
    entries += entries_of_payments(session, slug, month, party, network.timezone)
    return entries, [each.piece for each in supplies if not each.is_numbered]
