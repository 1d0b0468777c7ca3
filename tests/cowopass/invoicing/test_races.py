"""Two who issue at one instant: no number twice, none left out, nothing invoiced twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cowopass.invoicing.models import Invoice, InvoiceLine
from cowopass.invoicing.numbers import take_numbers
from cowopass.invoicing.service import issue_month
from cowopass.settlement.lock import lock_period
from tests.cowopass.settlement.conftest import DECEMBER_2

AT_ONCE = 6


def at_one_instant(engine, act):
    """Run an act in as many transactions at once, and return what each gave."""
    start = Barrier(AT_ONCE)

    def one(place):
        with Session(engine) as session, session.begin():
            start.wait()
            return act(session, place)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.mark.race
def test_a_month_issued_by_many_at_once_is_issued_once(november, legal, config, engine, travel):  # noqa: ARG001
    travel.move_to(DECEMBER_2)
    lock_period(november, config, "sainte", "2026-11")
    november.commit()
    given = at_one_instant(
        engine,
        lambda session, _: [
            one.number for one in issue_month(session, "sainte", "2026-11").invoices
        ],
    )
    assert len(given[0]) == 9
    assert all(numbers == given[0] for numbers in given)
    charged = november.scalar(select(func.count()).select_from(InvoiceLine))
    assert charged == 2 * 17
    assert november.scalar(select(func.count()).select_from(Invoice)) == 9


@pytest.mark.race
def test_numbers_taken_at_once_leave_no_gap(sainte, engine):  # noqa: ARG001
    firsts = at_one_instant(
        engine, lambda session, _: [take_numbers(session, "sainte", "b", 2026, 3) for _ in range(5)]
    )
    taken = sorted(first for some in firsts for first in some)
    assert taken == list(range(1, 3 * 5 * AT_ONCE, 3))


def test_what_is_rolled_back_leaves_no_gap(sainte):
    assert take_numbers(sainte, "sainte", "b", 2026, 3) == 1
    sainte.rollback()
    assert take_numbers(sainte, "sainte", "b", 2026, 1) == 1
    assert take_numbers(sainte, "sainte", "b", 2027, 1) == 1
