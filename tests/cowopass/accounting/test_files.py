"""The same books in three forms, by command and over HTTP, for those who may have them."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess

import pytest

from cowopass.accounting.books import read_books
from cowopass.spaces.models import Space
from tests.cowopass.accounting.conftest import PARTIES, balance
from tests.cowopass.accounting.fec_check import check_fec

ADDRESS = "/api/v1/periods/sainte/2026-11/accounting"


@pytest.fixture
def hledger():
    """The path of hledger; it is no Python package, so it may be missing."""
    found = shutil.which("hledger")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no hledger: run `apt-get install hledger`")
        pytest.skip("no hledger")
    return found


def test_hledger_accepts_the_books_of_everybody(november, issue, run, tmp_path, hledger):
    issue()
    for party in PARTIES:
        out = tmp_path / f"{party}.journal"
        done = run(
            "accounting", "export", "sainte", "2026-11", party, "--format", "hledger", "--out", out
        )
        assert done.exit_code == 0, done.output
        command = [hledger, "-f", out, "check", "--strict"]
        checked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        assert checked.returncode == 0, checked.stderr
    changed = tmp_path / "changed.journal"
    changed.write_text((tmp_path / "b.journal").read_text().replace(" = 0.00", " = 0.01", 1))
    command = [hledger, "-f", changed, "check", "--strict"]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0  # noqa: S603
    november.rollback()


@pytest.mark.usefixtures("november")
def test_the_table_has_the_amounts_of_the_fec(issue, run, tmp_path):
    issue()
    fec, table = tmp_path / "b.txt", tmp_path / "b.csv"
    run("accounting", "export", "sainte", "2026-11", "b", "--out", fec)
    run("accounting", "export", "sainte", "2026-11", "b", "--format", "csv", "--out", table)
    sums = {}
    with table.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            key = row["account"], row["party"].upper()
            cents = int(row["debit_cents"]) - int(row["credit_cents"])
            sums[key] = sums.get(key, 0) + cents
    assert sums == balance(fec.read_bytes(), "")
    assert check_fec(fec.read_bytes()) == []


def test_no_name_in_the_table_acts_as_a_formula(november, issue, run, tmp_path):
    november.get_one(Space, "comptoir").name = '=HYPERLINK("http://example.org")'
    issue()
    table = tmp_path / "b.csv"
    run("accounting", "export", "sainte", "2026-11", "b", "--format", "csv", "--out", table)
    with table.open(encoding="utf-8", newline="") as stream:
        names = {row["party_name"] for row in csv.DictReader(stream)}
    assert '\'=HYPERLINK("http://example.org")' in names
    assert not any(name.startswith("=") for name in names)


@pytest.mark.usefixtures("november")
def test_the_command_names_the_pieces_without_a_number(issue, legal, run, tmp_path):
    legal("b", self_billing_mandate_on=None)
    issue()
    out = tmp_path / "b.txt"
    done = run("accounting", "export", "sainte", "2026-11", "b", "--out", out)
    assert (done.exit_code, done.stdout.strip()) == (0, str(out))
    assert "no invoice has a number here: 2026-11-b-comptoir" in done.stderr


@pytest.mark.parametrize(
    ("month", "space", "says"),
    [
        ("2026-12", "b", "not locked"),
        ("2026-13", "b", "2026-13"),
        ("2026-11", "nowhere", "nowhere"),
    ],
)
def test_what_has_no_books_says_why_and_writes_nothing(
    november, issue, run, tmp_path, month, space, says
):
    issue()
    out = tmp_path / "books.txt"
    done = run("accounting", "export", "sainte", month, space, "--out", out)
    assert (done.exit_code, out.exists()) == (1, False)
    assert says in done.output
    november.rollback()


def test_a_host_has_her_own_books_and_the_treasurer_all(
    november, issue, client, host_of, treasurer
):
    issue()
    november.close()
    b = host_of("b")
    answer = client.get(f"{ADDRESS}/b", headers=b)
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="999000029FEC20261130.txt"'
    )
    assert check_fec(answer.data) == []
    for other in ("comptoir", "fund", "sainte"):
        assert client.get(f"{ADDRESS}/{other}", headers=b).status_code == 403
        assert client.get(f"{ADDRESS}/{other}?format=csv", headers=treasurer).status_code == 200
    assert client.get(f"{ADDRESS}/b?format=xls", headers=b).status_code == 422
    assert client.get(f"{ADDRESS}/b").status_code == 401


def test_books_of_a_month_with_nothing_in_it_are_a_header(november, issue, run, tmp_path):
    issue()
    issue("2026-12", at="2027-01-03T10:00:00+00:00")
    books = read_books(november, "sainte", "2026-12", "c")
    november.rollback()
    assert books.entries == []
    out = tmp_path / "c.txt"
    assert run("accounting", "export", "sainte", "2026-12", "c", "--out", out).exit_code == 0
    assert check_fec(out.read_bytes()) == []
