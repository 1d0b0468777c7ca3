"""Tables of the ledger. Lines and entries are append-only: the database itself refuses edits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from cowopass.database import Base

Number = BigInteger().with_variant(Integer, "sqlite")
"""A growing row number; SQLite only counts up on INTEGER."""


class Period(Base):
    """A calendar month (YYYY-MM) of one network. What is locked is kept as it was locked.

    `pseudonym_key` makes the pseudonyms of its lines; the purge destroys it. `totals` and `plan`
    are None until the lock; `head` is the signed head (compact JWS).
    """

    __tablename__ = "periods"

    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    pseudonym_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    reviewed_at: Mapped[datetime | None]
    reviewed_lines: Mapped[int | None]
    locked_at: Mapped[datetime | None]
    root: Mapped[str | None] = mapped_column(String(64))
    previous_root: Mapped[str | None] = mapped_column(String(64))
    totals: Mapped[dict[str, Any] | None]
    plan: Mapped[dict[str, Any] | None]
    head: Mapped[str | None] = mapped_column(Text)


class SettlementLine(Base):
    """A row per `clearing.line.Line`, field by field, with its hash. Append-only.

    `number` gives the order of the leaves within a period.
    """

    __tablename__ = "settlement_lines"
    __table_args__ = (
        CheckConstraint("amount_cents >= 0", name="amount_cents"),
        CheckConstraint("levy_cents >= 0 AND levy_cents <= amount_cents", name="levy_cents"),
        Index("ix_settlement_lines_period", "network", "period", "number"),
        Index(
            "uq_settlement_lines_reverses",
            "reverses",
            unique=True,
            sqlite_where=text("kind = 'reversal'"),
            postgresql_where=text("kind = 'reversal'"),
        ),
    )

    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    network: Mapped[str] = mapped_column(String(60))
    period: Mapped[str] = mapped_column(String(7))
    kind: Mapped[str] = mapped_column(String(10))
    debtor: Mapped[str] = mapped_column(String(60))
    creditor: Mapped[str] = mapped_column(String(60))
    amount_cents: Mapped[int]
    levy_cents: Mapped[int]
    home: Mapped[str | None] = mapped_column(String(60))
    host: Mapped[str | None] = mapped_column(String(60))
    on: Mapped[str | None] = mapped_column(String(10))
    unit: Mapped[str | None] = mapped_column(String(10))
    visit: Mapped[str | None] = mapped_column(String(10))
    pseudonym: Mapped[str | None] = mapped_column(String(32))
    host_price_cents: Mapped[int | None]
    pass_value_cents: Mapped[int | None]
    top_up_cents: Mapped[int | None]
    monthly_price_cents: Mapped[int | None]
    agreement: Mapped[str | None] = mapped_column(String(140))
    check_in: Mapped[str | None] = mapped_column(String(36), index=True)
    reverses: Mapped[str | None] = mapped_column(String(32))
    late_from: Mapped[str | None] = mapped_column(String(7))
    since: Mapped[str | None] = mapped_column(String(7))
    notes: Mapped[str] = mapped_column(String(200), default="")
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    written_at: Mapped[datetime]


class LedgerEntry(Base):
    """An amount above zero moved from a debit to a credit account, in a period. Append-only."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount_cents"),
        CheckConstraint("debit <> credit", name="two_accounts"),
        Index("ix_ledger_entries_period", "network", "period"),
    )

    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    network: Mapped[str] = mapped_column(String(60))
    period: Mapped[str] = mapped_column(String(7))
    event: Mapped[str] = mapped_column(String(16))
    debit: Mapped[str] = mapped_column(String(120))
    credit: Mapped[str] = mapped_column(String(120))
    amount_cents: Mapped[int]
    line_id: Mapped[str | None] = mapped_column(String(32))
    transfer_id: Mapped[str | None] = mapped_column(String(32))
    written_at: Mapped[datetime]


class Dispute(Base):
    """A line that a space contests, or says is missing.

    `withheld_line_id` is the line that took the amount out of the positions, when the dispute was
    opened before the lock. `state` is `open`, `upheld` (the line falls) or `refused` (it stands).
    `consents` lists the spaces that agreed to be judged by a treasurer of one of the two.
    `decided_by` is who ended it: the `treasurer`, the side that `accepted`, who opened it
    (`withdrawn`), or the desk that took the visit back (None).
    """

    __tablename__ = "disputes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"), index=True)
    period: Mapped[str] = mapped_column(String(7))
    check_in: Mapped[str | None] = mapped_column(String(36), index=True)
    line_id: Mapped[str | None] = mapped_column(String(32))
    withheld_line_id: Mapped[str | None] = mapped_column(String(32))
    home: Mapped[str | None] = mapped_column(String(60))
    host: Mapped[str] = mapped_column(String(60))
    on: Mapped[date]
    unit: Mapped[str] = mapped_column(String(10))
    opened_by: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    decision: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    consents: Mapped[list[Any]] = mapped_column(default=list)
    decided_by: Mapped[str | None] = mapped_column(String(10))


class DisputeMessage(Base):
    """What somebody says in a dispute.

    `side` is `host`, `home`, `space` (another one, that opened it), `treasurer`, `holder` or
    `operator`; `space` is whose, for the first three. `person` is who wrote it, where she was
    signed in. `id` may be made by the client. The purge and an erasure blank `text`.
    """

    __tablename__ = "dispute_messages"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    dispute: Mapped[str] = mapped_column(ForeignKey("disputes.id"), index=True)
    side: Mapped[str] = mapped_column(String(10))
    space: Mapped[str | None] = mapped_column(String(60))
    person: Mapped[str | None] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
