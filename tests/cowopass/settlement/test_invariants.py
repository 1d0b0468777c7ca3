"""Whatever happens, in whatever order: the books balance, and every visit counts once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from clearing.line import effects
from clearing.month import fold
from clearing.period import month_of, previous_month
from cowopass import clock
from cowopass.desk.models import CheckIn
from cowopass.ledger.claims import claims_of
from cowopass.ledger.models import Dispute, Period, SettlementLine
from cowopass.ledger.rows import LINE_COLUMNS, line_of
from cowopass.ledger.service import reverse_charges
from cowopass.people.access import caller_with
from cowopass.settlement.balances import check_balances
from cowopass.settlement.dispute_decisions import decide
from cowopass.settlement.disputes import contest
from cowopass.settlement.lock import lock_period
from cowopass.settlement.months import read_lines
from tests.marks import slow_but

OPERATOR = caller_with("tok_1", "operator", None, None)
SPACES = ("comptoir", "b", "c")


class Life:
    """Four months in which visits, voids, disputes and locks happen as a seed has it."""

    def __init__(self, seed, session, config, visit, travel):
        self.random = Random(seed)  # noqa: S311 (the same life each time)
        self.session, self.config, self.visit, self.travel = session, config, visit, travel
        self.visits = []

    def welcome(self):
        home, host = self.random.sample(SPACES, 2)
        on = clock.today("Europe/Paris") - timedelta(days=self.random.randrange(45))
        cents = self.random.choice((0, 600, 1200, 1999))
        self.visits.append(self.visit(home, host, cents, on=max(on, date(2026, 9, 1))))

    def void(self):
        check_in = self.session.get_one(CheckIn, self.random.choice(self.visits))
        reverse_charges(self.session, check_in.id)
        check_in.state = "voided"

    def contest(self):
        check_in = self.random.choice(self.visits)
        if any(claim.standing == "live" for claim in claims_of(self.session, check_in)):
            known = select(Dispute.id).where(Dispute.check_in == check_in)
            if self.session.scalar(known) is None:
                contest(self.session, OPERATOR, check_in, "Nobody came")

    def decide(self):
        dispute = self.session.scalar(select(Dispute.id).where(Dispute.state == "open").limit(1))
        if dispute is not None:
            decision = self.random.choice(("upheld", "refused"))
            decide(self.session, OPERATOR, dispute, decision, "So be it")

    def lock(self):
        month = previous_month(month_of(clock.today("Europe/Paris")))
        if month >= "2026-09":
            lock_period(self.session, self.config, "sainte", month)

    def live(self):
        acts = [self.welcome] * 6 + [self.void, self.contest, self.decide, self.decide]
        for day in range(0, 120, 2):
            self.travel.move_to(datetime(2026, 9, 2, 10, tzinfo=UTC) + timedelta(days=day))
            acts[0]() if not self.visits else self.random.choice(acts)()
            if clock.now().day in (8, 9):
                self.lock()
            self.session.commit()


@pytest.mark.parametrize("seed", slow_but(0, range(4)))
def test_the_books_balance_whatever_happens(sainte, config, visit, travel, seed):
    life = Life(seed, sainte, config, visit, travel)
    life.live()
    assert check_balances(sainte) == []
    locked = sainte.scalars(select(Period).where(Period.locked_at.is_not(None))).all()
    assert len(locked) == 3
    for period in locked:
        assert fold(read_lines(sainte, "sainte", period.month)).root.hex() == period.root


@pytest.mark.parametrize("seed", slow_but(0, range(4)))
def test_every_visit_that_stands_counts_once_in_all_months_together(
    sainte, config, visit, travel, seed
):
    life = Life(seed, sainte, config, visit, travel)
    life.live()
    due, written = Counter(), Counter()
    for check_in in life.visits:
        for claim in claims_of(sainte, check_in):
            if claim.standing == "live":
                due.update(dict(effects(claim.line)))
    rows = sainte.execute(select(*LINE_COLUMNS).where(SettlementLine.kind != "carried"))
    for line in map(line_of, rows):
        written.update(dict(effects(line)))
    assert {k: v for k, v in written.items() if v} == {k: v for k, v in due.items() if v}
