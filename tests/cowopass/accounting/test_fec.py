"""A month as a FEC: by the law, to the cent, and with the numbers of its invoices."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cowopass.accounting.fec import fec_file
from cowopass.invoicing.service import list_invoices
from cowopass.settlement.lock import lock_period
from cowopass.settlement.payments import Bill, record_payment, write_off
from cowopass.settlement.transfers import list_dues
from tests.cowopass.accounting.conftest import PARTIES, balance, rows
from tests.cowopass.accounting.fec_check import check_fec


def pay_all(session, month="2026-11"):
    """Record the payments of a month's transfers, each in two parts."""
    for due in list_dues(session, "sainte", month):
        bill = Bill("sainte", month, due.id)
        for cents in (100, due.amount_cents - 100):
            record_payment(session, bill, cents, date(2026, 12, 2))
    session.commit()


@pytest.mark.parametrize("is_paid", [False, True])
def test_every_file_of_a_month_is_as_the_law_has_it(november, issue, is_paid):
    issue()
    if is_paid:
        pay_all(november)
    for party in PARTIES:
        content = fec_file(november, "sainte", "2026-11", party)
        assert check_fec(content) == [], party
        assert len(rows(content)) > 3


def test_sales_and_purchases_are_the_gross_of_the_ledger(november, issue):
    """Comptoir received 3 days of B and 4 of C at 15.00; its levy is 5 %, and VAT 20 %."""
    issue()
    comptoir = fec_file(november, "sainte", "2026-11", "comptoir")
    assert balance(comptoir, "706") == {("706000", ""): -8_750}
    assert balance(comptoir, "4457") == {("445710", ""): -1_750}
    assert balance(comptoir, "611") == {("611000", ""): 7_200 + 4_000}
    assert balance(comptoir, "628") == {("628100", ""): 525}
    assert set(balance(comptoir, "411", "401").values()) == {0}
    fund = fec_file(november, "sainte", "2026-11", "fund")
    assert balance(fund, "756") == {("756000", ""): -1_215}


def test_what_is_left_is_the_plan_and_ends_with_the_bank(november, issue):
    """Comptoir owes the fund 12.15, and carries 0.10 that it owes B."""
    issue()
    before = fec_file(november, "sainte", "2026-11", "comptoir")
    assert balance(before, "467") == {("467000", "FUND"): -1_215, ("467000", "B"): -10}
    pay_all(november)
    after = fec_file(november, "sainte", "2026-11", "comptoir")
    assert balance(after, "467") == {("467000", "FUND"): 0, ("467000", "B"): -10}
    assert balance(after, "512") == {("512000", ""): -1_215}
    letters = {row["EcritureLet"] for row in rows(after) if row["CompAuxNum"] == "FUND"}
    assert any(letter.startswith("RF") for letter in letters)


def test_pieces_are_invoices_where_there_are_some(november, issue, legal):
    legal("b", self_billing_mandate_on=None)
    issue()
    numbers = {invoice.number for invoice in list_invoices(november, "sainte", "2026-11")}
    told = rows(fec_file(november, "sainte", "2026-11", "comptoir"))
    pieces = {row["PieceRef"] for row in told if row["JournalCode"] in {"VE", "AC"}}
    assert pieces - numbers == {"2026-11-b-comptoir"}
    assert pieces & numbers


def test_without_invoices_the_amounts_are_the_same(november, config, issue, travel):
    travel.move_to(datetime(2026, 12, 2, 10, tzinfo=UTC))
    lock_period(november, config, "sainte", "2026-11")
    before = {party: fec_file(november, "sainte", "2026-11", party) for party in PARTIES}
    for party, content in before.items():
        assert check_fec(content) == [], party
    issue()
    for party, content in before.items():
        after = fec_file(november, "sainte", "2026-11", party)
        assert balance(after, "") == balance(content, ""), party


def test_numbers_go_on_over_the_months_of_a_year(november, visit, issue, config, travel):
    issue()
    travel.move_to(datetime(2026, 12, 20, 10, tzinfo=UTC))
    visit("b", "comptoir", 1500, on=date(2026, 12, 12))
    travel.move_to(datetime(2027, 1, 3, 10, tzinfo=UTC))
    lock_period(november, config, "sainte", "2026-12")
    visit("b", "comptoir", 1500, on=date(2027, 1, 2))
    for party in ("comptoir", "b", "sainte"):
        first = rows(fec_file(november, "sainte", "2026-11", party))
        last = {row["JournalCode"]: int(row["EcritureNum"]) for row in first}
        assert check_fec(fec_file(november, "sainte", "2026-12", party), last) == [], party
    travel.move_to(datetime(2027, 2, 3, 10, tzinfo=UTC))
    lock_period(november, config, "sainte", "2027-01")
    assert check_fec(fec_file(november, "sainte", "2027-01", "comptoir")) == []


@pytest.mark.parametrize("borne_by", ["creditor", "fund"])
def test_a_debt_given_up_is_a_loss_here_and_an_income_there(
    november, issue, config, travel, borne_by
):
    issue()
    due = next(each for each in list_dues(november, "sainte", "2026-11") if each.creditor != "fund")
    bill = Bill("sainte", "2026-11", due.id)
    write_off(november, bill, reason="Closed down", borne_by=borne_by)
    november.commit()
    creditor = fec_file(november, "sainte", "2026-11", due.creditor)
    debtor = fec_file(november, "sainte", "2026-11", due.debtor)
    assert balance(creditor, "654") == {("654000", ""): due.amount_cents}
    assert balance(debtor, "758") == {("758000", ""): -due.amount_cents}
    assert check_fec(creditor) == check_fec(debtor) == []
    travel.move_to(datetime(2027, 1, 3, 10, tzinfo=UTC))
    lock_period(november, config, "sainte", "2026-12")
    fund = fec_file(november, "sainte", "2026-12", "fund")
    borne = balance(fund, "658")
    assert borne == ({("658000", ""): due.amount_cents} if borne_by == "fund" else {})


def fault(old, new):
    """Return what spoils a file: the first text that is found becomes another."""

    def spoil(content):
        assert old in content, old
        return content.replace(old, new, 1)

    return spoil


FAULTS = {
    "a mark": lambda content: b"\xef\xbb\xbf" + content,
    "another encoding": lambda content: content.decode().encode("latin-1", "replace"),
    "semicolons": lambda content: content.replace(b"\t", b";"),
    "two fields swapped": fault(b"Debit\tCredit", b"Credit\tDebit"),
    "a field less": fault(b"\tValidDate", b""),
    "a point": fault(b",00\t0,00", b".00\t0,00"),
    "a cent": fault(b"\t45,00\t", b"\t45,01\t"),
    "a day in words": fault(b"20261130", b"30/11/2026"),
    "no such day": fault(b"20261130", b"20261131"),
    "a gap": fault(b"\t2\t20261130", b"\t3\t20261130"),
    "a letter alone": fault(b"\tC2611\t20261130\t", b"\tC2611\t\t"),
    "no piece": fault(b"COMPTOIR-2026-000001", b""),
    "no account": fault(b"\t706000\t", b"\t\t"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_checker_finds_a_planted_fault(november, issue, name):
    issue()
    content = fec_file(november, "sainte", "2026-11", "comptoir")
    assert check_fec(content) == []
    assert check_fec(FAULTS[name](content)) != []
