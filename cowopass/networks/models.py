"""Tables of networks: who they are, what they voted, what they sign with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cowopass.database import Base


class LegalEntity(Base):
    """The legal side of a space or of a fund: who invoices, and where its money goes.

    `self_billing_mandate_on` is when a space let the network make out its invoices,
    `self_billing_mandate_until` the last day on which it may, None while no end is known, and
    `self_billing_contest_days` how long the space may object to one, None for the usual time.
    Stays out of the open directory.
    """

    __tablename__ = "legal_entities"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    form: Mapped[str | None] = mapped_column(String(60))
    siren: Mapped[str | None] = mapped_column(String(9))
    siret: Mapped[str | None] = mapped_column(String(14))
    vat_number: Mapped[str | None] = mapped_column(String(20))
    iban: Mapped[str | None] = mapped_column(String(34))
    bic: Mapped[str | None] = mapped_column(String(11))
    building_number: Mapped[str | None] = mapped_column(String(16))
    street_name: Mapped[str | None] = mapped_column(String(70))
    postcode: Mapped[str | None] = mapped_column(String(16))
    town: Mapped[str | None] = mapped_column(String(70))
    country: Mapped[str | None] = mapped_column(String(2))
    self_billing_mandate_on: Mapped[date | None]
    self_billing_mandate_until: Mapped[date | None]
    self_billing_contest_days: Mapped[int | None]
    vat: Mapped[list[VatRegime]] = relationship(
        order_by="VatRegime.effective_from", cascade="all, delete-orphan"
    )


class VatRegime(Base):
    """How an entity stands to VAT from a day on: `standard`, `franchise` or `out_of_scope`."""

    __tablename__ = "vat_regimes"
    __table_args__ = (UniqueConstraint("legal_entity_id", "effective_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    legal_entity_id: Mapped[int] = mapped_column(ForeignKey("legal_entities.id"))
    regime: Mapped[str] = mapped_column(String(16))
    effective_from: Mapped[date]


USUAL_REMINDER_DAYS = [15, 30, 45]
"""How many days after the lock debtors are reminded where a network has not said otherwise."""


class Network(Base):
    """A set of spaces with its own ledger and treasurer. Its slug is its name in every ledger.

    `payment_reminder_days` are days after the lock on which debtors are reminded; an empty list is
    never, None is as usual.
    """

    __tablename__ = "networks"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    timezone: Mapped[str] = mapped_column(String(60))
    currency: Mapped[str] = mapped_column(String(3))
    fund_id: Mapped[int | None] = mapped_column(ForeignKey("legal_entities.id"))
    created_at: Mapped[datetime]
    payment_reminder_days: Mapped[list[Any] | None]
    fund: Mapped[LegalEntity | None] = relationship()

    @property
    def reminder_days(self) -> list[int]:
        """The days after the lock on which debtors are reminded."""
        days = self.payment_reminder_days
        return USUAL_REMINDER_DAYS if days is None else days


class NetworkKey(Base):
    """A signing key of one network; the private half is sealed under the instance's secret.

    It signs from `signs_from` until its successor does, and is published from `created_at` until
    what it signed holds no more (`last_exp`, seconds since 1970): a ticket until it expires, the
    head of a month and a vote for as long as books are kept.
    """

    __tablename__ = "network_keys"

    thumbprint: Mapped[str] = mapped_column(String(43), primary_key=True)
    kid: Mapped[str] = mapped_column(String(16), index=True)
    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"), index=True)
    public_jwk: Mapped[dict[str, Any]]
    private_pem: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    signs_from: Mapped[datetime]
    compromised_at: Mapped[datetime | None]
    last_exp: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), default=0)


class Agreement(Base):
    """Voted rules between a home and a host network, from the first day of a month on.

    `id` is `home>host@YYYY-MM`, the name that settlement lines cite. Shares are in basis points.
    `proposal` is the one that was voted, and `vote` its result signed by the host network, a
    compact JWS; both are None where the operator wrote the version without a vote.
    """

    __tablename__ = "agreements"
    __table_args__ = (UniqueConstraint("home", "host", "effective_from"),)

    id: Mapped[str] = mapped_column(String(140), primary_key=True)
    home: Mapped[str] = mapped_column(ForeignKey("networks.slug"))
    host: Mapped[str] = mapped_column(ForeignKey("networks.slug"))
    effective_from: Mapped[date]
    rule: Mapped[dict[str, Any]]
    top_up: Mapped[bool]
    golden_share_bps: Mapped[int]
    levy_bps: Mapped[int]
    roaming_days_per_month: Mapped[int | None]
    liability_cap_bps: Mapped[int | None]
    max_host_price_cents: Mapped[int | None]
    offline_paper_per_day: Mapped[int]
    late_days: Mapped[int]
    review_days: Mapped[int]
    netting: Mapped[str] = mapped_column(String(16))
    convention_signed_on: Mapped[date | None]
    carry_forward_below_cents: Mapped[int]
    proposal: Mapped[str | None] = mapped_column(String(36))
    vote: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
