"""Tables of what the banks told: files, their entries, and the payments they were matched to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cowopass.database import Base


class BankFile(Base):
    """A bank statement that was imported, known again by the digest of its bytes."""

    __tablename__ = "bank_files"
    __table_args__ = (UniqueConstraint("network", "digest"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"))
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(4))
    lines: Mapped[int]
    imported_at: Mapped[datetime]


class BankEntry(Base):
    """A movement on the account of a space or the fund that may be of a transfer of the network.

    `amount_cents` above zero came in. `state` is `open` (to look at), `matched`, `ignored`, or
    `twin`: the same payment as `twin_id`, seen from the other side's account, so it counts once.
    `surplus_cents` is what was paid beyond the transfers matched. Texts are blanked once ignored.
    """

    __tablename__ = "bank_entries"
    __table_args__ = (
        CheckConstraint("amount_cents <> 0", name="amount_cents"),
        CheckConstraint("surplus_cents >= 0", name="surplus_cents"),
        UniqueConstraint("network", "fingerprint"),
        Index("ix_bank_entries_state", "network", "state"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"))
    file_id: Mapped[str] = mapped_column(ForeignKey("bank_files.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    account: Mapped[str] = mapped_column(String(34))
    booked_on: Mapped[date]
    amount_cents: Mapped[int]
    texts: Mapped[list[Any]]
    name: Mapped[str] = mapped_column(String(200))
    iban: Mapped[str] = mapped_column(String(34))
    is_return: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8))
    surplus_cents: Mapped[int]
    twin_id: Mapped[str | None] = mapped_column(ForeignKey("bank_entries.id"), unique=True)


class BankMatch(Base):
    """An entry shows a payment, or the bounce of one: the *lettrage*."""

    __tablename__ = "bank_matches"

    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id"), primary_key=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("bank_entries.id"), index=True)


class PaymentReminder(Base):
    """A debtor was asked for a transfer, so many days after the lock, at so many addresses."""

    __tablename__ = "payment_reminders"

    transfer_id: Mapped[str] = mapped_column(ForeignKey("transfers.id"), primary_key=True)
    step_days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recipients: Mapped[int]
    sent_at: Mapped[datetime]
