"""Spending units: one conditional statement, on both engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy.orm import Session

from cowopass.passes.models import Pass
from cowopass.passes.usage import Units, Used, give_back, read_used, spend
from tests.factories import a_network, a_pass, a_plan, a_space

DAY = date(2026, 11, 24)


@pytest.fixture
def book(session):
    a_network(session)
    home = a_space(session, "Comptoir")
    plan = a_plan(session, home, kind="book", units=11, unit="day")
    sold = a_pass(session, plan, starts_on=date(2026, 11, 1), ends_on=date(2027, 10, 31))
    session.commit()
    return sold


def test_the_last_unit_can_be_spent_and_the_one_after_can_not(session, book):
    assert spend(session, Units(book.id, "life", 10, 13_636), allowance=11, on=DAY)
    assert spend(session, Units(book.id, "life", 1, 1_364), allowance=11, on=DAY)
    assert not spend(session, Units(book.id, "life", 1, 0), allowance=11, on=DAY)
    assert read_used(session, book.id, "life") == Used(11, 0, 15_000)


def test_a_first_visit_that_needs_more_than_the_allowance_is_not_spent(session, book):
    assert not spend(session, Units(book.id, "life", 2, 0), allowance=1, on=DAY)
    assert read_used(session, book.id, "life") == Used()


def test_an_unlimited_pass_has_no_last_unit(session, book):
    for _ in range(3):
        assert spend(session, Units(book.id, "2026-11", 40, 100), allowance=None, on=DAY)
    assert read_used(session, book.id, "2026-11") == Used(120, 0, 300)


def test_golden_tickets_are_counted_apart_from_units(session, book):
    assert spend(session, Units(book.id, "life", 1, 0, golden=True), allowance=1, on=DAY)
    assert not spend(session, Units(book.id, "life", 1, 0, golden=True), allowance=1, on=DAY)
    assert spend(session, Units(book.id, "life", 1, 1_363), allowance=11, on=DAY)
    assert read_used(session, book.id, "life") == Used(1, 1, 1_363)


@pytest.mark.parametrize("state", ["suspended", "revoked", "refunded"])
def test_a_pass_that_is_not_active_spends_nothing(session, book, state):
    session.get_one(Pass, book.id).state = state
    session.commit()
    assert not spend(session, Units(book.id, "life", 1, 0), allowance=11, on=DAY)


@pytest.mark.parametrize(
    ("day", "spent"),
    [
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2027, 10, 31), True),
        (date(2027, 11, 1), False),
    ],
)
def test_a_pass_spends_from_its_first_day_to_its_last(session, book, day, spent):
    assert spend(session, Units(book.id, "life", 1, 0), allowance=11, on=day) is spent


@pytest.mark.usefixtures("book")
def test_a_pass_that_does_not_exist_spends_nothing(session):
    assert not spend(session, Units("pas_none", "life", 1, 0), allowance=11, on=DAY)


def test_given_back_units_can_be_spent_again(session, book):
    assert spend(session, Units(book.id, "life", 11, 15_000), allowance=11, on=DAY)
    give_back(session, Units(book.id, "life", 1, 1_363))
    assert read_used(session, book.id, "life") == Used(10, 0, 13_637)
    assert spend(session, Units(book.id, "life", 1, 1_363), allowance=11, on=DAY)


@pytest.mark.race
def test_sixteen_threads_spend_one_last_unit_once(app, session, book):
    engine = app.extensions["cowopass.engine"]

    def scan(_number: int) -> bool:
        with Session(engine) as own, own.begin():
            return spend(own, Units(book.id, "life", 1, 1_363), allowance=1, on=DAY)

    with ThreadPoolExecutor(16) as desks:
        answers = list(desks.map(scan, range(64)))
    assert answers.count(True) == 1
    session.rollback()
    assert read_used(session, book.id, "life").units == 1


@pytest.mark.race
def test_a_revocation_and_a_scan_at_once_come_one_after_the_other(app, book):
    """Whoever comes first, what was spent was spent while the pass was active."""
    engine = app.extensions["cowopass.engine"]

    def scan(_number: int) -> bool:
        with Session(engine) as own, own.begin():
            return spend(own, Units(book.id, "life", 1, 0), allowance=None, on=DAY)

    def revoke() -> int:
        with Session(engine) as own, own.begin():
            sold = own.get_one(Pass, book.id, with_for_update=True)
            sold.state = "revoked"
            return read_used(own, book.id, "life").units

    with ThreadPoolExecutor(9) as desks:
        scans = [desks.submit(scan, number) for number in range(16)]
        seen = desks.submit(revoke)
        scans += [desks.submit(scan, number) for number in range(16)]
    assert sum(scan.result() for scan in scans) == seen.result()
