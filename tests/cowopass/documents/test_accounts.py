"""Two programs that know nothing of us must take the journals, and find the same balances."""

from __future__ import annotations

import csv
import os
import shutil
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.core import realization
from beancount.core.data import Open
from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.ledger import Entry, balances
from cowopass.config import Config
from cowopass.documents.journal import account_name
from cowopass.ledger.models import LedgerEntry
from cowopass.networks.models import Network
from cowopass.settlement.lock import lock_period
from cowopass.settlement.payments import Bill, record_payment, write_off
from cowopass.settlement.transfers import list_dues
from tests.cowopass.documents.conftest import JANUARY_2, Run, Visit, call, sell
from tests.factories import a_space

BEAN_CHECK = Path(sys.executable).with_name("bean-check")


@pytest.fixture
def hledger() -> str:
    """The path of hledger; it is no Python package, so it may be missing."""
    found = shutil.which("hledger")
    if found is None:
        message = "no hledger: run `apt-get install hledger`"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


def export(run: Run, folder: Path, form: str, month: str = "2026-11") -> Path:
    result = run("period", "export", "sainte", month, "--format", form, "--out", folder)
    assert result.exit_code == 0, result.output
    return Path(result.stdout.strip())


def recorded(session: Session, month: str = "2026-11") -> dict[str, int]:
    """Debit less credit of each account of a month, in cents, by the service's own records."""
    rows = session.execute(
        select(LedgerEntry.debit, LedgerEntry.credit, LedgerEntry.amount_cents).where(
            LedgerEntry.network == "sainte", LedgerEntry.period == month
        )
    )
    sums = balances(Entry(*row) for row in rows)
    return {account_name(account, month): -cents for account, cents in sums.items()}


def by_beancount(*files: Path) -> dict[str, int]:
    sums: dict[str, int] = {}
    for file in files:
        entries, errors, _ = loader.load_file(str(file))
        assert errors == []
        root = realization.realize(entries)
        for entry in entries:
            if isinstance(entry, Open):
                found = realization.get(root, entry.account).balance
                sums[entry.account] = int(found.get_currency_units("EUR").number * 100)
    return sums


def by_hledger(program: str, *files: Path) -> dict[str, int]:
    sources = [part for file in files for part in ("-f", str(file))]
    done = call(program, *sources, "balance", "--flat", "--empty", "--no-total", "-O", "csv")
    assert done.returncode == 0
    rows = csv.DictReader(done.stdout.splitlines())
    return {row["account"]: cents(row["balance"]) for row in rows}


def cents(amount: str) -> int:
    return int(Decimal(amount.removesuffix(" EUR")) * 100)


def accepts_beancount(file: Path) -> bool:
    return call(BEAN_CHECK, file).returncode == 0


def accepts_hledger(program: str, *files: Path) -> bool:
    sources = [part for file in files for part in ("-f", str(file))]
    return call(program, *sources, "check", "--strict").returncode == 0


@pytest.fixture
def december(paid: Session, visit: Visit, config: Config, travel: Any) -> Callable[[], Session]:
    """A December with a late visit, a carry in and a payment, locked; November has a write-off."""
    (due,) = [row for row in list_dues(paid, "sainte", "2026-11") if row.left_cents]
    bill = Bill("sainte", "2026-11", due.id)
    record_payment(paid, bill, 500, date(2026, 12, 1))
    write_off(paid, bill, reason="closed", borne_by="fund")
    paid.commit()
    visit("comptoir", "b", "11-29")
    travel.move_to(JANUARY_2)
    lock_period(paid, config, "sainte", "2026-12")
    paid.commit()
    return paid


@pytest.mark.parametrize("state", ["november", "locked", "paid"])
def test_both_programs_agree_with_the_service_to_the_cent(
    request: pytest.FixtureRequest, run: Run, tmp_path: Path, hledger: str, state: str
):
    session: Session = request.getfixturevalue(state)
    expected = recorded(session)
    beancount = export(run, tmp_path, "beancount")
    journal = export(run, tmp_path, "hledger")
    assert accepts_beancount(beancount)
    assert accepts_hledger(hledger, journal)
    assert by_beancount(beancount) == by_hledger(hledger, journal) == expected
    assert sum(expected.values()) == 0


def test_months_add_up_when_they_are_read_together(
    december: Session, run: Run, tmp_path: Path, hledger: str
):
    files = {
        form: [export(run, tmp_path / month, form, month) for month in ("2026-11", "2026-12")]
        for form in ("beancount", "hledger")
    }
    expected = {**recorded(december), **recorded(december, "2026-12")}
    both = tmp_path / "both.beancount"
    both.write_text("".join(f'include "{file}"\n' for file in files["beancount"]))
    assert accepts_beancount(both)
    assert accepts_hledger(hledger, *files["hledger"])
    assert by_beancount(*files["beancount"]) == expected
    assert by_hledger(hledger, *files["hledger"]) == expected
    carried = sum(value for name, value in expected.items() if ":Carried:Comptoir:" in name)
    late = "2026-12-01 * charge"
    assert carried == 0
    assert late in files["hledger"][1].read_text()


@pytest.mark.usefixtures("december")
def test_a_payment_stands_on_the_day_of_the_bank_statement(run: Run, tmp_path: Path):
    text = export(run, tmp_path, "hledger").read_text()
    assert text.count("2026-12-02 * payment") == 2
    assert text.count("2026-12-01 * payment") == 1
    assert text.count("2026-12-02 * write_off") == 1


@pytest.mark.parametrize("where", ["one side", "both sides", "the closing balance"])
@pytest.mark.usefixtures("paid")
def test_a_planted_cent_is_caught_by_both(run: Run, tmp_path: Path, hledger: str, where: str):
    beancount, journal = export(run, tmp_path, "beancount"), export(run, tmp_path, "hledger")
    changes = {
        "one side": (("  12.00 EUR", "  12.01 EUR"),) * 2,
        "both sides": (("12.00 EUR", "12.01 EUR"),) * 2,
        "the closing balance": (("  9.00 ~", "  9.01 ~"), ("= 9.00 EUR", "= 9.01 EUR")),
    }
    for file, (right, wrong) in zip((beancount, journal), changes[where], strict=True):
        text = file.read_text()
        assert right in text
        file.write_text(text.replace(right, wrong, 2 if where == "both sides" else 1))
    assert not accepts_beancount(beancount)
    assert not accepts_hledger(hledger, journal)


def test_slugs_with_dashes_and_digits_become_accounts(
    sainte: Session, config: Config, visit: Visit, run: Run, tmp_path: Path, hledger: str
):
    network = sainte.get_one(Network, "sainte")
    network.name = 'Réseau "3 \\ 4"; (x)\n2026-01-01 * "y"'
    for slug in ("3-fontaines", "la-rubanerie-42", "42"):
        sell(sainte, config, a_space(sainte, slug.title(), slug=slug))
    sainte.commit()
    visit("3-fontaines", "la-rubanerie-42", "11-02")
    visit("42", "3-fontaines", "11-03")
    beancount, journal = export(run, tmp_path, "beancount"), export(run, tmp_path, "hledger")
    assert accepts_beancount(beancount)
    assert accepts_hledger(hledger, journal)
    assert by_beancount(beancount) == by_hledger(hledger, journal) == recorded(sainte)


@pytest.mark.usefixtures("sainte")
def test_a_month_without_entries_is_a_journal_too(run: Run, tmp_path: Path, hledger: str):
    assert accepts_beancount(export(run, tmp_path, "beancount", "2026-10"))
    assert accepts_hledger(hledger, export(run, tmp_path, "hledger", "2026-10"))
