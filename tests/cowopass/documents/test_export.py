from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from clearing.audit import audit_month
from clearing.document import LINE_SHAPES
from clearing.reading import read_month
from cowopass.networks.models import Agreement, Network
from cowopass.settlement.service import show_month
from tests.cowopass.documents.conftest import Run


def export(run: Run, folder: Path, form: str = "json", month: str = "2026-11") -> list[Path]:
    result = run("period", "export", "sainte", month, "--format", form, "--out", folder)
    assert result.exit_code == 0, result.output
    return [Path(line) for line in result.stdout.splitlines()]


def export_json(run: Run, folder: Path, month: str = "2026-11") -> dict[str, Any]:
    (file,) = export(run, folder, month=month)
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def read_table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_an_exported_month_is_audited_without_the_service(paid: Session, run: Run, tmp_path: Path):
    document = export_json(run, tmp_path)
    assert audit_month(document) == []
    meta, lines = read_month(document)
    shown = show_month(paid, "sainte", "2026-11")
    assert (meta.period, meta.state, len(lines)) == ("2026-11", "settling", 20)
    assert meta.totals["root"] == shown["root"]
    assert document["positions"] == shown["positions"]
    assert list(document) == [
        *"format network period state netting carry_forward_below_cents leaving agreements".split(),
        *"lines totals positions plan head previous_root jwks".split(),
    ]


@pytest.mark.usefixtures("november")
def test_a_month_that_is_not_locked_is_exported_as_it_stands(run: Run, tmp_path: Path):
    document = export_json(run, tmp_path)
    assert (document["state"], document["head"]) == ("open", None)
    assert document["totals"]["gross_cents"] == 24_300
    assert audit_month(document) == []


@pytest.mark.usefixtures("sainte")
def test_a_month_without_lines_is_exported_too(run: Run, tmp_path: Path):
    document = export_json(run, tmp_path, "2026-10")
    assert (document["lines"], document["totals"]["count"]) == ([], 0)
    assert audit_month(document) == []


@pytest.mark.usefixtures("paid")
def test_an_exported_month_names_nobody(run: Run, tmp_path: Path):
    text = json.dumps(export_json(run, tmp_path))
    assert "Camille" not in text
    assert "pas_" not in text


@pytest.mark.usefixtures("paid")
def test_the_files_of_an_export_replace_those_before(run: Run, tmp_path: Path):
    first = export(run, tmp_path / "new" / "november", "csv")
    second = export(run, tmp_path / "new" / "november", "csv")
    assert first == second
    assert sorted((tmp_path / "new" / "november").iterdir()) == sorted(first)


@pytest.mark.usefixtures("paid")
def test_tables_say_what_the_json_says(run: Run, tmp_path: Path):
    document = export_json(run, tmp_path)
    tables = {file.name: read_table(file) for file in export(run, tmp_path, "csv")}
    assert list(tables["lines.csv"][0]) == list(LINE_SHAPES)
    assert [row["leaf_hash"] for row in tables["lines.csv"]] == [
        line["leaf_hash"] for line in document["lines"]
    ]
    assert {row["participant"]: int(row["amount_cents"]) for row in tables["positions.csv"]} == {
        row["participant"]: row["amount_cents"] for row in document["positions"]
    }
    made = [(row["made"], row["amount_cents"], row["since"]) for row in tables["transfers.csv"]]
    assert made == [("transfer", "1215", ""), ("transfer", "900", ""), ("carried", "10", "2026-11")]
    (agreement,) = tables["agreements.csv"]
    assert json.loads(agreement["rule"]) == document["agreements"][0]["rule"]
    month = {row["name"]: row["value"] for row in tables["month.csv"]}
    assert month["root"] == document["totals"]["root"]
    assert month["network_name"] == "Coworking Sainté"


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_acts_as_a_formula(sainte: Session, run: Run, tmp_path: Path, name: str):
    sainte.get_one(Network, "sainte").name = name
    sainte.commit()
    tables = {file.name: read_table(file) for file in export(run, tmp_path, "csv")}
    month = {row["name"]: row["value"] for row in tables["month.csv"]}
    assert month["network_name"] == f"'{name}"


@pytest.mark.usefixtures("paid")
def test_an_amount_below_zero_stays_a_number(run: Run, tmp_path: Path):
    tables = {file.name: read_table(file) for file in export(run, tmp_path, "csv")}
    assert "-1225" in {row["amount_cents"] for row in tables["positions.csv"]}


@pytest.mark.usefixtures("paid")
def test_an_export_into_a_file_is_refused(run: Run, tmp_path: Path):
    (tmp_path / "there").write_text("mine")
    for out in (tmp_path / "there", tmp_path / "there" / "below"):
        result = run("period", "export", "sainte", "2026-11", "--out", out)
        assert result.exit_code == 1
        assert "can not be written" in result.stderr
        assert result.stdout == ""
    assert (tmp_path / "there").read_text() == "mine"
    assert not list(tmp_path.glob(".*"))


@pytest.mark.usefixtures("paid")
def test_an_export_that_can_not_end_leaves_nothing_behind(run: Run, tmp_path: Path):
    out = tmp_path / "out"
    (out / "transfers.csv").mkdir(parents=True)
    result = run("period", "export", "sainte", "2026-11", "--format", "csv", "--out", out)
    assert (result.exit_code, list(out.iterdir())) == (1, [out / "transfers.csv"])


@pytest.mark.usefixtures("sainte")
def test_an_export_of_no_month_makes_no_folder(run: Run, tmp_path: Path):
    for arguments in (("sainte", "2026-13"), ("nowhere", "2026-11")):
        result = run("period", "export", *arguments, "--out", tmp_path / "out")
        assert result.exit_code == 1
        assert not (tmp_path / "out").exists()


def test_an_export_that_fails_half_way_leaves_no_folder(sainte: Session, run: Run, tmp_path: Path):
    sainte.execute(delete(Agreement))
    sainte.commit()
    result = run("period", "export", "sainte", "2026-11", "--out", tmp_path / "a" / "b")
    assert result.exit_code == 1
    assert "agreement" in result.stderr
    assert not (tmp_path / "a").exists()
