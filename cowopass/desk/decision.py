"""What happens when a pass is shown: the one place where a check-in is decided.

Pure: facts in, an answer out. The desk, the preview, the offline journal and the import of a
space's own visits all ask here, so that they can not differ. The order of the refusals is part of
the protocol (docs/reference/check-ins.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from clearing.line import Unit
from clearing.period import month_of
from clearing.valuation import Valuation, host_price_cents, liability_room_cents, value_charge
from cowopass.desk.facts import AgreementFacts, PassFacts, PastVisit, SpaceFacts, Visit
from wallet.plan import MONTHLY, add_months, units_needed
from wallet.units import overused_value_cents, unit_value_cents

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far ahead of ours a desk's clock may be."""

OLDEST_MONTHS = 13
"""A visit may be reported for so many months: long enough for a year-end, short enough to check."""

MAY_OVERRIDE = frozenset({"space_closed", "space_full", "visitors_full"})
"""The refusals that are the space's own: its host may let someone in all the same."""


class Refused(NamedTuple):
    """No: a stable code, and the facts behind it."""

    code: str
    facts: Mapping[str, Any] = {}


class Accepted(NamedTuple):
    """Yes. `units` are taken from the pass; `valuation` is None at home and on re-entry.

    `units_left` is None for an unlimited pass, and counts golden tickets for a golden visit.
    """

    unit: Unit
    units: int
    units_left: int | None
    pass_value_cents: int
    reentry: bool = False
    overused: bool = False
    away: bool = False
    valuation: Valuation | None = None
    agreement: str | None = None
    overridden: str | None = None


def decide(
    visit: Visit,
    shown: PassFacts,
    month: tuple[PastVisit, ...],
    space: SpaceFacts,
    agreement: AgreementFacts | None,
    now: datetime,
) -> Accepted | Refused:
    """Return what becomes of a visit; the first refusal that applies is the answer."""
    refused = _refused_by_time(visit, space, now) or _refused_by_state(shown)
    if refused:
        return refused
    if _is_reentry(visit, space, month):
        unit = visit.unit or shown.plan.unit
        return Accepted(unit, 0, _units_left(shown, visit, 0), 0, reentry=True)
    away = space.slug != shown.home
    refused = _refused_by_validity(visit, shown) or (
        _refused_away(visit, shown, month, agreement) if away else None
    )
    if refused:
        return refused
    return _spend(visit, shown, month, space, agreement if away else None)


def _refused_by_time(visit: Visit, space: SpaceFacts, now: datetime) -> Refused | None:
    """Refuse what is to come, and what is too old to be judged.

    Of a month whose visits say no more whose they were, nobody can tell whether this is a re-entry
    nor how often the pass was away: it would be counted twice.
    """
    if visit.at > now + CLOCK_TOLERANCE:
        return Refused("in_future", {"at": visit.at})
    oldest_on = add_months(now.date(), -OLDEST_MONTHS)
    is_forgotten = space.forgotten_until is not None and (
        month_of(visit.on) <= space.forgotten_until
    )
    if is_forgotten or visit.at < datetime.combine(oldest_on, now.timetz()):
        return Refused("too_old", {"at": visit.at, "months": OLDEST_MONTHS})
    return None


def _refused_by_state(shown: PassFacts) -> Refused | None:
    ticket_is_revoked = shown.ticket is not None and shown.ticket.is_revoked
    if shown.state in {"revoked", "refunded"} or ticket_is_revoked:
        return Refused("revoked")
    return Refused("suspended") if shown.state == "suspended" else None


def _is_reentry(visit: Visit, space: SpaceFacts, month: tuple[PastVisit, ...]) -> bool:
    """Say whether this normal visit comes after another of the same pass, space and local day.

    A re-entry rests on the visit that was counted: with that one voided, the next is counted.
    """
    return not visit.golden and any(
        (past.on, past.space) == (visit.on, space.slug) and not past.golden and not past.reentry
        for past in month
    )


def _refused_by_validity(visit: Visit, shown: PassFacts) -> Refused | None:
    ticket = shown.ticket
    starts_at = ticket.starts_at if ticket else None
    if visit.on < shown.starts_on or (starts_at is not None and visit.at < starts_at):
        return Refused("not_yet_valid", {"starts_on": shown.starts_on})
    if visit.on > shown.ends_on or (ticket is not None and visit.at >= ticket.expires_at):
        return Refused("expired", {"ends_on": shown.ends_on})
    return None


def _refused_away(
    visit: Visit,
    shown: PassFacts,
    month: tuple[PastVisit, ...],
    agreement: AgreementFacts | None,
) -> Refused | None:
    if agreement is None:
        return Refused("wrong_network", {"network": shown.network})
    if not shown.plan.roaming or shown.home_is_suspended:
        return Refused("roaming_not_included")
    cap = agreement.roaming_days_per_month
    if cap is None:
        return None
    days = {past.on for past in month if past.away}
    if visit.on not in days and len(days) >= cap:
        return Refused("roaming_cap_reached", {"days": cap})
    return None


def _spend(
    visit: Visit,
    shown: PassFacts,
    month: tuple[PastVisit, ...],
    space: SpaceFacts,
    agreement: AgreementFacts | None,
) -> Accepted | Refused:
    """Take the units, value them, and let the space have the last word."""
    unit = visit.unit or shown.plan.unit
    need = units_needed(shown.plan.unit, unit, golden=visit.golden)
    if need is None:
        return Refused("unit_not_covered", {"unit": unit})
    left = _units_left(shown, visit, need)
    overused = left is not None and left < 0
    if _is_used(shown) or (overused and (visit.golden or visit.source != "offline")):
        return Refused("no_units_left", {"units_left": _units_left(shown, visit, 0)})
    value = _value(visit, shown, unit, need, overused=overused)
    price = host_price_cents(space.prices, unit)
    if agreement is not None and price is None:
        return Refused("no_price", {"unit": unit})
    refused = _refused_by_space(visit, space, away=agreement is not None)
    if refused and not visit.override:
        return refused
    return Accepted(
        unit=unit,
        units=0 if overused else need,
        units_left=_units_left(shown, visit, 0) if overused else left,
        pass_value_cents=value,
        overused=overused,
        away=agreement is not None,
        valuation=_valuation(visit, shown, month, agreement, unit, price, value),
        agreement=agreement.id if agreement else None,
        overridden=refused.code if refused else None,
    )


def _is_used(shown: PassFacts) -> bool:
    """Say whether the ticket shown is a golden one that was redeemed: it is good once."""
    return shown.ticket is not None and shown.ticket.is_used


def _units_left(shown: PassFacts, visit: Visit, need: int) -> int | None:
    """Return what would be left after taking `need`; below zero when they are not there."""
    if visit.golden:
        return shown.plan.golden_tickets - shown.golden_used - need
    return None if shown.plan.units is None else shown.plan.units - shown.units_used - need


def _value(visit: Visit, shown: PassFacts, unit: Unit, need: int, *, overused: bool) -> int:
    if visit.golden:
        return 0
    if overused:
        return overused_value_cents(shown.plan, shown.price_cents)
    return unit_value_cents(
        shown.plan,
        shown.price_cents,
        unit,
        used=shown.units_used,
        need=need,
        given_cents=shown.given_cents,
    )


def _valuation(  # noqa: PLR0913 (the facts of one charge)
    visit: Visit,
    shown: PassFacts,
    month: tuple[PastVisit, ...],
    agreement: AgreementFacts | None,
    unit: Unit,
    price: int | None,
    value: int,
) -> Valuation | None:
    """Value the charge; what the home already pays for this pass this month bounds it."""
    if agreement is None or price is None:
        return None
    monthly_price = monthly_price_cents(shown)
    is_capped = monthly_price is not None and agreement.terms.liability_cap_bps is not None
    paid_out = sum(past.charge_cents for past in month) if is_capped else 0
    room = liability_room_cents(agreement.terms, monthly_price, paid_out)
    valuation = value_charge(
        agreement.terms, unit, price, value, golden=visit.golden, room_cents=room
    )
    return _at_zero(valuation) if visit.unpaid else valuation


def _at_zero(valuation: Valuation) -> Valuation:
    """Return a charge that nobody pays, for an offline mistake that the host bears."""
    return valuation._replace(charge_cents=0, levy_cents=0, top_up_cents=0, capped=False)


def monthly_price_cents(shown: PassFacts) -> int | None:
    """Return what the pass costs a month, for the kinds whose monthly payout is capped."""
    return shown.price_cents if shown.plan.kind in MONTHLY else None


def _refused_by_space(visit: Visit, space: SpaceFacts, *, away: bool) -> Refused | None:
    """Return the space's own refusal. It never refuses a visit that has already happened."""
    if visit.source != "desk":
        return None
    if space.is_open is False:
        return Refused("space_closed", {"space": space.slug})
    if space.capacity is not None and space.present >= space.capacity:
        return Refused("space_full", {"capacity": space.capacity})
    if away and space.visitors_per_day is not None and space.visitors >= space.visitors_per_day:
        return Refused("visitors_full", {"visitors": space.visitors_per_day})
    return None
