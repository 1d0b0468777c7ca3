"""The invoice as a file: a page in French as PDF/A-3b, with its data inside as Factur-X.

A draft is the same page marked as one. Its data is attached under another name, so that no software
takes it for an invoice.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from sqlalchemy.orm import Session

from clearing.line import FUND
from clearing.period import first_day
from cowopass.invoicing.bills import Row
from cowopass.invoicing.cii import cii_xml
from cowopass.invoicing.days import day_in_words, days_in_words
from cowopass.invoicing.document import Document, Visit, document_of
from cowopass.invoicing.models import Invoice
from cowopass.invoicing.parties import Party
from cowopass.invoicing.planning import Draft
from cowopass.typesetting import Attachment, Sheet, typeset

TEMPLATE = Path(__file__).parent / "invoice.typ"

DRAFT_NUMBER = "A-NUMEROTER"
"""Stands where the host's own number goes in the data of a draft."""

DRAFT_DATA = "brouillon-cii.xml"

UNITS = {"day": "Journée", "half_day": "Demi-journée", "hour": "Heure"}
TITLES = {"invoice": "Facture", "credit_note": "Avoir"}
NUMBERED, UNNUMBERED = "{title} n° {number}", "{title} : brouillon"


def invoice_pdf(session: Session, invoice: Invoice | Draft) -> bytes:
    """Return an invoice as Factur-X, or a draft as a page with its data attached.

    An invoice read without its text is read whole in the session.
    """
    if isinstance(invoice, Draft):
        return draft_pdf(invoice.document)
    session.refresh(invoice, ["document"])
    return facturx_pdf(document_of(invoice.document))


def facturx_pdf(document: Document) -> bytes:
    """Return a numbered invoice as PDF/A-3b with its CII data inside, profile EN 16931.

    A month has thousands, and factur-x copies a PDF part by part, so it goes without tags: that
    halves the time. Whoever can not read the page has all of it in the data.
    """
    # It brings a reader of PDF along, for which no other command should wait.
    from facturx import generate_from_binary

    if document.number is None:
        raise ValueError("a draft has no number, so it is no Factur-X")
    title = NUMBERED.format(title=TITLES[document.kind], number=document.number)
    pdf = generate_from_binary(
        typeset(_sheet(document, ())._replace(is_tagged=False)),
        cii_xml(document, document.number),
        flavor="factur-x",
        level="en16931",
        check_xsd=False,
        pdf_metadata={
            "author": document.seller.name,
            "keywords": "Factur-X",
            "title": f"{title}, {document.seller.name}",
            "subject": f"{title} du {document.issued_on}, pour {document.buyer.name}",
        },
        lang="fr",
    )
    return bytes(pdf)


def draft_pdf(document: Document) -> bytes:
    """Return a draft, with the data that its issuer's software can take over."""
    data = Attachment(
        DRAFT_DATA,
        "application/xml",
        "data",
        "Données CII du brouillon, à compléter d’un numéro",
        cii_xml(document, DRAFT_NUMBER).decode(),
    )
    return typeset(_sheet(document, (data,)))


def _sheet(document: Document, attachments: tuple[Attachment, ...]) -> Sheet:
    day = datetime.fromisoformat(document.issued_on).date()
    made_at = datetime.combine(day, time(12), UTC)
    return Sheet(TEMPLATE, _texts(document), attachments, made_at)


def _texts(document: Document) -> dict[str, Any]:
    """Return all words of the page, ready to print."""
    form = NUMBERED if document.number else UNNUMBERED
    return {
        "title": form.format(title=TITLES[document.kind], number=document.number),
        "draft": _draft_note(document),
        "facts": _facts(document),
        "seller": _party(document.seller),
        "buyer": _party(document.buyer),
        "subject": _subject(document),
        "columns": ["Prestation", "Quantité", "Prix net", "Montant net"],
        "rows": [_row(row, document) for row in document.rows],
        "sums": _sums(document),
        "due": [
            "Net à payer" if document.kind == "invoice" else "À déduire",
            _money(document.amounts.gross_cents, document),
        ],
        "reason": document.treatment.reason,
        "terms": document.terms,
        "mentions": [mention.text for mention in document.mentions],
        "visits_title": "Détail des passages, prix avec taxes",
        "visits": [_visit(visit, document) for visit in document.visits],
        "proof": f"Empreinte des lignes de {_month(document)} : {document.root}",
    }


def _row(row: Row, document: Document) -> dict[str, Any]:
    price, amount = _price(row.net_price, document), _money(row.net_cents, document)
    days = days_in_words(row.days)
    return {"name": row.name, "days": days, "cells": [str(row.quantity), price, amount]}


def _visit(visit: Visit, document: Document) -> list[str]:
    price = _money(visit.amount_cents, document)
    return [day_in_words(visit.on), UNITS[visit.unit], visit.pseudonym, price]


def _draft_note(document: Document) -> str | None:
    if document.number:
        return None
    return (
        f"Brouillon préparé pour {document.seller.name}, qui n’a pas donné mandat au réseau : à "
        "numéroter et à envoyer par ses soins. Ce document n’est pas une facture."
    )


def _facts(document: Document) -> list[list[str]]:
    facts = [["Date", day_in_words(document.issued_on)]]
    if document.kind == "invoice":
        facts.append(["Échéance", day_in_words(document.due_on)])
    facts.append(["Passages", _span(document)])
    if document.about:
        what = "Facture reprise" if document.kind == "credit_note" else "Remplace la facture"
        when = f" du {day_in_words(document.about_on)}" if document.about_on else ""
        facts.append([what, document.about + when])
    return facts


def _span(document: Document) -> str:
    if document.first_on == document.last_on:
        return day_in_words(document.first_on)
    return f"du {day_in_words(document.first_on)} au {day_in_words(document.last_on)}"


def _subject(document: Document) -> str:
    is_levy = document.seller.slug == FUND
    what = "Cotisation au réseau" if is_levy else "Accueil de vos porteurs de pass"
    return f"{what}, {_month(document)}, réseau {document.network_name}"


def _party(party: Party) -> list[str]:
    """Return a party line by line: the name people know, then what the law asks for."""
    legal = f"{party.name}, {party.form}" if party.form else party.name
    numbers = (("SIRET", party.siret or party.siren), ("TVA", party.vat_number))
    return [
        party.space,
        legal,
        party.street,
        f"{party.postcode} {party.town}",
        *(f"{label} {number}" for label, number in numbers if number),
    ]


def _sums(document: Document) -> list[list[str]]:
    amounts, treatment = document.amounts, document.treatment
    rate = format_decimal(treatment.rate_bps / 100, locale="fr")
    sums = [["Total net", _money(amounts.net_cents, document)]]
    if treatment.category == "S":
        sums.append([f"TVA {rate} %", _money(amounts.vat_cents, document)])
    if amounts.rounding_cents:
        sums.append(["Arrondi", _money(amounts.rounding_cents, document)])
    return sums


def _month(document: Document) -> str:
    return format_date(first_day(document.month), "MMMM y", locale="fr")


def _money(cents: int, document: Document) -> str:
    return format_currency(cents / 100, document.currency, locale="fr")


def _price(euros: str, document: Document) -> str:
    """Return a net price with as many decimals as it has."""
    return format_currency(
        Decimal(euros), document.currency, locale="fr", decimal_quantization=False
    )
