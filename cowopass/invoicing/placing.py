"""Into which bill each item goes: what a month brings, takes back, and mends."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from clearing.line import FUND
from clearing.period import first_day
from cowopass.invoicing.bills import BillKind, Gathering
from cowopass.invoicing.document import document_of
from cowopass.invoicing.entities import Entities
from cowopass.invoicing.items import Item, Side, items_of, outcome_of
from cowopass.invoicing.models import Invoice
from cowopass.invoicing.parties import Missing
from cowopass.invoicing.reading import read_changes, read_covered, read_wrong
from cowopass.invoicing.wordings import Treatment, treatment_on

Placed = tuple[Item, Gathering]


class Placing:
    """The items of one month of a network on their way into bills; `missing` grows meanwhile."""

    def __init__(self, session: Session, network: str, month: str, entities: Entities) -> None:
        self.missing: set[Missing] = set()
        self._session, self._network, self._month = session, network, month
        self._entities = entities
        self._treatments: dict[str, Treatment] = {}

    def place(self) -> list[Placed]:
        """Return every item that is to be invoiced or taken back, with its bill."""
        placed = list(self._changes())
        taken = {item.side for item, gathering in placed if gathering.kind == "credit_note"}
        return placed + list(self._corrections(taken))

    def _changes(self) -> Iterator[Placed]:
        """Yield what the month's own lines ask for."""
        changes = read_changes(self._session, self._network, self._month)
        covered = read_covered(self._session, [change.line.id for change in changes])
        for line, sign in changes:
            for item in items_of(line):
                known = covered.get(item.side)
                outcome = outcome_of(sign, known)
                if outcome == "invoice":
                    yield from self._by_regime(item, "invoice")
                elif outcome == "credit_unnumbered":
                    yield from self._unnumbered(item)
                elif outcome == "credit" and known is not None:
                    yield item, self._credit_of(known.number)

    def _corrections(self, taken: set[Side]) -> Iterator[Placed]:
        """Yield what takes back invoices with the wrong VAT, and makes them out anew.

        `taken` are the sides that the month takes back anyway: they are not invoiced anew. Where
        nobody says how an issuer stands to VAT now, its invoice stands until somebody does.
        """
        for number, wrong in read_wrong(self._session, self._network, self._entities):
            items = [item for item in wrong if item.side not in taken]
            anew = [each for item in items for each in self._by_regime(item, "invoice", number)]
            if len(anew) == len(items):
                yield from ((item, self._credit_of(number)) for item in items)
                yield from anew

    def _unnumbered(self, item: Item) -> Iterator[Placed]:
        """Yield what takes back something that has no number from here.

        Its issuer has sent it itself, and sends the credit note too; unless it should have had a
        number and its month was not issued.
        """
        start = max(item.on, first_day(item.since))
        if item.issuer == FUND or self._entities.mandate(item.issuer, start):
            self.missing.add(Missing(item.issuer, "earlier_month"))
        else:
            yield from self._by_regime(item, "credit_note")

    def _by_regime(self, item: Item, kind: BillKind, about: str | None = None) -> Iterator[Placed]:
        """Yield an item with the bill that its issuer's regime on its day asks for."""
        regime = self._entities.regime_on(item.issuer, item.on)
        if regime is None:
            lack = self._entities.find(item.issuer)
            self.missing.add(Missing(item.issuer, "vat_regime" if lack.legal else "legal"))
        else:
            yield item, Gathering(kind, about, treatment_on(regime, item.on))

    def _credit_of(self, number: str) -> Gathering:
        """Return what takes an invoice back, with VAT as it was told there."""
        if number not in self._treatments:
            document = document_of(self._session.get_one(Invoice, number).document)
            self._treatments[number] = document.treatment
        return Gathering("credit_note", number, self._treatments[number])
