"""Tables of a month's documents: the work on them, and the files, kept for all to download."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from cowopass.database import Base


class DocumentJob(Base):
    """The documents of a month that a treasurer asked for.

    A process that works on it holds it until `claimed_until`, and holds it longer as it goes on;
    `tries` counts how often one began since it was last asked for. `done` of `total` are made, or
    can not be: `lacks` are dictionaries of `lacks.Lack`.
    """

    __tablename__ = "document_jobs"

    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    asked_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    lacks: Mapped[list[Any]] = mapped_column(default=list)


class Document(Base):
    """A file of a month's folder; `edition` says what it was made of, `size` is in bytes.

    `space` may read it, beside the treasurer. The content is read only where it is asked for.
    """

    __tablename__ = "documents"

    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    path: Mapped[str] = mapped_column(String(120), primary_key=True)
    space: Mapped[str | None] = mapped_column(String(60))
    edition: Mapped[str] = mapped_column(String(16))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime]

    @property
    def is_payment(self) -> bool:
        """Whether it is a file by which a space pays."""
        return self.path.startswith("payments/")
