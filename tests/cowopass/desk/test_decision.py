"""The one place where a check-in is decided: pure, so examples and properties need no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearing.valuation import Rule, Terms
from cowopass.desk.decision import MAY_OVERRIDE, Accepted, Refused, decide
from cowopass.desk.facts import (
    AgreementFacts,
    PassFacts,
    PastVisit,
    SpaceFacts,
    TicketFacts,
    Visit,
)
from wallet.plan import PlanTerms

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
TODAY = date(2026, 11, 24)
LONG_AFTER = datetime(2028, 1, 1, tzinfo=UTC)

BOOK = PlanTerms("book", "day", 11, 12, 1, None, roaming=True)
HALVES = BOOK._replace(unit="half_day")
RESIDENT = PlanTerms("unlimited", "day", None, 1, 0, 20, roaming=True)
NOMADE = PlanTerms("quota", "half_day", 20, 3, 1, None, roaming=True)
RULE = Rule("difference_share", 10_000, cap_at_host_price=True)
HOST_PRICE = Terms(RULE, False, 0, 500, None, None)

VISIT = Visit(NOW, TODAY, "day", golden=False, source="desk")
TICKET = TicketFacts(NOW - timedelta(days=1), LONG_AFTER)
SHOWN = PassFacts(
    id="pas_1",
    network="sainte",
    home="comptoir",
    state="active",
    plan=BOOK,
    starts_on=date(2026, 11, 1),
    ends_on=date(2027, 10, 31),
    price_cents=15_000,
    ticket=TICKET,
)
SPACE = SpaceFacts("rubanerie", "sainte", {"day": 1200}, is_open=True, capacity=25)
AGREEMENT = AgreementFacts(
    "sainte>sainte@2026-01", HOST_PRICE, roaming_days_per_month=None, offline_paper_per_day=10
)


class Case:
    """A visit that is accepted, of which a test replaces what it is about."""

    def __init__(self) -> None:
        self.visit, self.shown, self.space = VISIT, SHOWN, SPACE
        self.month: tuple[PastVisit, ...] = ()
        self.agreement: AgreementFacts | None = AGREEMENT

    def decide(self) -> Accepted | Refused:
        return decide(self.visit, self.shown, self.month, self.space, self.agreement, NOW)


def a_case(**over: Any) -> Case:
    case = Case()
    for name, value in over.items():
        setattr(case, name, value)
    return case


def accepted(case: Case) -> Accepted:
    answer = case.decide()
    assert isinstance(answer, Accepted), answer
    return answer


def code(case: Case) -> str | None:
    answer = case.decide()
    return answer.code if isinstance(answer, Refused) else None


def a_past(on: date, space: str = "elsewhere", **over: Any) -> PastVisit:
    known = {"away": True, "golden": False, "reentry": False, "charge_cents": 0}
    return PastVisit(space=space, on=on, **{**known, **over})


def in_future(case: Case) -> None:
    case.visit = case.visit._replace(at=NOW + timedelta(minutes=2, seconds=1))


def too_old(case: Case) -> None:
    case.visit = case.visit._replace(at=NOW - timedelta(days=400))


def revoked(case: Case) -> None:
    case.shown = case.shown._replace(ticket=(case.shown.ticket or TICKET)._replace(is_revoked=True))


def suspended(case: Case) -> None:
    case.shown = case.shown._replace(state="suspended")


def not_yet_valid(case: Case) -> None:
    case.shown = case.shown._replace(starts_on=TODAY + timedelta(days=1))


def expired(case: Case) -> None:
    ticket = (case.shown.ticket or TICKET)._replace(expires_at=NOW)
    case.shown = case.shown._replace(ticket=ticket)


def wrong_network(case: Case) -> None:
    case.agreement = None


def roaming_not_included(case: Case) -> None:
    case.shown = case.shown._replace(home_is_suspended=True)


def roaming_cap_reached(case: Case) -> None:
    if case.agreement is not None:
        case.agreement = case.agreement._replace(roaming_days_per_month=0)


def unit_not_covered(case: Case) -> None:
    case.shown = case.shown._replace(plan=case.shown.plan._replace(unit="hour"))


def no_units_left(case: Case) -> None:
    case.shown = case.shown._replace(units_used=11)


def no_price(case: Case) -> None:
    case.space = case.space._replace(prices={})


def space_closed(case: Case) -> None:
    case.space = case.space._replace(is_open=False)


def space_full(case: Case) -> None:
    case.space = case.space._replace(present=25)


def visitors_full(case: Case) -> None:
    case.space = case.space._replace(visitors=10, visitors_per_day=10)


ORDER = [
    in_future,
    revoked,
    suspended,
    not_yet_valid,
    expired,
    wrong_network,
    roaming_not_included,
    roaming_cap_reached,
    unit_not_covered,
    no_units_left,
    no_price,
    space_closed,
    space_full,
    visitors_full,
]


@pytest.mark.parametrize("reason", [*ORDER, too_old], ids=lambda reason: reason.__name__)
def test_each_reason_alone_refuses_with_its_code(reason):
    case = a_case()
    reason(case)
    assert code(case) == reason.__name__


@pytest.mark.parametrize(
    ("first", "later"),
    [(first, later) for at, first in enumerate(ORDER) for later in ORDER[at + 1 :]],
    ids=lambda reason: reason.__name__,
)
def test_the_first_reason_of_the_order_is_the_answer(first, later):
    case = a_case()
    later(case)
    first(case)
    assert code(case) == first.__name__


@pytest.mark.parametrize("later", ORDER[1:], ids=lambda reason: reason.__name__)
def test_what_is_too_old_is_told_before_all_that_comes_after_it(later):
    case = a_case()
    later(case)
    too_old(case)
    assert code(case) == "too_old"


@pytest.mark.parametrize("later", ORDER[3:], ids=lambda reason: reason.__name__)
def test_a_reentry_comes_before_all_that_is_about_units_and_the_space(later):
    case = a_case(month=(a_past(TODAY, "rubanerie"),))
    later(case)
    answer = accepted(case)
    assert (answer.reentry, answer.units, answer.valuation) == (True, 0, None)


@pytest.mark.parametrize("earlier", [in_future, too_old, revoked, suspended])
def test_a_reentry_comes_after_time_and_state(earlier):
    case = a_case(month=(a_past(TODAY, "rubanerie"),))
    earlier(case)
    assert code(case) == earlier.__name__


@pytest.mark.parametrize(
    "past",
    [
        a_past(TODAY - timedelta(days=1), "rubanerie"),
        a_past(TODAY, "elsewhere"),
        a_past(TODAY, "rubanerie", golden=True),
    ],
)
def test_another_day_or_space_or_a_guest_makes_no_reentry(past):
    assert not accepted(a_case(month=(past,))).reentry


def test_a_guest_is_never_the_holders_reentry():
    answer = accepted(
        a_case(visit=VISIT._replace(golden=True), month=(a_past(TODAY, "rubanerie"),))
    )
    assert (answer.reentry, answer.units) == (False, 1)


@pytest.mark.parametrize("unit", ["hour", "half_day", "day", None])
def test_a_reentry_is_free_whatever_its_unit(unit):
    hours = SHOWN._replace(plan=BOOK._replace(unit="hour"), units_used=11)
    month = (a_past(TODAY, "rubanerie"),)
    answer = accepted(a_case(visit=VISIT._replace(unit=unit), shown=hours, month=month))
    assert (answer.reentry, answer.unit, answer.units_left) == (True, unit or "hour", 0)


def test_a_clock_two_minutes_ahead_is_borne_with():
    assert code(a_case(visit=VISIT._replace(at=NOW + timedelta(minutes=2)))) is None


def test_thirteen_months_ago_is_just_not_too_old():
    old = datetime(2025, 10, 24, 11, tzinfo=UTC)
    shown = SHOWN._replace(starts_on=date(2025, 1, 1), ticket=None)
    reported = VISIT._replace(at=old, on=old.date(), source="import")
    assert code(a_case(visit=reported, shown=shown)) is None
    earlier = reported._replace(at=old - timedelta(seconds=1))
    assert code(a_case(visit=earlier, shown=shown)) == "too_old"


@pytest.mark.parametrize("state", ["revoked", "refunded"])
def test_a_pass_that_ended_is_revoked(state):
    assert code(a_case(shown=SHOWN._replace(state=state))) == "revoked"


def test_a_pass_holds_on_its_first_and_on_its_last_day():
    assert code(a_case(shown=SHOWN._replace(starts_on=TODAY, ends_on=TODAY))) is None
    assert code(a_case(shown=SHOWN._replace(ends_on=TODAY - timedelta(days=1)))) == "expired"


def test_a_ticket_that_starts_later_is_not_yet_valid():
    ticket = TICKET._replace(starts_at=NOW + timedelta(seconds=1))
    assert code(a_case(shown=SHOWN._replace(ticket=ticket))) == "not_yet_valid"


def test_at_home_no_agreement_roaming_or_price_is_asked_for():
    home = SpaceFacts("comptoir", "sainte", {})
    stays = SHOWN._replace(plan=BOOK._replace(roaming=False), home_is_suspended=True)
    answer = accepted(a_case(space=home, shown=stays, agreement=None))
    assert (answer.away, answer.valuation, answer.agreement) == (False, None, None)
    assert (answer.units, answer.pass_value_cents, answer.units_left) == (1, 1363, 10)


def test_at_home_the_charge_is_none_even_with_an_agreement():
    home = SpaceFacts("comptoir", "sainte", {"day": 1500})
    assert accepted(a_case(space=home)).valuation is None


def test_visitors_are_those_from_elsewhere():
    home = SpaceFacts("comptoir", "sainte", {}, visitors=10, visitors_per_day=10)
    assert code(a_case(space=home)) is None


def test_the_roaming_cap_counts_days_and_not_visits():
    capped = AGREEMENT._replace(roaming_days_per_month=2)
    days = (a_past(date(2026, 11, 3)), a_past(date(2026, 11, 3), "other"), a_past(TODAY))
    assert code(a_case(agreement=capped, month=days)) is None
    others = (a_past(date(2026, 11, 3)), a_past(date(2026, 11, 4)))
    assert code(a_case(agreement=capped, month=others)) == "roaming_cap_reached"


def test_days_at_home_do_not_count_as_roaming():
    capped = AGREEMENT._replace(roaming_days_per_month=1)
    at_home = (a_past(date(2026, 11, 3), "comptoir", away=False),)
    assert code(a_case(agreement=capped, month=at_home)) is None


def test_a_guests_day_away_is_one_of_the_holders_roaming_days():
    capped = AGREEMENT._replace(roaming_days_per_month=1)
    guests = (a_past(date(2026, 11, 3), golden=True),)
    assert code(a_case(agreement=capped, month=guests)) == "roaming_cap_reached"
    golden = VISIT._replace(golden=True)
    own = (a_past(date(2026, 11, 3)),)
    assert code(a_case(visit=golden, agreement=capped, month=own)) == "roaming_cap_reached"


@pytest.mark.parametrize(
    ("plan", "unit", "units"),
    [
        ("day", "day", 1),
        ("day", "half_day", 1),
        ("day", "hour", 1),
        ("half_day", "day", 2),
        ("half_day", "half_day", 1),
        ("half_day", "hour", 1),
        ("hour", "hour", 1),
        ("hour", "half_day", None),
        ("hour", "day", None),
        ("half_day", None, 1),
    ],
)
def test_a_visit_takes_units_by_its_length(plan, unit, units):
    case = a_case(
        visit=VISIT._replace(unit=unit), shown=SHOWN._replace(plan=BOOK._replace(unit=plan))
    )
    if units is None:
        assert code(case) == "unit_not_covered"
    else:
        answer = accepted(case)
        assert (answer.units, answer.unit, answer.units_left) == (units, unit or plan, 11 - units)


def test_a_day_needs_two_half_days():
    one_left = SHOWN._replace(plan=HALVES, units_used=10)
    assert code(a_case(shown=one_left)) == "no_units_left"
    assert code(a_case(visit=VISIT._replace(unit="half_day"), shown=one_left)) is None


def test_a_golden_visit_may_be_of_any_unit_and_is_worth_nothing():
    hours = SHOWN._replace(plan=BOOK._replace(unit="hour"), units_used=11)
    answer = accepted(a_case(visit=VISIT._replace(golden=True), shown=hours))
    assert (answer.unit, answer.units, answer.units_left) == ("day", 1, 0)
    assert answer.pass_value_cents == 0
    assert answer.valuation is not None
    assert (answer.valuation.host_price_cents, answer.valuation.charge_cents) == (1200, 0)


def test_a_golden_visit_is_charged_its_share_of_the_host_price():
    shared = AGREEMENT._replace(terms=HOST_PRICE._replace(golden_share_bps=5000, top_up=True))
    answer = accepted(a_case(visit=VISIT._replace(golden=True), agreement=shared))
    assert answer.valuation is not None
    assert (answer.valuation.charge_cents, answer.valuation.top_up_cents) == (600, 0)


@pytest.mark.parametrize("source", ["desk", "offline", "import"])
def test_golden_tickets_never_go_past_their_number(source):
    golden = VISIT._replace(golden=True, source=source)
    assert code(a_case(visit=golden, shown=SHOWN._replace(golden_used=1))) == "no_units_left"


def test_a_golden_ticket_that_was_redeemed_is_used_up():
    shown = SHOWN._replace(ticket=TICKET._replace(is_used=True))
    golden = VISIT._replace(golden=True, source="offline")
    assert code(a_case(visit=golden, shown=shown)) == "no_units_left"


def test_a_golden_ticket_needs_roaming_to_leave_home():
    stays = SHOWN._replace(plan=BOOK._replace(roaming=False))
    assert code(a_case(visit=VISIT._replace(golden=True), shown=stays)) == "roaming_not_included"


def test_an_offline_visit_past_the_last_unit_is_overused_at_the_last_units_value():
    used_up = SHOWN._replace(units_used=11, given_cents=15_000)
    answer = accepted(a_case(visit=VISIT._replace(source="offline"), shown=used_up))
    assert (answer.overused, answer.units, answer.units_left) == (True, 0, 0)
    assert answer.pass_value_cents == 15_000 - 15_000 * 10 // 11


@pytest.mark.parametrize("source", ["desk", "import"])
def test_only_offline_visits_are_overused(source):
    case = a_case(visit=VISIT._replace(source=source), shown=SHOWN._replace(units_used=11))
    assert code(case) == "no_units_left"


@pytest.mark.parametrize("reason", [space_closed, space_full, visitors_full])
@pytest.mark.parametrize("source", ["offline", "import"])
def test_a_space_never_refuses_what_has_happened(reason, source):
    case = a_case(visit=VISIT._replace(source=source))
    reason(case)
    assert code(case) is None


@pytest.mark.parametrize("reason", [space_closed, space_full, visitors_full])
def test_the_host_may_override_what_is_the_spaces_own(reason):
    case = a_case(visit=VISIT._replace(override=True))
    reason(case)
    assert accepted(case).overridden == reason.__name__
    assert reason.__name__ in MAY_OVERRIDE


@pytest.mark.parametrize("reason", [*ORDER[:11], too_old], ids=lambda reason: reason.__name__)
def test_nothing_else_can_be_overridden(reason):
    case = a_case(visit=VISIT._replace(override=True))
    reason(case)
    assert code(case) == reason.__name__


def test_an_override_that_was_not_needed_overrides_nothing():
    assert accepted(a_case(visit=VISIT._replace(override=True))).overridden is None


def test_a_space_without_hours_or_limits_lets_everybody_in():
    free = SpaceFacts("rubanerie", "sainte", {"day": 1200}, present=900, visitors=900)
    assert code(a_case(space=free)) is None


def test_the_liability_cap_leaves_what_was_not_paid_out():
    resident = SHOWN._replace(plan=RESIDENT, price_cents=28_000)
    capped = AGREEMENT._replace(terms=HOST_PRICE._replace(liability_cap_bps=1000))
    month = (
        a_past(date(2026, 11, 2), charge_cents=1500),
        a_past(date(2026, 11, 3), golden=True, charge_cents=600),
    )
    answer = accepted(a_case(shown=resident, agreement=capped, month=month))
    assert answer.valuation is not None
    assert (answer.valuation.charge_cents, answer.valuation.capped) == (700, True)
    assert answer.valuation.levy_cents == 35


def test_a_book_has_no_liability_cap():
    capped = AGREEMENT._replace(terms=HOST_PRICE._replace(liability_cap_bps=0))
    answer = accepted(a_case(agreement=capped))
    assert answer.valuation is not None
    assert (answer.valuation.charge_cents, answer.valuation.capped) == (1200, False)


def test_what_the_cap_cuts_is_topped_up_where_that_is_agreed():
    nomade = SHOWN._replace(plan=NOMADE, price_cents=15_000)
    terms = HOST_PRICE._replace(liability_cap_bps=0, top_up=True)
    answer = accepted(a_case(shown=nomade, agreement=AGREEMENT._replace(terms=terms)))
    assert answer.valuation is not None
    assert (answer.valuation.charge_cents, answer.valuation.top_up_cents) == (0, 1200)


def test_a_half_day_costs_half_a_day_where_it_has_no_price():
    answer = accepted(a_case(visit=VISIT._replace(unit="half_day")))
    assert answer.valuation is not None
    assert answer.valuation.host_price_cents == 600


UNITS = st.sampled_from(["hour", "half_day", "day"])


@given(
    price=st.integers(0, 100_000),
    units=st.integers(1, 30),
    lengths=st.lists(UNITS, min_size=1, max_size=40),
    unit=UNITS,
)
def test_the_values_of_a_books_units_add_up_to_its_price(price, units, lengths, unit):
    plan = BOOK._replace(units=units, unit=unit)
    shown = SHOWN._replace(plan=plan, price_cents=price)
    for length in lengths:
        answer = a_case(shown=shown, visit=VISIT._replace(unit=length)).decide()
        if isinstance(answer, Accepted):
            assert answer.pass_value_cents >= 0
            shown = shown._replace(
                units_used=shown.units_used + answer.units,
                given_cents=shown.given_cents + answer.pass_value_cents,
            )
            assert answer.units_left == units - shown.units_used >= 0
    assert shown.given_cents == price * shown.units_used // units


@given(
    charges=st.lists(st.integers(0, 3000), max_size=12),
    cap=st.integers(0, 20_000),
    price=st.integers(0, 5000),
)
def test_no_charge_goes_past_the_liability_cap(charges, cap, price):
    resident = SHOWN._replace(plan=RESIDENT, price_cents=28_000)
    agreement = AGREEMENT._replace(terms=HOST_PRICE._replace(liability_cap_bps=cap))
    month = tuple(a_past(date(2026, 11, 2), charge_cents=cents) for cents in charges)
    space = SPACE._replace(prices={"day": price})
    answer = accepted(a_case(shown=resident, agreement=agreement, month=month, space=space))
    room = max(0, (28_000 * cap + 5000) // 10_000 - sum(charges))
    assert answer.valuation is not None
    assert answer.valuation.charge_cents == min(price, room)
    assert answer.valuation.capped == (price > room)


@given(
    reasons=st.lists(st.sampled_from(ORDER[:11]), max_size=5),
    override=st.booleans(),
    source=st.sampled_from(["desk", "offline", "import"]),
)
def test_what_applies_first_is_the_answer_in_whatever_order_it_came(reasons, override, source):
    case = a_case(visit=VISIT._replace(override=override, source=source))
    for reason in sorted(reasons, key=ORDER.index, reverse=True):
        reason(case)
    expected = [name for name in ORDER if name in reasons]
    if source == "offline" and no_units_left in expected:
        expected.remove(no_units_left)
    assert code(case) == (expected[0].__name__ if expected else None)
