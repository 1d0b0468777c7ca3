"""The way from locked to settled with a bank file, from the command line and over HTTP."""

from __future__ import annotations

import json
from errno import ENOSPC
from pathlib import Path

import pytest

from cowopass.cli import root
from cowopass.settlement.transfers import creditor_reference
from tests.cowopass.bank.conftest import ACCOUNTS
from tests.cowopass.bank.statements import Told, camt_02, camt_08


@pytest.fixture
def statements(dues):
    """The statement of B, who is paid with the reference; the fund's, without one."""
    reference = creditor_reference(dues["c"].id)
    return {
        "b": camt_02(ACCOUNTS["b"], Told(900, reference=reference)),
        "fund": camt_08(ACCOUNTS["fund"], Told(1215, name="Openscop")),
    }


def test_a_month_is_settled_from_the_command_line(app, tmp_path, statements):
    run = app.test_cli_runner().invoke
    for name, content in statements.items():
        file = tmp_path / f"{name}.xml"
        file.write_bytes(content)
        for said in ("", "This file was imported before."):
            told = run(root, ["bank", "import", str(file), "--network", "sainte"])
            assert told.exit_code == 0, told.output
            assert told.output.startswith(said)
    listed = json.loads(run(root, ["bank", "entries", "sainte", "--json"]).output)
    (entry,) = listed
    assert entry["options"][0]["is_bounce"] is False
    assert run(root, ["bank", "confirm", "sainte", entry["id"]]).exit_code == 0
    assert run(root, ["bank", "entries", "sainte"]).output == ""
    month = json.loads(run(root, ["period", "show", "sainte", "2026-11", "--json"]).output)
    assert month["state"] == "settled"
    out = tmp_path / "payments.xml"
    told = run(root, ["bank", "payment-file", "sainte", "2026-11", "c", "--out", str(out)])
    assert "owes nothing" in told.output
    assert not out.exists()


@pytest.mark.usefixtures("locked")
def test_a_payment_file_on_a_full_disk_is_not_there_by_half(app, tmp_path, monkeypatch):
    def write_half(path, content):
        with path.open("wb") as stream:
            stream.write(content[: len(content) // 2])
        raise OSError(ENOSPC, "No space left on device")

    out = tmp_path / "payments.xml"
    monkeypatch.setattr(Path, "write_bytes", write_half)
    arguments = ["bank", "payment-file", "sainte", "2026-11", "c", "--out", str(out)]
    told = app.test_cli_runner().invoke(root, arguments)
    assert told.exit_code == 1
    assert "No space left on device" in told.output
    assert list(tmp_path.iterdir()) == []


def test_a_month_is_settled_over_http(client, statements, treasurer, dues):
    network = "/api/v1/networks/sainte"
    answers = [
        client.post(
            f"{network}/bank-files", data=content, content_type="text/xml", headers=treasurer
        )
        for content in statements.values()
    ]
    assert [(one.json["matched"], one.json["suggested"]) for one in answers] == [(1, 0), (0, 1)]
    open_ones = client.get(f"{network}/bank-entries?state=open", headers=treasurer).json
    (entry,) = open_ones["entries"]
    assert entry["options"] == [{"transfers": [dues["comptoir"].id], "is_bounce": False}]
    path = f"{network}/bank-entries/{entry['id']}"
    confirmed = client.post(f"{path}/confirm", json={}, headers=treasurer)
    assert confirmed.json["entries"][0]["transfers"] == [dues["comptoir"].id]
    refused = client.post(f"{path}/ignore", headers=treasurer)
    assert (refused.status_code, refused.json["code"]) == (409, "bank_entry_settled")
    month = client.get("/api/v1/periods/sainte/2026-11", headers=treasurer).json
    assert month["state"] == "settled"


def test_only_the_treasurer_imports(client, statements, host_of):
    answer = client.post(
        "/api/v1/networks/sainte/bank-files", data=statements["b"], headers=host_of("b")
    )
    assert answer.status_code == 403
