"""Refunds: what is unused of a pass, at its exact value, given back once and written down."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from clearing.period import first_day
from cowopass.errors import PassExpired
from cowopass.passes.events import last_event, record_event
from cowopass.passes.models import Pass
from cowopass.passes.standing import local_today, lock_pass
from cowopass.passes.tickets import cut_off
from cowopass.passes.usage import read_used
from wallet.plan import LIFE, MONTHLY, months_of
from wallet.units import refund_cents, refund_months_cents


class Refund(NamedTuple):
    """What was given back for a pass, in cents, and for how many months of a monthly one."""

    sold: Pass
    amount_cents: int
    months: int | None


def refund(session: Session, pass_id: str, reason: str, paid_through: str | None = None) -> Refund:
    """End a pass and note what its holder gets back; asked again, the same answer.

    A book or single: its price less the values its units gave. A monthly plan: the price of the
    months paid and not begun; `paid_through` (YYYY-MM) is the last one paid, None for all of them.
    A revoked pass may be refunded too. Raises PassUnknown, or PassExpired: nothing is left then.
    """
    sold = lock_pass(session, pass_id)
    if sold.state == "refunded":
        return _stored_refund(session, sold)
    today = local_today(session, sold.network)
    if sold.ends_on < today:
        raise PassExpired(pass_id, sold.ends_on)
    given_back = worth_of(session, sold, today, paid_through)
    sold.state = "refunded"
    cut_off(session, pass_id)
    record_event(
        session,
        pass_id,
        "refunded",
        amount_cents=-given_back.amount_cents,
        reason=reason,
        months=given_back.months,
    )
    return given_back


def worth_of(session: Session, sold: Pass, today: date, paid_through: str | None = None) -> Refund:
    """Return what `refund` would give back for a pass on a day; nothing is written."""
    if sold.plan.terms.kind in MONTHLY:
        months = months_not_begun(sold.starts_on, sold.ends_on, today, paid_through)
        return Refund(sold, refund_months_cents(sold.price_paid_cents, months), months)
    used = read_used(session, sold.id, LIFE)
    amount_cents = refund_cents(
        sold.plan.terms, sold.price_paid_cents, used=used.units, given_cents=used.given_cents
    )
    return Refund(sold, amount_cents, None)


def months_not_begun(
    starts_on: date, ends_on: date, today: date, paid_through: str | None = None
) -> int:
    """Return how many months of a pass are paid and not begun.

    Its first month begins with the pass, the others with their first day.
    """
    months = months_of(starts_on, ends_on)
    return sum(
        max(first_day(month), starts_on) > today and (paid_through is None or month <= paid_through)
        for month in months
    )


def _stored_refund(session: Session, sold: Pass) -> Refund:
    event = last_event(session, sold.id, "refunded")
    if event is None:
        raise LookupError(f"the refund of {sold.id} is not on record")
    return Refund(sold, -(event.amount_cents or 0), event.details["months"])
