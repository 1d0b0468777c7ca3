"""Tables of spaces: identity in their own words, and what they charge visitors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cowopass.database import Base
from cowopass.networks.models import LegalEntity


class Space(Base):
    """A member of one network. Its slug is its name in every ledger and never changes.

    `opening_hours` maps English weekday names to lists of ["HH:MM", "HH:MM"] pairs in local time,
    empty for a space that never closes; `closed_days` are ISO dates; `rooms` are
    {"name", "seats"}, and "use" where the space says it; `address` has the keys of a structured
    address. `capacity_maximum` and `visitors_per_day` are None where the space sets no limit.
    `sold_days` is what was voted on the passes of a space that leaves: `honoured`, `bought_back` or
    `refunded`.
    """

    __tablename__ = "spaces"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    capacity_comfortable: Mapped[int | None]
    capacity_maximum: Mapped[int | None]
    visitors_per_day: Mapped[int | None]
    joins_on: Mapped[date | None]
    leaves_on: Mapped[date | None]
    suspended_on: Mapped[date | None]
    reinstated_on: Mapped[date | None]
    sold_days: Mapped[str | None] = mapped_column(String(12))
    legal_id: Mapped[int | None] = mapped_column(ForeignKey("legal_entities.id"))
    presentation: Mapped[str] = mapped_column(Text, default="")
    good_at: Mapped[list[Any]] = mapped_column(default=list)
    equipment: Mapped[list[Any]] = mapped_column(default=list)
    transport: Mapped[list[Any]] = mapped_column(default=list)
    address: Mapped[dict[str, Any]] = mapped_column(default=dict)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    opening_hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    closed_days: Mapped[list[Any]] = mapped_column(default=list)
    rooms: Mapped[list[Any]] = mapped_column(default=list)
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    website: Mapped[str | None] = mapped_column(String(300))
    hue: Mapped[int | None]
    weave: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime]
    legal: Mapped[LegalEntity | None] = relationship()
    prices: Mapped[list[Price]] = relationship(order_by="Price.effective_from")


class Price(Base):
    """What a host charges for a unit from a day on, in cents with tax. Never overwritten."""

    __tablename__ = "prices"
    __table_args__ = (UniqueConstraint("space", "unit", "effective_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    space: Mapped[str] = mapped_column(ForeignKey("spaces.slug"))
    unit: Mapped[str] = mapped_column(String(10))
    amount_cents: Mapped[int]
    effective_from: Mapped[date]
    created_at: Mapped[datetime]
