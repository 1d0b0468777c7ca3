from __future__ import annotations

import json
import subprocess
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest

from clearing.__main__ import MOST_SHOWN, main

MONTHS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "charges.json").read_text(encoding="utf-8")
)["months"]

NOVEMBER = """\
Coworking Sainté (sainte), 2026-11, locked

lines                20
charges              18
gross            243.00 EUR
levies            12.15 EUR
root     {root}

position                                         amount     carried in
b                                                  9.10           0.00
c                                                 -9.00           0.00
comptoir                                         -12.25           0.00
fund                                              12.15           0.00

transfers, exact (largest_first: 2)
comptoir -> fund                                  12.15 trf_wkdk4dofkiv2gxjjpdyy
c -> b                                             9.00 trf_ogs442zdqazrnufq27hd
carried into the next month
comptoir -> b                                      0.10 trf_chibyree3bhxfn76lg5b

head: read, its signature not verified (`cowopass verify` does)
findings: none, the month adds up
"""


def a_file(folder: Path, document: object, name: str = "month.json") -> str:
    path = folder / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def november_changed(cents: int = 1) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(MONTHS["november"]))
    document["lines"][0]["amount_cents"] += cents
    return document


def test_a_month_that_adds_up_is_printed_and_exits_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([a_file(tmp_path, MONTHS["november"])]) == 0
    printed = capsys.readouterr()
    assert printed.out == NOVEMBER.format(root=MONTHS["november"]["totals"]["root"])
    assert printed.err == ""


def test_a_month_that_does_not_add_up_exits_1_and_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([a_file(tmp_path, november_changed())]) == 1
    printed = capsys.readouterr().out
    assert (
        "charge_differs lin_001: the charge is 12.01, sainte>sainte@2026-09 gives 12.00" in printed
    )
    assert "position_differs positions.b: the document says 9.10, its lines give 9.11" in printed


def test_a_draft_says_that_it_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = {**MONTHS["november"], "state": "review", "head": None}
    assert main([a_file(tmp_path, draft)]) == 0
    assert "head: none, so these figures are those of a draft" in capsys.readouterr().out


def test_json_holds_sums_plan_and_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([a_file(tmp_path, MONTHS["november"]), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["findings"] == []
    for name in ("totals", "positions", "plan", "period", "state"):
        assert printed[name] == MONTHS["november"][name]
    assert main([a_file(tmp_path, november_changed()), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0] == {
        "code": "leaf_hash_differs",
        "where": "lin_001",
        "message": "the line is not what was hashed when it was written",
    }


def test_months_that_follow_from_each_other_are_audited_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    november = a_file(tmp_path, MONTHS["november"], "november.json")
    december = a_file(tmp_path, MONTHS["december"], "december.json")
    assert main([november, december]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(NOVEMBER.format(root=MONTHS["november"]["totals"]["root"]))
    assert printed.endswith("\nchain: each month names the root of the one before\n")
    assert main([november, december, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [month["period"] for month in printed["months"]] == ["2026-11", "2026-12"]
    assert printed["chain"] == []


def test_a_past_that_was_written_anew_breaks_the_chain_and_exits_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bilateral = MONTHS["november_bilateral"]
    rewritten = {**bilateral, "head": with_payload(bilateral["head"], root="0" * 64)}
    files = [a_file(tmp_path, rewritten, "a.json"), a_file(tmp_path, MONTHS["december"], "b.json")]
    assert main(files) == 1
    printed = capsys.readouterr().out
    assert "breaks in the chain: 1\nchain_broken 2026-12: the head of 2026-12 names" in printed
    assert main([*files, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["chain"][0]["code"] == "chain_broken"


def with_payload(token: str, **changes: object) -> str:
    """A head that says something else, and whose signature no longer fits."""
    header, payload, signature = token.split(".")
    fields = json.loads(urlsafe_b64decode(payload + "=="))
    changed = urlsafe_b64encode(json.dumps({**fields, **changes}).encode()).decode().rstrip("=")
    return f"{header}.{changed}.{signature}"


def test_a_flood_of_findings_is_cut_short_but_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = november_changed()
    document["lines"] = [{**line, "network": "lyon"} for line in document["lines"]] * 8
    assert main([a_file(tmp_path, document)]) == 1
    *_, before, last = capsys.readouterr().out.splitlines()
    assert last.endswith("more (--json shows all)")
    assert main([a_file(tmp_path, document), "--json"]) == 1
    number = len(json.loads(capsys.readouterr().out)["findings"])
    assert last == f"and {number - MOST_SHOWN} more (--json shows all)"
    assert not before.startswith("findings")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Expecting value"),
        (b'{"format": "cowopass-month/1"', "Expecting ',' delimiter"),
        (b"[1, 2]", "document: must be an object"),
        (b"\xff\xfe\x00", "can't decode byte"),
        (b"[" * 200_000, "recursion"),
        (b"9" * 5000, "digits"),
        (b'{"format": "cowopass-month/1", "network": {}}', "period: is missing"),
    ],
)
def test_what_is_no_month_exits_2_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, reason: str
) -> None:
    path = tmp_path / "month.json"
    path.write_bytes(content)
    assert main([str(path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "can't be read as an exported month" in printed.err
    assert reason in printed.err


def test_a_file_that_is_not_there_exits_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none.json")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_a_byte_order_mark_is_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "month.json"
    path.write_text(json.dumps(MONTHS["december"]), encoding="utf-8-sig")
    assert main([str(path)]) == 0
    assert "2026-12" in capsys.readouterr().out


def test_the_package_runs_as_a_program_without_anything_else(tmp_path: Path) -> None:
    # -S leaves site-packages out: the standard library must be enough.
    package = Path(__file__).parents[2]
    command = [sys.executable, "-S", "-m", "clearing", a_file(tmp_path, MONTHS["november"])]
    done = subprocess.run(  # noqa: S603  our own interpreter and a file of this test
        command, cwd=package, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "findings: none" in done.stdout
