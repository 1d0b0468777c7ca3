"""What issuing a month comes to: which bills are ready, which are drafts, what is missing.

Nothing is written here, so that a page can say it before anybody presses the button.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, cast

from sqlalchemy.orm import Session

from clearing.line import FUND
from clearing.period import first_day
from cowopass import clock
from cowopass.invoicing.bills import Bill, gather
from cowopass.invoicing.document import Document, Mandate, Occasion, make_document
from cowopass.invoicing.entities import Entities
from cowopass.invoicing.models import Invoice
from cowopass.invoicing.parties import (
    Missing,
    Party,
    lacks_of_buyer,
    lacks_of_seller,
    party_of,
)
from cowopass.invoicing.placing import Placing
from cowopass.ledger.models import Period
from cowopass.networks.models import LegalEntity, Network


class Ready(NamedTuple):
    """A bill with the two parties, and the date of the invoice that it is about.

    `mandate` is None for a space that gave none, and for the fund, which issues by itself.
    """

    bill: Bill
    seller: Party
    buyer: Party
    mandate: Mandate | None
    about_on: date | None

    def document(self, occasion: Occasion, number: str | None = None) -> Document:
        """Return it as an invoice with a number, or as a draft."""
        return make_document(
            self.bill, self.seller, self.buyer, occasion, self.mandate, number, self.about_on
        )


class Draft(NamedTuple):
    """An invoice that its issuer has to number and send itself, since it gave no mandate."""

    issuer: str
    recipient: str
    document: Document

    @property
    def name(self) -> str:
        """Return what to call its files, without an ending."""
        return self.document.name


class Plan(NamedTuple):
    """What issuing a month would number, what it leaves to the hosts, what it can not make."""

    occasion: Occasion
    ready: list[Ready]
    drafts: list[Draft]
    missing: list[Missing]


def plan_invoices(session: Session, period: Period) -> Plan:
    """Return what there is to invoice of a locked month, and what earlier invoices got wrong."""
    network = session.get_one(Network, period.network)
    today = clock.today(network.timezone)
    entities = Entities(session, network, today)
    occasion = Occasion(
        network.slug, network.name, network.currency, period.month, period.root or "", today
    )
    placing = Placing(session, network.slug, period.month, entities)
    bills = gather(placing.place())
    lacks = [find_missing(bill, entities) for bill in bills]
    missing = placing.missing.union(*lacks)
    held = _held(bills, lacks)
    ready, drafts = [], []
    for bill, lacking in zip(bills, lacks, strict=True):
        if lacking or bill.about in held or _is_one_company(bill, entities):
            continue
        prepared = _prepare(session, bill, entities, occasion)
        if prepared.mandate or bill.issuer == FUND:
            ready.append(prepared)
        else:
            drafts.append(Draft(bill.issuer, bill.recipient, prepared.document(occasion)))
    return Plan(occasion, ready, drafts, sorted(missing))


def find_missing(bill: Bill, entities: Entities) -> set[Missing]:
    """Return what the two parties of a bill lack to make it out."""
    found: set[Missing] = set()
    for slug in (bill.issuer, bill.recipient):
        entity = entities.find(slug)
        if entity.legal is None:
            found.add(Missing(slug, "legal" if entity.is_here else "not_here"))
            continue
        party = party_of(slug, entity.name, entity.legal)
        is_seller = slug == bill.issuer
        lacks = (
            lacks_of_seller(party, bill.treatment.regime) if is_seller else lacks_of_buyer(party)
        )
        found |= {Missing(slug, lack) for lack in lacks}
    return found


def _held(bills: Sequence[Bill], lacks: Sequence[set[Missing]]) -> set[str]:
    """Return the invoices that nothing is done about yet: something of it can not be made out.

    What is taken back and made out anew goes together: else a visit would be on no invoice, or on
    two.
    """
    lacking = (bill.about for bill, lack in zip(bills, lacks, strict=True) if lack)
    return {about for about in lacking if about is not None}


def _is_one_company(bill: Bill, entities: Entities) -> bool:
    """Return whether both sides are one company, which does not invoice itself."""
    return _legal(entities, bill.issuer).siren == _legal(entities, bill.recipient).siren


def _prepare(session: Session, bill: Bill, entities: Entities, occasion: Occasion) -> Ready:
    seller, buyer = (
        party_of(slug, entities.find(slug).name, _legal(entities, slug))
        for slug in (bill.issuer, bill.recipient)
    )
    # Of visits that came late, what counts is that the mandate is older than the month.
    start = max(bill.days[0], first_day(occasion.month))
    mandate = None if bill.issuer == FUND else entities.mandate(bill.issuer, start)
    about_on = session.get_one(Invoice, bill.about).issued_on if bill.about else None
    return Ready(bill, seller, buyer, mandate, about_on)


def _legal(entities: Entities, slug: str) -> LegalEntity:
    return cast(LegalEntity, entities.find(slug).legal)
