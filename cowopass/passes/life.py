"""The life of a pass after its sale: suspended, resumed, revoked, renewed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from cowopass.config import Config
from cowopass.errors import NotRenewable, PassEnded, PassSuspended, PlanUnknown
from cowopass.passes.events import record_event
from cowopass.passes.models import Pass, Plan
from cowopass.passes.requests import Sold
from cowopass.passes.service import (
    add_pass,
    check_home,
    check_start,
    find_plan_on_sale,
    make_pass,
    price_of,
)
from cowopass.passes.standing import FINAL, local_today, lock_pass
from cowopass.passes.tickets import cut_off, issue_ticket
from cowopass.spaces.models import Space
from wallet.plan import MONTHLY, last_day, months_of


def suspend(session: Session, pass_id: str, reason: str) -> Pass:
    """Stop a pass for a while, as when its month is not paid. Again changes nothing.

    Raises PassUnknown or PassEnded.
    """
    return _move(session, pass_id, "suspended", "suspended", reason)


def resume(session: Session, pass_id: str, reason: str) -> Pass:
    """Let a suspended pass be used again. Again changes nothing.

    Raises PassUnknown or PassEnded.
    """
    return _move(session, pass_id, "active", "resumed", reason)


def revoke(session: Session, pass_id: str, reason: str) -> Pass:
    """End a pass for good; its tickets, golden ones too, count no more. Again changes nothing.

    Raises PassUnknown, or PassEnded for one that is refunded.
    """
    sold = _move(session, pass_id, "revoked", "revoked", reason)
    cut_off(session, pass_id)
    return sold


def _move(session: Session, pass_id: str, state: str, kind: str, reason: str) -> Pass:
    sold = lock_pass(session, pass_id)
    if sold.state == state:
        return sold
    if sold.state in FINAL:
        raise PassEnded(pass_id, sold.state)
    sold.state = state
    record_event(session, pass_id, kind, reason=reason)
    return sold


class Renewal(NamedTuple):
    """What renewing a pass comes to. `price_cents` is per month.

    `is_same`: the pass itself runs on, rather than another one that follows it.
    """

    plan: Plan
    price_cents: int
    starts_on: date
    ends_on: date
    is_same: bool

    @property
    def total_cents(self) -> int:
        """What the holder pays for all the months."""
        return self.price_cents * len(months_of(self.starts_on, self.ends_on))


def renewal_of(session: Session, sold: Pass) -> Renewal:
    """Return what `renew` would sell today; nothing is written. Raises what `renew` does."""
    _refuse_unless_renewable(sold)
    plan = _plan_on_sale(session, sold)
    price_cents = price_of(plan, volunteer=sold.volunteer)
    today = local_today(session, sold.network)
    check_home(session.get_one(Space, sold.home), today)
    following = sold.ends_on + timedelta(days=1)
    is_same = (plan.id, price_cents) == (sold.plan_id, sold.price_paid_cents)
    runs_on = is_same and today.replace(day=1) <= following
    starts_on = following if runs_on else max(following, today)
    check_start(starts_on, today)
    ends_on = last_day(plan.terms.kind, starts_on, plan.validity_months)
    return Renewal(plan, price_cents, starts_on, ends_on, runs_on)


def renew(session: Session, config: Config, pass_id: str) -> Sold:
    """Sell a monthly pass for another `validity_months`, at the plan's price on sale.

    The months follow the last one, or begin with today when the pass has lapsed. The pass itself
    runs on while plan and price are what they were. Otherwise the new months are a pass of their
    own: a pass has one price for life, or the values given to its units would not add up.
    Its former ticket counts until its own end.
    Raises PassUnknown, PassEnded, PassSuspended, NotRenewable, NoVolunteerPrice, SpaceLeft and
    StartOutOfRange.
    """
    sold = lock_pass(session, pass_id)
    renewal = renewal_of(session, sold)
    renewed = (
        _run_on(session, sold, renewal) if renewal.is_same else _follow(session, sold, renewal)
    )
    return Sold(renewed, issue_ticket(session, config, renewed))


def _refuse_unless_renewable(sold: Pass) -> None:
    if sold.state in FINAL:
        raise PassEnded(sold.id, sold.state)
    if sold.state == "suspended":
        raise PassSuspended(sold.id)
    if sold.plan.terms.kind not in MONTHLY:
        reason = f"a {sold.plan.kind} is sold anew, with its own units and its own price"
        raise NotRenewable(sold.id, reason)


def _plan_on_sale(session: Session, sold: Pass) -> Plan:
    try:
        return find_plan_on_sale(session, sold.home, sold.plan.code)
    except PlanUnknown as error:
        reason = f"the plan {sold.plan.code} is no longer on sale"
        raise NotRenewable(sold.id, reason) from error


def _run_on(session: Session, sold: Pass, renewal: Renewal) -> Pass:
    """Let the pass itself hold for the months that follow."""
    sold.ends_on = renewal.ends_on
    record_event(session, sold.id, "renewed", amount_cents=renewal.total_cents)
    return sold


def _follow(session: Session, before: Pass, renewal: Renewal) -> Pass:
    """Sell the holder a pass of its own for the months that follow."""
    home = session.get_one(Space, before.home)
    following = make_pass(home, renewal.plan, before.holder, renewal.starts_on, renewal.price_cents)
    following.volunteer = before.volunteer
    record_event(session, before.id, "followed", by=following.id)
    return add_pass(session, following, "renewed")
