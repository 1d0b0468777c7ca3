"""The table of draft statements that were sent by e-mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cowopass.database import Base


class StatementMail(Base):
    """A space was sent its draft of a month, at so many addresses, which are not kept here.

    `last_line` is the number of the last line that concerns the space in that month. It tells one
    draft from another, for a ledger only grows.
    """

    __tablename__ = "statement_mails"

    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    space: Mapped[str] = mapped_column(ForeignKey("spaces.slug"), primary_key=True)
    last_line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recipients: Mapped[int]
    sent_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
