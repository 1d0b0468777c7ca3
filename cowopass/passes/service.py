"""Selling passes, and finding those that were sold."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from cowopass import clock
from cowopass.config import Config
from cowopass.errors import (
    NoVolunteerPrice,
    PlanUnknown,
    ReferenceTaken,
    SpaceLeft,
    SpaceUnknown,
    StartOutOfRange,
)
from cowopass.passes.events import record_event
from cowopass.passes.models import Pass, Plan
from cowopass.passes.references import forgotten_reference
from cowopass.passes.requests import Sold
from cowopass.passes.standing import find_pass, local_today
from cowopass.passes.tickets import find_ticket, find_ticket_by_code, issue_ticket
from cowopass.passes.usage import give_back, spend
from cowopass.people.holders import find_or_make_holder
from cowopass.people.models import Holder
from cowopass.spaces.models import Space
from cowopass.spaces.service import get_space
from wallet.plan import MONTHLY, PlanTerms, add_months, last_day, months_of

__all__ = [
    "Sale",
    "Sold",
    "find_by_reference",
    "find_plan_on_sale",
    "find_ticket",
    "find_ticket_by_code",
    "give_back",
    "list_passes",
    "record_sale",
    "sell",
    "spend",
]

EARLIEST_MONTHS, LATEST_MONTHS = 13, 12
"""A pass may start so long ago, the age at which a visit is too old to be recorded, or so far
ahead: beyond, the day is a slip of the keyboard."""


class Sale(NamedTuple):
    """What a home sells to whom. `starts_on` None is today in the network's zone.

    `price_paid_cents` (per month for monthly plans) is for passes that were sold elsewhere; None
    takes the plan's price, the volunteer one if asked. `reference` is the home's own name for it.
    """

    home: str
    plan: str
    holder_name: str
    holder_email: str | None = None
    starts_on: date | None = None
    volunteer: bool = False
    reference: str | None = None
    price_paid_cents: int | None = None


def sell(session: Session, config: Config, sale: Sale) -> Sold:
    """Sell a pass and make its paper ticket. Raises what `record_sale` does.

    A pass that would be over already is refused too, as StartOutOfRange: no ticket can be made.
    """
    sold = record_sale(session, sale)
    today = local_today(session, sold.network)
    if sold.ends_on < today:
        raise StartOutOfRange(sold.starts_on, _earliest_start(sold.plan.terms, today), today)
    return Sold(sold, issue_ticket(session, config, sold))


def record_sale(session: Session, sale: Sale) -> Pass:
    """Write a sold pass down without making a ticket, as for one sold by other software.

    Raises SpaceUnknown, SpaceLeft, PlanUnknown, NoVolunteerPrice, StartOutOfRange or
    ReferenceTaken; then nothing is written.
    """
    home = get_space(session, sale.home)
    plan = find_plan_on_sale(session, sale.home, sale.plan)
    today = local_today(session, home.network)
    check_home(home, today)
    starts_on = sale.starts_on or today
    check_start(starts_on, today)
    price_cents = sale.price_paid_cents
    if price_cents is None:
        price_cents = price_of(plan, volunteer=sale.volunteer)
    if sale.reference and find_by_reference(session, sale.home, sale.reference):
        raise ReferenceTaken(sale.home, sale.reference)
    holder = find_or_make_holder(session, sale.home, sale.holder_name, sale.holder_email)
    sold = make_pass(home, plan, holder, starts_on, price_cents)
    sold.volunteer, sold.reference = sale.volunteer, sale.reference or None
    return add_pass(session, sold, "sold")


def make_pass(home: Space, plan: Plan, holder: Holder, starts_on: date, price_cents: int) -> Pass:
    """Return a new active pass, not yet added to the session."""
    return Pass(
        id=f"pas_{secrets.token_hex(8)}",
        network=home.network,
        home=home.slug,
        plan=plan,
        holder=holder,
        state="active",
        starts_on=starts_on,
        ends_on=last_day(plan.terms.kind, starts_on, plan.validity_months),
        volunteer=False,
        price_paid_cents=price_cents,
        created_at=clock.now(),
    )


def add_pass(session: Session, sold: Pass, kind: str) -> Pass:
    """Add a new pass with the event that made it (`sold`, `renewed`) and what it brought in.

    Raises ReferenceTaken when another request has just used its reference.
    """
    try:
        with session.begin_nested():
            session.add(sold)
    except IntegrityError as error:
        if sold.reference is None:
            raise
        raise ReferenceTaken(sold.home, sold.reference) from error
    record_event(session, sold.id, kind, amount_cents=_amount_due_cents(sold))
    return sold


def price_of(plan: Plan, *, volunteer: bool) -> int:
    """Return a plan's full or volunteer price in cents. Raises NoVolunteerPrice."""
    if not volunteer:
        return plan.price_cents
    if plan.volunteer_price_cents is None:
        raise NoVolunteerPrice(plan.home, plan.code)
    return plan.volunteer_price_cents


def check_start(starts_on: date, today: date) -> None:
    """Raise StartOutOfRange for a first day too long ago or too far ahead."""
    earliest, latest = add_months(today, -EARLIEST_MONTHS), add_months(today, LATEST_MONTHS)
    if not earliest <= starts_on <= latest:
        raise StartOutOfRange(starts_on, earliest, latest)


def find_plan_on_sale(session: Session, home: str, code: str) -> Plan:
    """Return the version of a plan that a home sells today. Raises PlanUnknown."""
    plan = session.scalar(
        select(Plan).where(Plan.home == home, Plan.code == code, Plan.is_offered.is_(True))
    )
    if plan is None:
        raise PlanUnknown(code)
    return plan


def find_by_reference(session: Session, home: str, reference: str) -> Pass | None:
    """Return the pass that a home sold under its own reference, if there is one.

    One whose holder is forgotten is found too.
    """
    known_as = (reference, forgotten_reference(home, reference))
    return session.scalar(
        select(Pass)
        .where(Pass.home == home, Pass.reference.in_(known_as))
        .options(joinedload(Pass.plan), joinedload(Pass.holder))
    )


def list_passes(
    session: Session,
    home: str,
    *,
    reference: str | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> list[Pass]:
    """Return the passes of a home, newest first: at most `limit`, those after the pass `after`.

    Raises SpaceUnknown, and PassUnknown for an `after` that is no pass.
    """
    if session.get(Space, home) is None:
        raise SpaceUnknown(home)
    statement = select(Pass).where(Pass.home == home)
    if reference is not None:
        statement = statement.where(Pass.reference == reference)
    if after is not None:
        last = find_pass(session, after)
        statement = statement.where(tuple_(Pass.created_at, Pass.id) < (last.created_at, last.id))
    statement = statement.options(joinedload(Pass.plan), joinedload(Pass.holder))
    return list(
        session.scalars(statement.order_by(Pass.created_at.desc(), Pass.id.desc()).limit(limit))
    )


def check_home(home: Space, today: date) -> None:
    """Let pass a home that may sell: one that has not left its network. Raises SpaceLeft."""
    if home.leaves_on is not None and home.leaves_on < today:
        raise SpaceLeft(home.slug, home.leaves_on)


def _amount_due_cents(sold: Pass) -> int:
    """Return what the holder pays: for each month of a monthly pass, or for the pass."""
    months = len(months_of(sold.starts_on, sold.ends_on)) if sold.plan.kind in MONTHLY else 1
    return sold.price_paid_cents * months


def _earliest_start(terms: PlanTerms, today: date) -> date:
    """Return the earliest first day of a pass that still holds today."""
    if terms.kind in MONTHLY:
        return add_months(today.replace(day=1), 1 - terms.validity_months)
    return add_months(today, -terms.validity_months) + timedelta(days=1)
