"""Issuing a month: giving numbers to what can be invoiced, once, and keeping it as it was said."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer

from clearing.period import parse_month
from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.database import insert_many
from cowopass.errors import InvoiceUnknown, PeriodNotLocked
from cowopass.invoicing.document import Occasion
from cowopass.invoicing.models import Invoice, InvoiceLine
from cowopass.invoicing.numbers import number_of, take_numbers
from cowopass.invoicing.parties import Missing
from cowopass.invoicing.planning import Draft, Plan, Ready, plan_invoices
from cowopass.ledger.models import Period
from cowopass.settlement.lock import hold_network
from cowopass.settlement.service import get_network


class Issued(NamedTuple):
    """The invoices issued with a month, the drafts that hosts send themselves, what is missing.

    `waiting` is how many more invoices issuing would number now; 0 right after it was done.
    """

    invoices: list[Invoice]
    drafts: list[Draft]
    missing: list[Missing]
    waiting: int = 0


def issue_month(session: Session, network: str, month: str) -> Issued:
    """Give numbers to the invoices of a locked month that have none; return all of the month.

    Done again it changes nothing, unless what was missing is there now. Invoices of any month whose
    VAT is wrong by what is known now are taken back and made out anew. Raises NetworkUnknown,
    MonthInvalid and PeriodNotLocked.
    """
    hold_network(session, network)
    plan = plan_invoices(session, _locked_period(session, network, month))
    if plan.ready:
        _save(session, plan)
        record_act(
            session, "period_invoiced", network=network, subject=month, count=len(plan.ready)
        )
    return Issued(list_invoices(session, network, month), plan.drafts, plan.missing)


def show_invoices(session: Session, network: str, month: str) -> Issued:
    """Return what was issued with a locked month, and what issuing would still do.

    Raises as `issue_month` does.
    """
    get_network(session, network)
    plan = plan_invoices(session, _locked_period(session, network, month))
    invoices = list_invoices(session, network, month)
    return Issued(invoices, plan.drafts, plan.missing, waiting=len(plan.ready))


def list_invoices(session: Session, network: str, month: str) -> list[Invoice]:
    """Return the invoices issued with a month, by issuer and number, without their text."""
    return list(
        session.scalars(
            select(Invoice)
            .where(Invoice.network == network, Invoice.period == month)
            .order_by(Invoice.issuer, Invoice.year, Invoice.sequence)
            .options(defer(Invoice.document))
        )
    )


def list_invoices_of(session: Session, space: str) -> list[Invoice]:
    """Return all invoices that a space gave or received, the newest first, without their text."""
    return list(
        session.scalars(
            select(Invoice)
            .where(or_(Invoice.issuer == space, Invoice.recipient == space))
            .order_by(Invoice.issued_on.desc(), Invoice.number)
            .options(defer(Invoice.document))
        )
    )


def find_invoice(session: Session, number: str) -> Invoice:
    """Return an invoice by its number. Raises InvoiceUnknown."""
    invoice = session.get(Invoice, number)
    if invoice is None:
        raise InvoiceUnknown(number)
    return invoice


def _locked_period(session: Session, network: str, month: str) -> Period:
    period = session.get(Period, (network, parse_month(month)))
    if period is None or period.locked_at is None:
        raise PeriodNotLocked(network, month)
    return period


def _save(session: Session, plan: Plan) -> None:
    """Give numbers to what is ready, and store it with the charges that it is about."""
    rows, lines = [], []
    for issuer, group in groupby(plan.ready, key=lambda each: each.bill.issuer):
        ready = list(group)
        year = plan.occasion.issued_on.year
        first = take_numbers(session, plan.occasion.network, issuer, year, len(ready))
        for sequence, each in enumerate(ready, start=first):
            number = number_of(plan.occasion.network, issuer, year, sequence)
            rows.append(_row(each, plan.occasion, number, sequence))
            lines += [{"invoice": number, "charge": item.charge} for item in each.bill.items]
    insert_many(session, Invoice, rows)
    insert_many(session, InvoiceLine, lines)


def _row(ready: Ready, occasion: Occasion, number: str, sequence: int) -> dict[str, object]:
    document, bill = ready.document(occasion, number), ready.bill
    return {
        "number": number,
        "network": occasion.network,
        "period": occasion.month,
        "issuer": bill.issuer,
        "recipient": bill.recipient,
        "year": occasion.issued_on.year,
        "sequence": sequence,
        "kind": bill.kind,
        "about": bill.about,
        "regime": bill.treatment.regime,
        "first_on": bill.days[0],
        "last_on": bill.days[-1],
        "issued_on": occasion.issued_on,
        "due_on": date.fromisoformat(document.due_on),
        **document.amounts._asdict(),
        "document": document.to_json(),
        "created_at": clock.now(),
    }
