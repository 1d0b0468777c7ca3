"""The commands of the month-end guide settle a month, and each of its files is what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from facturx import get_facturx_xml_from_pdf
from pypdf import PdfReader
from xmlschema import XMLSchema

from tests.cowopass.accounting.conftest import rows
from tests.cowopass.accounting.fec_check import check_fec
from tests.cowopass.invoicing.validating import broken_rules, check_schema

GUIDE = Path(__file__).parents[2] / "docs" / "tutorial" / "month-end.md"
PAIN = XMLSchema(str(files("sepaxml") / "schemas" / "pain.001.001.09.xsd"))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the guide's commands in a new folder; return it, and what they said."""
    folder = tmp_path_factory.mktemp("month-end")
    section = GUIDE.read_text(encoding="utf-8").partition("## The same from the command line")[2]
    script = "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S603 (the commands are our own guide's)
        ["/bin/bash", "-c", f"set -eu\n{script}"],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def papers(folder: Path, kind: str) -> list[Path]:
    found = sorted((folder / "papers" / kind).iterdir())
    assert found, kind
    return found


@pytest.mark.slow
def test_the_month_is_settled_and_proved(told):
    _, said = told
    assert ": settled" in said
    assert "findings: none" in said
    assert len(set(re.findall(r"\b[0-9a-f]{64}\b", said))) == 1


@pytest.mark.slow
def test_its_invoices_keep_to_the_norm(told):
    folder, _ = told
    for file in papers(folder, "invoices"):
        _, xml = get_facturx_xml_from_pdf(file.read_bytes(), check_xsd=False)
        check_schema(xml)
        assert broken_rules(xml) == set(), file.name


@pytest.mark.slow
def test_its_payment_files_and_entries_keep_to_their_forms(told):
    folder, _ = told
    for file in papers(folder, "first-payments"):
        PAIN.validate(str(file))
    assert not (folder / "papers" / "payments").exists() or not any(
        (folder / "papers" / "payments").iterdir()
    )
    for file in papers(folder, "fec"):
        content = file.read_bytes()
        before: dict[str, int] = {}
        for row in rows(content):
            before.setdefault(row["JournalCode"], int(row["EcritureNum"]) - 1)
        assert check_fec(content, before) == [], file.name


@pytest.mark.slow
def test_its_statements_are_pages_with_their_data_inside(told):
    folder, _ = told
    for file in papers(folder, "statements"):
        read = PdfReader(file)
        assert {name.rpartition(".")[2] for name in read.attachments} >= {"json", "csv"}
        assert "empreinte" in "".join(page.extract_text() for page in read.pages).lower()
