"""Tables of the desk: every ticket shown, under the client's own id, and what it works by."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cowopass.database import Base


class CheckIn(Base):
    """A ticket redeemed, or refused, at a space.

    `id` is made by the client; `body_hash` says whether the same id came with the same body.
    `state` is `claimed` (only inside its own transaction), `accepted`, `refused` or `voided`;
    `code` is the refusal's. `on` is the local day in the host network's zone. `units` were taken
    from `bucket` and were worth `pass_value_cents`. The amounts are those of the charge, None when
    there is none (at home, re-entry, refused). `proof_hash` is of the phone's proof, which lets
    somebody in once. The purge blanks `pass_id`, `jti`, `proof_hash` and `token_id`.
    """

    __tablename__ = "check_ins"
    __table_args__ = (
        Index("ix_check_ins_pass_day", "pass_id", "on"),
        Index("ix_check_ins_space_day", "space", "on"),
        Index(
            "uq_check_ins_proof_hash",
            "proof_hash",
            unique=True,
            postgresql_where=text("state = 'accepted'"),
            sqlite_where=text("state = 'accepted'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    code: Mapped[str | None] = mapped_column(String(40))
    space: Mapped[str | None] = mapped_column(ForeignKey("spaces.slug"))
    home: Mapped[str | None] = mapped_column(ForeignKey("spaces.slug"))
    pass_id: Mapped[str | None] = mapped_column(ForeignKey("passes.id"))
    jti: Mapped[str | None] = mapped_column(String(32))
    proof_hash: Mapped[str | None] = mapped_column(String(43))
    token_id: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(10), default="normal")
    source: Mapped[str] = mapped_column(String(10), default="desk")
    at: Mapped[datetime]
    on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    unit: Mapped[str | None] = mapped_column(String(10))
    reentry: Mapped[bool] = mapped_column(default=False)
    overused: Mapped[bool] = mapped_column(default=False)
    bucket: Mapped[str | None] = mapped_column(String(7))
    units: Mapped[int] = mapped_column(default=0)
    units_left: Mapped[int | None]
    host_price_cents: Mapped[int | None]
    pass_value_cents: Mapped[int | None]
    charge_cents: Mapped[int | None]
    levy_cents: Mapped[int | None]
    top_up_cents: Mapped[int | None]
    agreement: Mapped[str | None] = mapped_column(String(140))
    line_id: Mapped[str | None] = mapped_column(String(32))
    override_reason: Mapped[str | None] = mapped_column(Text)
    void_reason: Mapped[str | None] = mapped_column(Text)
    voided_at: Mapped[datetime | None]


class JournalEntry(Base):
    """A number of a desk's journal, and the check-in that it came for.

    `journal` is the thumbprint of the key that signs it, `bundle` the number of the bundle by
    which the desk decided.
    """

    __tablename__ = "journal_entries"

    journal: Mapped[str] = mapped_column(String(43), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    check_in: Mapped[str] = mapped_column(ForeignKey("check_ins.id"), primary_key=True)
    space: Mapped[str] = mapped_column(ForeignKey("spaces.slug"), index=True)
    bundle: Mapped[int | None]
    received_at: Mapped[datetime]


class IssuedBundle(Base):
    """A bundle that was given to the desks of a space, so that its number can be looked up."""

    __tablename__ = "issued_bundles"

    space: Mapped[str] = mapped_column(ForeignKey("spaces.slug"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    issued_at: Mapped[datetime]
