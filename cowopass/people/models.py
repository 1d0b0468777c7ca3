"""Tables of people: who carries a pass, and which tokens may act for whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cowopass.database import Base


class Holder(Base):
    """The person who carries a pass, known to her home space alone. The name may be blanked."""

    __tablename__ = "holders"
    __table_args__ = (Index("ix_holders_home_email", "home", "email"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    home: Mapped[str] = mapped_column(ForeignKey("spaces.slug"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class ApiToken(Base):
    """A token that may act: shown once, kept as a SHA-256 hash, limited to a role and a place.

    `operator` runs the instance; `treasurer` acts for a network, `host` for a space, `device` does
    a space's desk work only. `space` on a treasurer's token says which space she belongs to.
    """

    __tablename__ = "api_tokens"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    network: Mapped[str | None] = mapped_column(ForeignKey("networks.slug"))
    space: Mapped[str | None] = mapped_column(ForeignKey("spaces.slug"))
    label: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
