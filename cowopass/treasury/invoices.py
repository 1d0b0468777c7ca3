"""The invoices of a month as its treasurer sees them: done, waiting, and who must give what."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import NamedTuple

from sqlalchemy.orm import Session

from cowopass.errors import PeriodNotLocked
from cowopass.invoicing.models import Invoice
from cowopass.invoicing.parties import Missing
from cowopass.invoicing.planning import Draft
from cowopass.invoicing.service import show_invoices
from cowopass.invoicing.words import lack_words
from cowopass.treasury.frame import Treasury
from cowopass.treasury.participants import Participant


class Given(NamedTuple):
    """What one issuer has issued with a month; credit notes count below zero."""

    issuer: Participant
    invoices: list[Invoice]
    gross_cents: int


class Lacking(NamedTuple):
    """A party and what it has to give, in words."""

    who: Participant
    what: list[str]


class MonthInvoices(NamedTuple):
    """What the page of a month's invoices shows; `waiting` is how many a click would number."""

    given: list[Given]
    issued: int
    drafts: list[Draft]
    lacking: list[Lacking]
    waiting: int


def view_invoices(session: Session, treasury: Treasury, month: str) -> MonthInvoices | None:
    """Return the invoices of a month, None before it is locked. Raises MonthInvalid."""
    try:
        issued = show_invoices(session, treasury.network.slug, month)
    except PeriodNotLocked:
        return None
    given = []
    for issuer, group in groupby(issued.invoices, key=lambda one: one.issuer):
        invoices = list(group)
        gross_cents = sum(signed_cents(one) for one in invoices)
        given.append(Given(treasury.participants[issuer], invoices, gross_cents))
    return MonthInvoices(
        given,
        len(issued.invoices),
        issued.drafts,
        _lacking(issued.missing, treasury.participants),
        issued.waiting,
    )


def signed_cents(invoice: Invoice) -> int:
    """Return what an invoice asks for, and what a credit note takes off."""
    return invoice.gross_cents if invoice.kind == "invoice" else -invoice.gross_cents


def _lacking(missing: list[Missing], participants: Mapping[str, Participant]) -> list[Lacking]:
    words = lack_words()
    return [
        Lacking(
            participants.get(who, Participant(who, who, who)), [words[each.what] for each in group]
        )
        for who, group in groupby(missing, key=lambda each: each.who)
    ]
