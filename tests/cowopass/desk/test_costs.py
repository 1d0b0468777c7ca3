"""What a visit would cost at every space, before anybody sets out: the desk's own answer."""

from __future__ import annotations

from datetime import date

from sqlalchemy import event, select

from cowopass.desk.costs import costs_of
from cowopass.desk.decision import Accepted, Refused
from cowopass.networks.models import Agreement
from cowopass.spaces.models import Space
from tests.factories import a_network, a_price, a_space


def costs(session, sold):
    return costs_of(session, sold, session.scalars(select(Space).order_by(Space.slug)).all())


def test_the_cost_is_what_the_desk_then_answers(session, sell, scan):
    session.scalar(select(Agreement)).top_up = True
    sold, ticket = sell(price_cents=11_000, price_paid_cents=11_000)
    told = costs(session, sold)
    assert {slug: cost.units for slug, cost in told.items()} == dict.fromkeys(told, 1)
    assert told["comptoir"].valuation is None
    assert told["rubanerie"].valuation.top_up_cents == 0
    session.commit()
    answered = scan(ticket, "cret").json
    assert answered["charge"]["top_up_cents"] == told["cret"].valuation.top_up_cents
    assert answered["units_left"] == told["cret"].units_left


def test_who_comes_again_today_pays_nothing_there(session, sell, scan):
    sold, ticket = sell()
    scan(ticket, "cret")
    told = costs(session, sold)
    assert told["cret"] == Accepted("day", 0, 10, 0, reentry=True)
    assert told["comptoir"].units == 1


def test_where_the_pass_does_not_hold_the_reason_is_told(session, sell):
    a_network(session, "lyon")
    a_space(session, "Croix Rousse", network="lyon")
    a_space(session, "Gone", leaves_on=date(2026, 11, 23))
    a_space(session, "Unpriced", day_cents=None)
    sold, _ = sell()
    told = costs(session, sold)
    codes = {slug: cost.code for slug, cost in told.items() if isinstance(cost, Refused)}
    assert codes == {
        "croix-rousse": "wrong_network",
        "gone": "space_unknown",
        "unpriced": "no_price",
    }


def test_a_pass_that_is_used_up_or_stays_at_home_says_so(session, sell, scan):
    spent, ticket = sell(units=1)
    scan(ticket, "cret")
    assert costs(session, spent)["comptoir"].code == "no_units_left"
    staying, _ = sell(roaming=False)
    told = costs(session, staying)
    assert isinstance(told["comptoir"], Accepted)
    assert told["cret"].code == "roaming_not_included"


def test_any_number_of_spaces_takes_the_same_few_statements(session, engine, sell):
    sold, _ = sell()
    for number in range(20):
        space = a_space(session, f"Place {number}")
        a_price(session, space.slug, "half_day", 700)
    session.commit()
    said = []
    event.listen(engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    spaces = session.scalars(select(Space)).all()
    said.clear()
    assert len(costs_of(session, sold, spaces)) == 23
    assert len(said) <= 6


def test_no_space_at_all_costs_nothing(session, sell):
    sold, _ = sell()
    assert costs_of(session, sold, []) == {}
