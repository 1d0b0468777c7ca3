"""Tables of passes: what spaces sell, what was sold, what of it is used, and its tickets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cowopass.database import Base
from cowopass.people.models import Holder
from wallet.plan import PlanKind, PlanTerms, Unit


class Plan(Base):
    """A version of what a space sells. Never edited once sold: a change is the next version.

    `units` is None for an unlimited plan; `price_cents` is per month for `unlimited` and `quota`.
    `golden_tickets` are per month, or per book. `is_offered` is true for the version on sale.
    """

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("home", "code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    home: Mapped[str] = mapped_column(ForeignKey("spaces.slug"))
    code: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    unit: Mapped[str] = mapped_column(String(10))
    units: Mapped[int | None]
    validity_months: Mapped[int]
    price_cents: Mapped[int]
    volunteer_price_cents: Mapped[int | None]
    golden_tickets: Mapped[int]
    notional_units: Mapped[int | None]
    roaming: Mapped[bool]
    is_offered: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    @property
    def terms(self) -> PlanTerms:
        """What the plan entitles to, as the pure rules take it."""
        return PlanTerms(
            cast(PlanKind, self.kind),
            cast(Unit, self.unit),
            self.units,
            self.validity_months,
            self.golden_tickets,
            self.notional_units,
            self.roaming,
        )


class Pass(Base):
    """One sold entitlement. `ends_on` is the last day it holds, in its network's local time.

    `state` is `active`, `suspended`, `revoked` or `refunded`. `price_paid_cents` is per month for
    monthly plans. `reference` is the home's own name for it.
    """

    __tablename__ = "passes"
    __table_args__ = (UniqueConstraint("home", "reference"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    network: Mapped[str] = mapped_column(ForeignKey("networks.slug"), index=True)
    home: Mapped[str] = mapped_column(ForeignKey("spaces.slug"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    holder_id: Mapped[str] = mapped_column(ForeignKey("holders.id"), index=True)
    reference: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16), default="active")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    volunteer: Mapped[bool] = mapped_column(default=False)
    price_paid_cents: Mapped[int]
    created_at: Mapped[datetime]
    plan: Mapped[Plan] = relationship()
    holder: Mapped[Holder] = relationship()


class PassUsage(Base):
    """What is used of a pass in one bucket: a month (YYYY-MM) of a monthly plan, or its `life`.

    `value_given_cents` is the value of the units now used; a void takes its own back. The
    `forgotten_` columns are the part of each that belongs to visits which no longer say whose they
    are: the purge carries it here, so that what is used stays the sum of what can be counted.
    """

    __tablename__ = "pass_usages"
    __table_args__ = (
        CheckConstraint("units_used >= 0", name="units_used"),
        CheckConstraint("golden_used >= 0", name="golden_used"),
    )

    pass_id: Mapped[str] = mapped_column(ForeignKey("passes.id"), primary_key=True)
    bucket: Mapped[str] = mapped_column(String(7), primary_key=True)
    units_used: Mapped[int] = mapped_column(default=0)
    golden_used: Mapped[int] = mapped_column(default=0)
    value_given_cents: Mapped[int] = mapped_column(default=0)
    forgotten_units: Mapped[int] = mapped_column(default=0, server_default="0")
    forgotten_golden: Mapped[int] = mapped_column(default=0, server_default="0")
    forgotten_value_cents: Mapped[int] = mapped_column(default=0, server_default="0")


class PassEvent(Base):
    """What happened to a pass beside its visits: sold, renewed, suspended, refunded, and why.

    `amount_cents` is money between home and holder: positive when the home received it.
    """

    __tablename__ = "pass_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    pass_id: Mapped[str] = mapped_column(ForeignKey("passes.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    happened_at: Mapped[datetime]
    amount_cents: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Ticket(Base):
    """A signed credential for a pass. `kind` is `paper`, `live` (bound to a phone) or `golden`.

    `code` is its short code; that of a live ticket is told to nobody, and opens nothing.
    `golden_month` is the bucket whose allowance a golden ticket uses; `used_at` is when it was
    redeemed: it is good once. `expires_at` repeats its `exp` claim.
    """

    __tablename__ = "tickets"
    __table_args__ = (Index("ix_tickets_pass_id_kind", "pass_id", "kind"),)

    jti: Mapped[str] = mapped_column(String(32), primary_key=True)
    pass_id: Mapped[str] = mapped_column(ForeignKey("passes.id"))
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(8), unique=True)
    token: Mapped[str] = mapped_column(Text)
    kid: Mapped[str] = mapped_column(String(16))
    payload_hash: Mapped[str] = mapped_column(String(43))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    golden_month: Mapped[str | None] = mapped_column(String(7))
    used_at: Mapped[datetime | None]
    recipient: Mapped[str | None] = mapped_column(String(254))


class Phone(Base):
    """A phone that a live ticket is bound to. It keeps a secret in a cookie, the database its hash.

    The ticket may be revoked since: the row tells the phone so.
    """

    __tablename__ = "phones"

    jti: Mapped[str] = mapped_column(ForeignKey("tickets.jti"), primary_key=True)
    pass_id: Mapped[str] = mapped_column(ForeignKey("passes.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), index=True)
    bound_at: Mapped[datetime]


class BindingCode(Base):
    """A code that lets a phone carry a pass: once, for a quarter of an hour, for so many tries.

    `code_hash` is keyed by the instance's secret: six digits alone would be guessed from a hash.
    """

    __tablename__ = "binding_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    pass_id: Mapped[str] = mapped_column(ForeignKey("passes.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    tries_left: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class PassRequest(Base):
    """A client-made id (UUID) of a write on passes that a phone may repeat, and what came of it.

    `body_hash` says whether the same id came with the same body. `pass_id` and `jti` are what the
    first request led to; both are None where that was no ticket.
    """

    __tablename__ = "pass_requests"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    pass_id: Mapped[str | None] = mapped_column(ForeignKey("passes.id"))
    jti: Mapped[str | None] = mapped_column(ForeignKey("tickets.jti"))
    received_at: Mapped[datetime]
