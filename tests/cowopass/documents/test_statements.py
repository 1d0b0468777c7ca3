from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from clearing.statement import verify_statement
from cowopass.config import Config
from cowopass.documents.statements import CSV_COLUMNS, read_statement
from cowopass.errors import SpaceUnknown
from tests.cowopass.documents.conftest import Run
from tests.factories import a_network, a_space


@pytest.mark.parametrize(
    ("participant", "position_cents", "lines"),
    [("comptoir", -1225, 18), ("b", 910, 13), ("c", -900, 9), ("fund", 1215, 19)],
)
def test_a_statement_of_a_locked_month_proves_itself(
    locked: Session, config: Config, participant: str, position_cents: int, lines: int
):
    statement = read_statement(locked, config, "sainte", "2026-11", participant)
    statement = json.loads(json.dumps(statement))
    assert verify_statement(statement) == []
    assert (statement["position_cents"], len(statement["lines"])) == (position_cents, lines)
    assert statement["jwks"]["keys"][0]["net"] == "sainte"


def test_a_statement_has_its_own_lines_and_transfers_alone(locked: Session, config: Config):
    statement = read_statement(locked, config, "sainte", "2026-11", "c")
    assert all("c" in (line["debtor"], line["creditor"]) for line in statement["lines"])
    (transfer,) = statement["transfers"]
    assert (transfer["debtor"], transfer["creditor"], transfer["amount_cents"]) == ("c", "b", 900)
    assert statement["carried"] == []
    assert len(read_statement(locked, config, "sainte", "2026-11", "b")["carried"]) == 1


def test_a_statement_before_the_lock_is_a_draft(november: Session, config: Config):
    statement = read_statement(november, config, "sainte", "2026-11", "b")
    findings = verify_statement(json.loads(json.dumps(statement)))
    assert [finding.code for finding in findings] == ["draft"]
    assert statement["position_cents"] == 910


def test_a_space_without_visits_has_an_empty_statement(locked: Session, config: Config):
    a_space(locked, "Quiet")
    statement = read_statement(locked, config, "sainte", "2026-11", "quiet")
    assert (statement["lines"], statement["position_cents"]) == ([], 0)
    assert verify_statement(json.loads(json.dumps(statement))) == []


def test_another_network_may_have_a_statement_and_its_spaces_may_not(
    locked: Session, config: Config
):
    a_network(locked, "lyon")
    a_space(locked, "Confluence", network="lyon")
    assert read_statement(locked, config, "sainte", "2026-11", "lyon")["lines"] == []
    for name in ("confluence", "sainte", "nowhere"):
        with pytest.raises(SpaceUnknown):
            read_statement(locked, config, "sainte", "2026-11", name)


@pytest.mark.usefixtures("locked")
def test_the_effects_of_a_statement_as_csv_add_up_to_the_position(run: Run, tmp_path: Path):
    for space, cents in (("comptoir", -1225), ("b", 910), ("fund", 1215)):
        out = tmp_path / f"{space}.csv"
        result = run("statement", "sainte", "2026-11", space, "--format", "csv", "--out", out)
        assert (result.exit_code, result.stdout) == (0, f"{out}\n")
        with out.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert tuple(rows[0]) == CSV_COLUMNS
        assert sum(int(row["effect_cents"]) for row in rows) == cents


@pytest.mark.parametrize("place", ["folder", "folder/none/b.json"])
@pytest.mark.usefixtures("locked")
def test_a_statement_that_can_not_be_written_is_an_error(run: Run, tmp_path: Path, place: str):
    (tmp_path / "folder").mkdir()
    result: Any = run("statement", "sainte", "2026-11", "b", "--out", tmp_path / place)
    assert result.exit_code in (1, 2)
    assert result.stderr
    assert list((tmp_path / "folder").iterdir()) == []
