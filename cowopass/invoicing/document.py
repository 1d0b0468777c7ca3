"""An invoice as it is made out, frozen: what its file and its page are drawn from, for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from babel.dates import format_date

from clearing.line import FUND
from clearing.period import first_day
from cowopass.invoicing.amounts import Amounts
from cowopass.invoicing.bills import Bill, BillKind, Row, amounts_of, rows_of
from cowopass.invoicing.days import day_in_words
from cowopass.invoicing.parties import Party
from cowopass.invoicing.wordings import (
    MENTIONS,
    Mention,
    Treatment,
    mention_on,
    payment_days_on,
)

FORMAT = 1
"""Version of the frozen form. A change of fields is a new version: old ones stay readable."""


LONGEST_NAME = 100
"""As long as the name of a draft may be, however long those are that it is between."""


class Mandate(NamedTuple):
    """A host's mandate to the network to make out its invoices, and for how long it may object."""

    signed_on: date
    contest_days: int


class Occasion(NamedTuple):
    """The month that is invoiced, by its network, and the day on which that is done."""

    network: str
    network_name: str
    currency: str
    month: str
    root: str
    issued_on: date


@dataclass(frozen=True)
class Visit:
    """A visit behind an invoice; `amount_cents` includes tax, and names nobody."""

    on: str
    unit: str
    pseudonym: str
    amount_cents: int


@dataclass(frozen=True)
class Document:
    """All that an invoice says. Days are ISO 8601, amounts cents.

    `number` is None for a draft. `about` is the number of the invoice that it takes back or
    replaces, `about_on` the date of that one. `root` is the root of the month's lines.
    """

    number: str | None
    kind: BillKind
    network: str
    network_name: str
    currency: str
    month: str
    root: str
    issued_on: str
    due_on: str
    first_on: str
    last_on: str
    about: str | None
    about_on: str | None
    seller: Party
    buyer: Party
    treatment: Treatment
    amounts: Amounts
    rows: tuple[Row, ...]
    visits: tuple[Visit, ...]
    mentions: tuple[Mention, ...]
    terms: str

    @property
    def name(self) -> str:
        """Return what to call its files: its number, or for a draft whom it is between."""
        if self.number:
            return self.number
        pair = (self.seller.slug, self.buyer.slug)
        name = "-".join(("brouillon", self.month, *pair, *self._draft_of()))
        if len(name) <= LONGEST_NAME:
            return name
        return f"{name[: LONGEST_NAME - 9]}-{sha256(name.encode()).hexdigest()[:8]}"

    def _draft_of(self) -> tuple[str, ...]:
        """Return what tells drafts of one pair and month apart."""
        kind = ("avoir",) if self.kind == "credit_note" else ()
        about = (self.about,) if self.about else ()
        return (*kind, self.treatment.regime.replace("_", "-"), self.first_on, *about)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON that `document_of` reads."""
        return {
            "v": FORMAT,
            **asdict(self),
            "amounts": self.amounts._asdict(),
            "mentions": [mention._asdict() for mention in self.mentions],
        }


def document_of(frozen: Mapping[str, Any]) -> Document:
    """Return what `Document.to_json` froze. Raises ValueError for a form of a later version."""
    if frozen["v"] != FORMAT:
        raise ValueError(f"an invoice of form {frozen['v']} is from a later version")
    fields = {name: value for name, value in frozen.items() if name != "v"}
    rows = (Row(**{**row, "days": tuple(row["days"])}) for row in fields["rows"])
    return Document(
        **{
            **fields,
            "seller": Party(**fields["seller"]),
            "buyer": Party(**fields["buyer"]),
            "treatment": Treatment(**fields["treatment"]),
            "amounts": Amounts(**fields["amounts"]),
            "rows": tuple(rows),
            "visits": tuple(Visit(**visit) for visit in fields["visits"]),
            "mentions": tuple(Mention(**mention) for mention in fields["mentions"]),
        }
    )


def make_document(  # noqa: PLR0913 (who, what, when, and under which mandate)
    bill: Bill,
    seller: Party,
    buyer: Party,
    occasion: Occasion,
    mandate: Mandate | None,
    number: str | None = None,
    about_on: date | None = None,
) -> Document:
    """Return a bill as an invoice with a number, or without one as a draft."""
    day = occasion.issued_on
    due_on = day if bill.kind == "credit_note" else day + timedelta(payment_days_on(day))
    return Document(
        number=number,
        kind=bill.kind,
        network=occasion.network,
        network_name=occasion.network_name,
        currency=occasion.currency,
        month=occasion.month,
        root=occasion.root,
        issued_on=day.isoformat(),
        due_on=due_on.isoformat(),
        first_on=bill.days[0].isoformat(),
        last_on=bill.days[-1].isoformat(),
        about=bill.about,
        about_on=about_on.isoformat() if about_on else None,
        seller=seller,
        buyer=buyer,
        treatment=bill.treatment,
        amounts=amounts_of(bill),
        rows=tuple(rows_of(bill)),
        visits=tuple(_visits(bill)),
        mentions=tuple(_mentions(seller, occasion, mandate)),
        terms=mention_on(
            "set_off",
            day,
            month=format_date(first_day(occasion.month), "MMMM y", locale="fr"),
            network=occasion.network_name,
        ).text,
    )


def _visits(bill: Bill) -> list[Visit]:
    """Return the visits behind a bill, each with the price of the visit, also under a levy."""
    is_levy = bill.issuer == FUND
    return [
        Visit(
            item.on.isoformat(),
            item.unit,
            item.pseudonym,
            item.charge_cents if is_levy else item.amount_cents,
        )
        for item in bill.items
    ]


def _mentions(seller: Party, occasion: Occasion, mandate: Mandate | None) -> list[Mention]:
    mentions = [mention_on(key, occasion.issued_on) for key in MENTIONS]
    if mandate is not None:
        mentions.append(
            mention_on(
                "self_billing",
                occasion.issued_on,
                network=occasion.network_name,
                seller=seller.name,
                mandate_on=day_in_words(mandate.signed_on.isoformat()),
                contest_days=mandate.contest_days,
            )
        )
    return mentions
