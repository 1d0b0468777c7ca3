"""What a VAT regime that is told late does to months that are past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.period import month_of
from cowopass import clock
from cowopass.invoicing.entities import Entities
from cowopass.invoicing.models import Invoice
from cowopass.invoicing.reading import read_wrong
from cowopass.ledger.models import Period
from cowopass.networks.legal import regime_on
from cowopass.networks.models import LegalEntity, Network
from cowopass.spaces.models import Space


class Touched(NamedTuple):
    """A month with days under the new regime.

    `numbers` are the invoices that are taken back by credit notes and made out anew when the
    treasurer issues next; without any, the month takes the regime when it is invoiced.
    """

    month: str
    numbers: list[str]


def late_since(
    side: LegalEntity | None, vat: Iterable[Mapping[str, Any]], today: date
) -> date | None:
    """Return the first day that is past and comes under another regime than is known, if any.

    `vat` are versions of a regime as a network file says them, before they are written.
    """
    late = [
        version["effective_from"]
        for version in vat
        if side is not None
        and version["effective_from"] < today
        and regime_on(side, version["effective_from"]) not in {None, version["regime"]}
    ]
    return min(late, default=None)


def months_touched(session: Session, space: Space, since: date) -> list[Touched]:
    """Return the months from `since` on that a space's regimes, as they are now, change.

    To be asked once a change is written, in its transaction: until the day of the next change.
    """
    network = session.get_one(Network, space.network)
    today = clock.today(network.timezone)
    later = (row.effective_from for row in (space.legal.vat if space.legal else ()))
    end = min((day - timedelta(1) for day in later if day > since), default=today)
    wrong = read_wrong(session, network.slug, Entities(session, network, today))
    invoiced = _invoices_of(session, space.slug)
    anew = {number for number, _ in wrong}
    months = session.scalars(
        select(Period.month).where(
            Period.network == network.slug,
            Period.month.between(month_of(since), month_of(min(end, today))),
        )
    )
    touched = {month: list[str]() for month in months if month not in invoiced}
    for month, numbers in invoiced.items():
        if found := [number for number in numbers if number in anew]:
            touched[month] = found
    return [Touched(month, numbers) for month, numbers in sorted(touched.items())]


def _invoices_of(session: Session, space: str) -> dict[str, list[str]]:
    """Return the numbers of the invoices that a space gave, by the month they came with."""
    rows = session.execute(
        select(Invoice.period, Invoice.number)
        .where(Invoice.issuer == space, Invoice.kind == "invoice")
        .order_by(Invoice.year, Invoice.sequence)
    )
    found: dict[str, list[str]] = {}
    for month, number in rows:
        found.setdefault(month, []).append(number)
    return found
