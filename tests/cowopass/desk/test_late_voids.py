"""Taking back, or extending, a visit of a locked month: the answer lands in the open one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cowopass.ledger.models import SettlementLine
from cowopass.ledger.service import ensure_period
from cowopass.passes.models import PassUsage

COLUMNS = [
    getattr(SettlementLine, name) for name in "kind period late_from unit amount_cents".split()
]


@pytest.fixture
def lock_november(session, noon):
    """Return a function that locks November and moves to 3 December."""

    def lock():
        ensure_period(session, "sainte", "2026-11").locked_at = datetime(2026, 12, 2, tzinfo=UTC)
        session.commit()
        noon.move_to("2026-12-03T11:00:00+00:00")

    return lock


def test_a_void_after_the_lock_lands_in_the_open_month(sell, scan, act, rows, lock_november):
    _, ticket = sell()
    visit = scan(ticket)
    lock_november()
    assert act(visit, "void", reason="Never came").json["state"] == "voided"
    assert act(visit, "void", reason="Never came").status_code == 200
    assert rows(*COLUMNS) == [
        ("charge", "2026-11", None, "day", 1200),
        ("reversal", "2026-12", "2026-11", "day", 1200),
    ]
    assert rows(PassUsage.units_used, PassUsage.value_given_cents) == [(0, 0)]


def test_an_extension_after_the_lock_lands_in_the_open_month(sell, scan, act, rows, lock_november):
    _, ticket = sell()
    visit = scan(ticket, unit="half_day")
    lock_november()
    assert act(visit, "extend").json["unit"] == "day"
    assert act(visit, "extend").status_code == 200
    assert rows(*COLUMNS) == [
        ("charge", "2026-11", None, "half_day", 600),
        ("reversal", "2026-12", "2026-11", "half_day", 600),
        ("charge", "2026-12", "2026-11", "day", 1200),
    ]


def test_an_unused_monthly_unit_comes_back_to_its_own_month(sell, scan, act, rows, lock_november):
    _, ticket = sell("quota", units=4, validity_months=3)
    visit = scan(ticket)
    lock_november()
    scan(ticket)
    act(visit, "void", reason="Never came")
    assert sorted(rows(PassUsage.bucket, PassUsage.units_used)) == [("2026-11", 0), ("2026-12", 1)]
