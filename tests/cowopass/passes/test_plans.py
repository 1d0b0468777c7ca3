"""Versions of plans: one that was sold is never edited."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cowopass.passes.models import Plan
from cowopass.passes.plans import save_plan
from cowopass.passes.service import find_plan_on_sale
from tests.factories import a_network, a_pass, a_space

OFFER = {
    "name": "Voyageur",
    "kind": "book",
    "unit": "day",
    "units": 11,
    "validity_months": 12,
    "price_cents": 15_000,
    "volunteer_price_cents": None,
    "golden_tickets": 1,
    "notional_units": None,
    "roaming": True,
    "is_offered": True,
}


@pytest.fixture
def save(session):
    """Return a function that saves the plan `voyageur` of a space, with changes."""
    a_network(session)
    a_space(session, "Comptoir")
    return lambda **over: save_plan(session, "comptoir", "voyageur", {**OFFER, **over})


def versions(session):
    return [
        (plan.version, plan.price_cents, plan.is_offered)
        for plan in session.scalars(select(Plan).order_by(Plan.version))
    ]


def test_saving_the_same_twice_changes_nothing(session, save):
    assert [save(), save()] == ["added", "unchanged"]
    assert versions(session) == [(1, 15_000, True)]


def test_a_plan_nobody_bought_is_changed_in_place(session, save):
    assert [save(), save(price_cents=16_000)] == ["added", "changed"]
    assert versions(session) == [(1, 16_000, True)]


def test_a_sold_plan_keeps_its_terms_and_the_next_version_is_on_sale(session, save):
    save()
    sold = a_pass(session, find_plan_on_sale(session, "comptoir", "voyageur"))
    assert [save(price_cents=16_000), save(price_cents=16_000)] == ["changed", "unchanged"]
    assert versions(session) == [(1, 15_000, False), (2, 16_000, True)]
    assert sold.plan.price_cents == 15_000
    assert find_plan_on_sale(session, "comptoir", "voyageur").version == 2


def test_a_plan_off_sale_can_be_put_back_without_a_new_version(session, save):
    save()
    a_pass(session, session.scalars(select(Plan)).one())
    assert [save(is_offered=False), save(is_offered=False)] == ["changed", "unchanged"]
    assert versions(session) == [(1, 15_000, False)]
    assert save() == "changed"
    assert versions(session) == [(1, 15_000, True)]


def test_plans_of_other_spaces_are_left_alone(session, save):
    save()
    a_space(session, "Rubanerie")
    assert save_plan(session, "rubanerie", "voyageur", {**OFFER, "price_cents": 1}) == "added"
    assert find_plan_on_sale(session, "comptoir", "voyageur").price_cents == 15_000
