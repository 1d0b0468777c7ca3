"""All documents of a month in a folder: what there is, what is kept, what is missing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from clearing.line import FUND
from cowopass.documents.folder import LOG
from cowopass.networks.models import LegalEntity, Network, VatRegime
from cowopass.settlement.payments import Bill, record_payment
from cowopass.settlement.transfers import list_dues
from cowopass.spaces.models import Space
from tests.cowopass.documents.conftest import DECEMBER_2, Run
from tests.factories import IBAN, LONG_AGO

SIRENS = {"comptoir": "100000009", "b": "200000008", "c": "300000007", FUND: "400000006"}
STATEMENTS = ["statements/b.pdf", "statements/c.pdf", "statements/comptoir.pdf",
              "statements/fund.pdf"]  # fmt: skip

FEC = ["fec/b.txt", "fec/c.txt", "fec/comptoir.txt", "fec/fund.txt"]


def make(run: Run, out: Path) -> dict[str, list[dict[str, str]]]:
    result = run("documents", "sainte", "2026-11", "--out", out, "--json")
    assert result.exit_code == 0, result.output
    made: dict[str, list[dict[str, str]]] = json.loads(result.stdout)
    return made


def files_in(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != LOG)
    return sorted(str(path.relative_to(folder)) for path in files)


def give(session: Session, slug: str) -> None:
    """Let a space or the fund say who it is, and mandate the network to invoice for it."""
    legal = LegalEntity(
        name=f"{slug}, association",
        siren=SIRENS[slug],
        siret=f"{SIRENS[slug]}00017",
        vat_number=f"FR12{SIRENS[slug]}",
        iban=IBAN,
        building_number="1",
        street_name="rue de la Ville",
        postcode="42000",
        town="Saint-Étienne",
        country="FR",
        self_billing_mandate_on=LONG_AGO,
        vat=[VatRegime(regime="standard", effective_from=LONG_AGO)],
    )
    if slug == FUND:
        session.get_one(Network, "sainte").fund = legal
    else:
        session.get_one(Space, slug).legal = legal
    session.commit()


@pytest.mark.usefixtures("november")
def test_a_month_that_is_not_locked_has_drafts_alone(run: Run, tmp_path: Path):
    make(run, tmp_path / "out")
    assert files_in(tmp_path / "out") == ["month.pdf", *STATEMENTS]


@pytest.mark.slow
def test_what_can_be_made_is_made_and_what_is_missing_is_said(
    locked: Session, run: Run, tmp_path: Path
):
    for slug in ("comptoir", "b", FUND):
        give(locked, slug)
    result = run("documents", "sainte", "2026-11", "--out", tmp_path)
    assert result.exit_code == 0
    files = files_in(tmp_path)
    assert [name for name in files if "statements" in name] == STATEMENTS
    assert [name for name in files if "payments" in name] == ["payments/comptoir.xml"]
    assert len([name for name in files if "invoices" in name]) == 4
    assert [name for name in files if "fec" in name] == FEC
    told = result.stdout.splitlines()
    assert {str(tmp_path / name) for name in files} <= set(told)
    missing = [line for line in told if line.startswith("missing: ")]
    assert [line for line in missing if "invoices, by c: Say who stands behind" in line]
    assert [line for line in missing if "payments/c.xml, by c: To pay, this is missing" in line]
    assert "2 missing" in result.stderr


@pytest.mark.slow
def test_a_space_that_left_and_still_pays_for_its_passes_has_its_files(
    locked: Session, run: Run, tmp_path: Path
):
    for slug in ("comptoir", "b", FUND):
        give(locked, slug)
    left = locked.get_one(Space, "comptoir")
    left.leaves_on, left.sold_days = date(2026, 10, 31), "honoured"
    locked.commit()
    make(run, tmp_path)
    wanted = ["fec/comptoir.txt", "payments/comptoir.xml", "statements/comptoir.pdf"]
    assert [name for name in files_in(tmp_path) if "comptoir" in name] == wanted


def test_documents_that_are_there_are_kept_and_broken_ones_made_again(
    locked: Session, run: Run, tmp_path: Path
):
    made = make(run, tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in files_in(tmp_path)}
    times = {name: (tmp_path / name).stat().st_mtime_ns for name in before}
    (tmp_path / "statements/b.pdf").write_bytes(b"%PDF-half")
    (tmp_path / "statements/c.pdf").unlink()
    again = make(run, tmp_path)
    assert again["written"] == [str(tmp_path / f"statements/{name}.pdf") for name in "bc"]
    assert {name: (tmp_path / name).read_bytes() for name in files_in(tmp_path)} == before
    assert (tmp_path / "month.pdf").stat().st_mtime_ns == times["month.pdf"]
    assert again["missing"] == made["missing"]
    locked.get_one(Space, "b").name = "B, plus grand"
    locked.commit()
    assert len(make(run, tmp_path)["written"]) == len(before)


@pytest.mark.slow
def test_a_payment_that_was_made_is_no_longer_a_file_to_upload(
    locked: Session, run: Run, tmp_path: Path
):
    for slug in ("comptoir", "b", FUND):
        give(locked, slug)
    make(run, tmp_path)
    assert (tmp_path / "payments/comptoir.xml").exists()
    due = next(due for due in list_dues(locked, "sainte", "2026-11") if due.debtor == "comptoir")
    bill = Bill("sainte", "2026-11", due.id)
    record_payment(locked, bill, due.amount_cents, DECEMBER_2.date())
    locked.commit()
    again = make(run, tmp_path)
    assert not (tmp_path / "payments/comptoir.xml").exists()
    assert {Path(name).parent.name for name in again["written"]} == {"fec"}


@pytest.mark.slow
def test_many_documents_are_made_by_other_processes(locked: Session, run: Run, tmp_path: Path):
    for slug in ("comptoir", "b", "c", FUND):
        give(locked, slug)
    made = make(run, tmp_path)
    assert len(made["written"]) > 12
    papers = [tmp_path / "month.pdf", *sorted((tmp_path / "statements").iterdir())]
    assert run("verify", *papers).exit_code == 0


@pytest.mark.usefixtures("locked")
def test_a_folder_that_is_a_file_is_an_error_in_a_sentence(run: Run, tmp_path: Path):
    (tmp_path / "out").write_text("here first")
    result = run("documents", "sainte", "2026-11", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "can not be written" in result.stderr


@pytest.mark.slow
def test_a_payment_file_that_can_not_be_made_any_more_does_not_stay(
    locked: Session, run: Run, tmp_path: Path
):
    for slug in ("comptoir", "b", FUND):
        give(locked, slug)
    make(run, tmp_path)
    assert (tmp_path / "payments/comptoir.xml").exists()
    locked.get_one(Space, "b").legal.iban = None
    locked.get_one(Network, "sainte").fund.iban = None
    locked.commit()
    missing = [each["path"] for each in make(run, tmp_path)["missing"]]
    assert "payments/comptoir.xml" in missing
    assert not (tmp_path / "payments/comptoir.xml").exists()


@pytest.mark.usefixtures("november")
def test_a_list_that_broke_off_or_points_elsewhere_does_no_harm(run: Run, tmp_path: Path):
    out, outside = tmp_path / "out", tmp_path / "keep.txt"
    outside.write_text("not ours")
    make(run, out)
    with (out / LOG).open("a") as log:
        log.write("an-edition a-digest ../keep.txt\nhalf a")
    assert make(run, out)["written"] == []
    assert outside.exists()
