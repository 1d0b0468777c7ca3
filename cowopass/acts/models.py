"""The table of acts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cowopass.database import Base


class Act(Base):
    """Something done that moves money or rights. Never changed; names no holder.

    `network` and `space` say who may read it; `subject` is the id of what it was done to.
    """

    __tablename__ = "acts"

    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(40))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[str] = mapped_column(String(32))
    network: Mapped[str | None] = mapped_column(ForeignKey("networks.slug"), index=True)
    space: Mapped[str | None] = mapped_column(ForeignKey("spaces.slug"), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any]]
