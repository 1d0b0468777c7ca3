"""Tables of settlement: the transfers of a locked month, and what was paid of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cowopass.database import Base


class Transfer(Base):
    """One payment of a locked month's plan, from debtor to creditor, in cents.

    `kind` is `transfer` (to be paid) or `carried` (too small: counted in the next month). `since`
    is the month in which a carried amount was first owed.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount_cents"),
        Index("ix_transfers_period", "network", "period"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"))
    period: Mapped[str] = mapped_column(String(7))
    kind: Mapped[str] = mapped_column(String(10))
    debtor: Mapped[str] = mapped_column(String(60))
    creditor: Mapped[str] = mapped_column(String(60))
    amount_cents: Mapped[int]
    since: Mapped[str] = mapped_column(String(7))


class Payment(Base):
    """Money seen on a bank statement, or an amount given up, against a transfer.

    `kind` is `payment`, `write_off`, or `bounce`: the payment `reverses_id`, of the same amount,
    came back.
    """

    __tablename__ = "payments"
    __table_args__ = (CheckConstraint("amount_cents > 0", name="amount_cents"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    transfer_id: Mapped[str] = mapped_column(ForeignKey("transfers.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    amount_cents: Mapped[int]
    paid_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text, default="")
    borne_by: Mapped[str | None] = mapped_column(String(10))
    recorded_at: Mapped[datetime]
    reverses_id: Mapped[str | None] = mapped_column(ForeignKey("payments.id"), unique=True)
