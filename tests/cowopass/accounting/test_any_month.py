"""Whatever happens, in whatever order: everybody's books are well formed and nothing stays open.

Months are invoiced, paid in parts, bounced and given up, while VAT regimes and what an invoice
needs change; visits go to another network and come from it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from clearing.period import month_of, previous_month
from cowopass import clock
from cowopass.accounting.fec import fec_file
from cowopass.invoicing.service import issue_month
from cowopass.ledger.models import Period
from cowopass.networks.models import VatRegime
from cowopass.settlement.lock import lock_period
from cowopass.settlement.models import Payment, Transfer
from cowopass.settlement.payments import Bill, record_bounce, record_payment, write_off
from cowopass.settlement.transfers import list_dues
from tests.cowopass.accounting.conftest import PARTIES, balance, rows
from tests.cowopass.accounting.fec_check import check_fec
from tests.cowopass.invoicing.conftest import a_legal_side
from tests.cowopass.settlement.test_invariants import SPACES, Life
from tests.factories import a_network, a_space, an_agreement

FIRST_DAY = date(2026, 9, 1)
NEEDED = ("self_billing_mandate_on", "vat_number", "siret", "town")
"""What an invoice needs of its issuer, or what decides who numbers it."""

OWED = ("40", "41")
"""The accounts of who is owed and who owes: what a month's invoices put there, its lock settles."""


class Business(Life):
    """A life whose months are invoiced and paid, in which what the law asks for comes and goes."""

    def __init__(self, seed, session, config, visit, travel, legal):
        super().__init__(seed, session, config, visit, travel)
        self.legal = legal
        self.known = {
            slug: {name: getattr(legal(slug), name) for name in NEEDED} for slug in SPACES
        }

    def locked_of(self, network):
        locked = select(Period.month).where(
            Period.network == network, Period.locked_at.is_not(None)
        )
        return self.session.scalars(locked.order_by(Period.month)).all()

    def lock(self):
        super().lock()
        month = previous_month(month_of(clock.today("Europe/Paris")))
        if month >= month_of(FIRST_DAY):
            lock_period(self.session, self.config, "lyon", month)
        if self.random.random() < 0.6:
            self.issue()

    def issue(self):
        for network in ("sainte", "lyon"):
            for month in self.locked_of(network):
                issue_month(self.session, network, month)

    def due(self):
        dues = [
            (Bill("sainte", month, due.id), due)
            for month in self.locked_of("sainte")
            for due in list_dues(self.session, "sainte", month)
            if due.left_cents
        ]
        return self.random.choice(dues) if dues else None

    def pay(self):
        if found := self.due():
            bill, due = found
            part = self.random.randint(1, due.left_cents)
            cents = self.random.choice((due.left_cents, part))
            record_payment(self.session, bill, cents, clock.today("Europe/Paris"))

    def bounce(self):
        back = select(Payment.reverses_id).where(Payment.reverses_id.is_not(None))
        paid = select(Payment).where(Payment.kind == "payment", Payment.id.not_in(back)).limit(1)
        payment = self.session.scalar(paid)
        if payment is not None:
            month = self.session.get_one(Transfer, payment.transfer_id).period
            today = clock.today("Europe/Paris")
            record_bounce(self.session, "sainte", month, payment.id, today, "AC04")

    def give_up(self):
        if found := self.due():
            bill, due = found
            is_funds = "fund" in (due.debtor, due.creditor)
            write_off(
                self.session,
                bill,
                reason="Gone",
                borne_by="creditor" if is_funds else self.random.choice(("fund", "creditor")),
                amount_cents=self.random.randint(1, due.left_cents),
            )

    def welcome(self):
        if self.random.random() < 0.6:
            super().welcome()
            return
        ours, cents = self.random.choice(SPACES), self.random.choice((0, 600, 1200, 1999))
        on = clock.today("Europe/Paris") - timedelta(days=self.random.randrange(45))
        on = max(on, FIRST_DAY)
        if self.random.random() < 0.5:
            there = {"host_network": "lyon", "agreement": "sainte>lyon@2025-01"}
            self.visits.append(self.visit(ours, "villeurbanne", cents, on=on, **there))
        else:
            here = {"home_network": "lyon", "agreement": "lyon>sainte@2025-01"}
            self.visits.append(self.visit("villeurbanne", ours, cents, on=on, **here))

    def lose(self):
        who, what = self.random.choice(SPACES), self.random.choice(NEEDED)
        is_there = getattr(self.legal(who), what) is not None
        self.legal(who, **{what: None if is_there else self.known[who][what]})

    def change_vat(self):
        entity = self.legal(self.random.choice(SPACES))
        on = clock.today("Europe/Paris") - timedelta(days=self.random.randrange(70))
        if on not in {row.effective_from for row in entity.vat}:
            regime = self.random.choice(("standard", "franchise", "out_of_scope"))
            entity.vat.append(VatRegime(regime=regime, effective_from=on))

    def live(self):
        acts = [self.welcome] * 8 + [self.void, self.contest, self.decide, self.decide]
        acts += [self.pay, self.pay, self.bounce, self.give_up]
        acts += [self.change_vat, self.issue, self.lose]
        for day in range(130):
            self.travel.move_to(datetime(2026, 9, 2, 10, tzinfo=UTC) + timedelta(days=day))
            acts[0]() if not self.visits else self.random.choice(acts)()
            if clock.now().day in (8, 9):
                self.lock()
            self.session.commit()


@pytest.fixture
def lyon(sainte, legal):
    """A second network, whose space takes part in the first one's months."""
    for slug in SPACES:
        legal(slug, vat_number="FR66999000011")
    network = a_network(sainte, "lyon")
    network.fund = a_legal_side("fund", siret="99900006000011", siren="999000060")
    space = a_space(sainte, "Villeurbanne", network="lyon")
    space.legal = a_legal_side("c", siret="99900007000010", siren="999000070")
    for home, host in (("lyon", "lyon"), ("lyon", "sainte"), ("sainte", "lyon")):
        an_agreement(sainte, home, host)
    sainte.commit()


@pytest.mark.slow
@pytest.mark.usefixtures("lyon")
@pytest.mark.parametrize("seed", range(6))
def test_the_books_are_well_formed_and_owe_nothing_more(sainte, config, visit, travel, legal, seed):
    life = Business(seed, sainte, config, visit, travel, legal)
    life.live()
    parties = {"sainte": PARTIES, "lyon": ("villeurbanne", "fund", "lyon")}
    for network, parties_there in parties.items():
        for party in parties_there:
            last: dict[str, dict[str, int]] = {}
            for month in life.locked_of(network):
                content = fec_file(sainte, network, month, party)
                numbers = last.setdefault(month[:4], {})
                assert check_fec(content, numbers) == [], (network, month, party)
                numbers |= {row["JournalCode"]: int(row["EcritureNum"]) for row in rows(content)}
                if network == "sainte" and party != "sainte":
                    assert not any(balance(content, *OWED).values()), (month, party)
