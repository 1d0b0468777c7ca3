"""Tables of invoices, kept as they were made out: a credit note answers a mistake."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cowopass.database import Base


class Invoice(Base):
    """An invoice or a credit note (`kind`), issued with a month of a network.

    `issuer` and `recipient` are spaces; `issuer` is `fund` for the levy. `sequence` counts an
    issuer's invoices of a `year` without a gap. `about` is the invoice that a credit note takes
    back, or that an invoice replaces. `document` is all that it says, frozen.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("network", "issuer", "year", "sequence"),
        CheckConstraint("gross_cents > 0", name="gross_cents"),
        Index("ix_invoices_period", "network", "period"),
        Index("ix_invoices_recipient", "recipient"),
    )

    number: Mapped[str] = mapped_column(String(35), primary_key=True)
    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"))
    period: Mapped[str] = mapped_column(String(7))
    issuer: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    sequence: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    about: Mapped[str | None] = mapped_column(ForeignKey("invoices.number"))
    regime: Mapped[str] = mapped_column(String(16))
    first_on: Mapped[date]
    last_on: Mapped[date]
    issued_on: Mapped[date]
    due_on: Mapped[date]
    net_cents: Mapped[int]
    vat_cents: Mapped[int]
    rounding_cents: Mapped[int]
    gross_cents: Mapped[int]
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class InvoiceLine(Base):
    """A charge (its settlement line's id) that an invoice is about."""

    __tablename__ = "invoice_lines"
    __table_args__ = (Index("ix_invoice_lines_charge", "charge"),)

    invoice: Mapped[str] = mapped_column(ForeignKey("invoices.number"), primary_key=True)
    charge: Mapped[str] = mapped_column(String(32), primary_key=True)


class InvoiceCounter(Base):
    """How many invoices an issuer has made out in a year; its row is held until they are stored."""

    __tablename__ = "invoice_counters"

    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"), primary_key=True)
    issuer: Mapped[str] = mapped_column(String(60), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
