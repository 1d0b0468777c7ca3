"""Tables of people: who carries a pass, who works here, and what lets them act."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cowopass.database import Base


class Holder(Base):
    """The person who carries a pass, known to her home space alone. The name may be blanked.

    `link_number` is that of the link to her wallet which counts; those before it are out.
    """

    __tablename__ = "holders"
    __table_args__ = (Index("ix_holders_home_email", "home", "email"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    home: Mapped[str] = mapped_column(ForeignKey("spaces.slug"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    link_number: Mapped[int] = mapped_column(default=0, server_default="0")


class ApiToken(Base):
    """A token that may act: shown once, kept as a SHA-256 hash, limited to a role and a place.

    `operator` runs the instance; `treasurer` acts for a network, `host` for a space, `device` does
    a space's desk work only. `space` on a treasurer's token says which space she belongs to.
    `seen_at` is when a device was last seen, to the minute.
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
    seen_at: Mapped[datetime | None]


class Person(Base):
    """Who signs in: a host, a treasurer, or both. `language` is that of her mails."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    created_at: Mapped[datetime]
    memberships: Mapped[list[Membership]] = relationship(
        order_by="Membership.id", cascade="all, delete-orphan", back_populates="person"
    )


class Membership(Base):
    """A role of a person: `host` of a space, or `treasurer` of a network.

    `id` is person, role and place, so nobody has a role twice. `space` on a treasurer's says which
    space she belongs to. `accepted_at` is when she first signed in with it.
    """

    __tablename__ = "memberships"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"), index=True)
    space: Mapped[str | None] = mapped_column(ForeignKey("spaces.slug"), index=True)
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(back_populates="memberships")


class WebSession(Base):
    """A browser in which somebody is signed in; its cookie is kept as a SHA-256 hash.

    `method` is `link`, `passkey` or `demo`; `browser` tells her which one it is, in her list.
    """

    __tablename__ = "web_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    method: Mapped[str] = mapped_column(String(10))
    browser: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(index=True)
    person: Mapped[Person] = relationship()


class OneTimeSecret(Base):
    """Something that works once and for a short while, kept as a SHA-256 hash.

    `purpose` is `sign_in` (a mailed link), `invitation`, `passkey` (a challenge) or `pairing` (a
    code for a device of `space`). `browser_hash` ties it to the browser that asked. `next_path` is
    where it leads to afterwards.
    """

    __tablename__ = "one_time_secrets"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    space: Mapped[str | None] = mapped_column(ForeignKey("spaces.slug"))
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    next_path: Mapped[str | None] = mapped_column(String(500))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A WebAuthn credential of a person: what her phone or key proves, by its public half."""

    __tablename__ = "passkeys"

    id: Mapped[str] = mapped_column(String(1400), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    label: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
