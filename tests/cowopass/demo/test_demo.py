"""The demonstration tells the same story twice, and every figure of it is right."""

from __future__ import annotations

import pytest
import time_machine
from sqlalchemy import func, select

from cowopass.audit.service import audit_records
from cowopass.demo.service import load_demo
from cowopass.desk.models import CheckIn
from cowopass.ledger.models import Dispute, SettlementLine
from cowopass.passes.models import Pass, Plan
from cowopass.settlement.service import show_month
from cowopass.spaces.models import Space

pytestmark = pytest.mark.slow

NOON = "2026-11-24T11:00:00+00:00"


@time_machine.travel(NOON, tick=False)
def test_the_demonstration_is_a_settled_a_locked_and_a_reviewed_month(app, session, config):
    with app.app_context():
        assert load_demo(session, config)
        assert not load_demo(session, config)
    for network in ("sainte", "lyon"):
        months = (f"2026-{month:02}" for month in (8, 9, 10, 11))
        states = [show_month(session, network, month)["state"] for month in months]
        assert states == ["settled", "locked", "review", "open"]
    assert session.scalar(select(func.count()).select_from(Space)) == 11
    assert session.scalar(select(func.count()).select_from(Pass)) > 300
    assert set(session.scalars(select(Plan.kind))) == {"unlimited", "quota", "book", "single"}
    assert set(session.scalars(select(CheckIn.state))) == {"accepted", "refused", "voided"}
    assert set(session.scalars(select(Dispute.state))) == {"open", "upheld", "refused"}
    late = select(func.count()).where(SettlementLine.late_from.is_not(None))
    assert session.scalar(late.select_from(SettlementLine)) > 0
    assert list(audit_records(session, config, None, lambda _: None)) == []
