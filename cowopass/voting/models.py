"""Tables of votes: how a network votes, what was proposed, and who voted what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cowopass.database import Base


class Charter(Base):
    """How a network votes, from a day on. `proposal` is None where the operator wrote it."""

    __tablename__ = "charters"

    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"), primary_key=True)
    effective_from: Mapped[date] = mapped_column(primary_key=True)
    quorum_bps: Mapped[int]
    majority_bps: Mapped[int]
    voting_days: Mapped[int]
    notice_days: Mapped[int]
    proposal: Mapped[str | None] = mapped_column(String(36))
    created_at: Mapped[datetime]


class Proposal(Base):
    """Something that the spaces of a network decide; of two, for a rule between them.

    `network` is the one it was opened in, `partner` the other one, `space` whose membership it is
    about. `details` is what would change, `charters` and `electorate` (spaces by network) are as
    they were at the opening. `state` is open, passed, failed or withdrawn; `result` and `records`
    (a signed record by network) come with the count. `guest_email` is who is invited to be the
    first host of a space that joins: shown to nobody, forgotten when the vote is over.
    """

    __tablename__ = "proposals"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(12))
    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"), index=True)
    partner: Mapped[str | None] = mapped_column(ForeignKey("networks.slug"), index=True)
    space: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]]
    guest_email: Mapped[str | None] = mapped_column(String(254))
    effective_on: Mapped[date]
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[str] = mapped_column(String(32))
    author_space: Mapped[str | None] = mapped_column(ForeignKey("spaces.slug"))
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    charters: Mapped[dict[str, Any]]
    electorate: Mapped[dict[str, Any]]
    what_if: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(12), index=True)
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]
    records: Mapped[dict[str, Any] | None]
    votes: Mapped[list[Vote]] = relationship(order_by="Vote.number")


class Vote(Base):
    """A space voted, by whom and when. A later row of the same space replaces an earlier one."""

    __tablename__ = "votes"

    number: Mapped[int] = mapped_column(primary_key=True)
    proposal: Mapped[str] = mapped_column(ForeignKey("proposals.id"), index=True)
    space: Mapped[str] = mapped_column(ForeignKey("spaces.slug"))
    choice: Mapped[str] = mapped_column(String(10))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
