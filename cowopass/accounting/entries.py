"""Entries of double-entry bookkeeping, and what a month's events write. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from clearing.line import FUND
from cowopass.invoicing.amounts import Amounts

SALES, PURCHASES, OTHER = "VE", "AC", "OD"

JOURNALS = {
    SALES: "Ventes, accueil de nomades",
    PURCHASES: "Achats, accueil par d’autres lieux",
    OTHER: "Opérations diverses, compensation",
    "BQ": "Banque, virements de {month}",
    "AB": "Abandons de créances de {month}",
    "CP": "Compensation du réseau",
}
"""Names of the journals. What happens after a month's lock is in journals of that month alone,
`BQ11` and `AB11`: so a payment that comes late shifts no number of another month."""


class Posting(NamedTuple):
    """One line of an entry: an amount in cents, above zero on the debit or below on the credit.

    `account` is what it is for in the chart, `party` the other one's slug. What is settled bears a
    `letter`, since `lettered_on`.
    """

    account: str
    cents: int
    party: str | None = None
    letter: str = ""
    lettered_on: date | None = None


class Entry(NamedTuple):
    """An entry of a journal, whose postings add up to zero, because of a `piece` of a day.

    `valid_on` is when it became final: the day of the lock, or when a payment was recorded.
    """

    journal: str
    on: date
    piece: str
    piece_on: date
    label: str
    valid_on: date
    postings: tuple[Posting, ...]


class Supply(NamedTuple):
    """What `issuer` invoices `recipient`, or takes back (`sign` −1), with its amounts.

    `piece` is the invoice's number; without one `is_numbered` is false, and it is a name of ours.
    """

    issuer: str
    recipient: str
    sign: int
    amounts: Amounts
    piece: str
    piece_on: date
    is_numbered: bool


class Moment(NamedTuple):
    """When a month's entries are dated, and when they became final; `letter` marks its set-off."""

    on: date
    valid_on: date
    letter: str


def entry_of_sale(supply: Supply, label: str, moment: Moment) -> Entry:
    """Return what a supply writes at who invoices it."""
    net, vat, rounding, gross = (supply.sign * cents for cents in supply.amounts)
    income = "levy_received" if supply.issuer == FUND else "services"
    postings = (
        _settled("customer", gross, supply.recipient, moment),
        Posting(income, -net),
        Posting("vat_collected", -vat),
        _rounding(-rounding),
    )
    return _entry(SALES, supply, label, moment, postings)


def entry_of_purchase(supply: Supply, label: str, moment: Moment, *, deducts: bool) -> Entry:
    """Return what a supply writes at who is invoiced; `deducts`: it takes the VAT back."""
    net, vat, rounding, gross = (supply.sign * cents for cents in supply.amounts)
    if not deducts:
        net, vat, rounding = gross, 0, 0
    postings = (
        Posting("levy_paid" if supply.issuer == FUND else "purchases", net),
        Posting("vat_deductible", vat),
        _rounding(rounding),
        _settled("supplier", -gross, supply.issuer, moment),
    )
    return _entry(PURCHASES, supply, label, moment, postings)


def set_off(
    postings: Iterable[Posting], rest: Sequence[Posting], piece: str, label: str, moment: Moment
) -> Entry | None:
    """Return the entry by which a month's claims and debts end against each other.

    `postings` are those that made them; `rest` is what the plan leaves to pay, to receive and to
    carry. None when there is nothing. Raises ValueError when they differ: the books are wrong.
    """
    open_cents: dict[tuple[str, str | None], int] = {}
    for posting in postings:
        key = posting.account, posting.party
        open_cents[key] = open_cents.get(key, 0) + posting.cents
    closing = [
        _settled(account, -cents, party, moment)
        if account != "set_off"
        else Posting(account, -cents, party)
        for (account, party), cents in sorted(open_cents.items())
    ]
    every = tuple(posting for posting in (*closing, *rest) if posting.cents)
    if sum(posting.cents for posting in every):
        raise ValueError(f"{piece}: what a month's entries leave open is not what its plan settles")
    if not every:
        return None
    return Entry(OTHER, moment.on, piece, moment.on, label, moment.valid_on, every)


def _settled(account: str, cents: int, party: str | None, moment: Moment) -> Posting:
    """Return a posting that the month's set-off settles."""
    return Posting(account, cents, party, moment.letter, moment.on)


def _rounding(cents: int) -> Posting:
    """Return where a cent goes by which net and VAT together miss the gross."""
    return Posting("other_expense" if cents > 0 else "other_income", cents)


def _entry(
    journal: str, supply: Supply, label: str, moment: Moment, postings: tuple[Posting, ...]
) -> Entry:
    told = tuple(posting for posting in postings if posting.cents)
    return Entry(journal, moment.on, supply.piece, supply.piece_on, label, moment.valid_on, told)
