from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from cowopass.settlement.models import Payment

DECEMBER_2 = datetime(2026, 12, 2, 10, tzinfo=UTC)
NOVEMBER = ("sainte", "2026-11")


@pytest.fixture
def run(november, app, travel) -> Iterator[Any]:  # noqa: ARG001 (the month to run on)
    """Run a command on the second of December; stop on failure unless told otherwise."""
    travel.move_to(DECEMBER_2)
    runner = app.test_cli_runner()

    def invoke(*words: str, fails: bool = False) -> str:
        result = runner.invoke(args=["cowopass", *words])
        assert (result.exit_code != 0) is fails, result.output
        return result.output

    return invoke


def test_a_month_is_locked_and_paid_by_commands(run):
    run("period", "review", *NOVEMBER)
    locked = json.loads(run("period", "lock", *NOVEMBER, "--json"))
    assert locked["state"] == "locked"
    plan = json.loads(run("period", "plan", *NOVEMBER, "--json"))
    assert [sorted(transfer) for transfer in plan["transfers"]] == [
        ["amount_cents", "creditor", "debtor", "id"]
    ] * 2
    for transfer in plan["transfers"]:
        amount = str(transfer["amount_cents"])
        words = ("--transfer", transfer["id"], "--amount-cents", amount, "--on", "2026-12-02")
        paid = json.loads(run("pay", *NOVEMBER, *words, "--json"))
    assert paid["state"] == "settled"
    shown = json.loads(run("period", "show", *NOVEMBER, "--json"))
    assert shown["state"] == "settled"
    assert shown["positions"] == locked["positions"]


def test_the_same_payment_by_command_counts_once(run, november):
    run("period", "lock", *NOVEMBER)
    plan = json.loads(run("period", "plan", *NOVEMBER, "--json"))
    words = (
        "--transfer",
        plan["transfers"][0]["id"],
        "--amount-cents",
        "100",
        "--on",
        "2026-12-01",
    )
    first, again = (run("pay", *NOVEMBER, *words) for _ in range(2))
    assert first == again == "1.00 paid on 2026-12-01; 11.15 left; the month is settling\n"
    run("pay", *NOVEMBER, *words, "--id", "5f2b8c1e-3f0e-4e0c-9d2a-0b1f4a7c6d5e")
    assert november.scalar(select(func.count()).select_from(Payment)) == 2


def test_a_write_off_by_command(run):
    run("period", "lock", *NOVEMBER)
    plan = json.loads(run("period", "plan", *NOVEMBER, "--json"))
    words = ("--transfer", plan["transfers"][1]["id"], "--reason", "C closed", "--borne-by", "fund")
    first, again = (run("write-off", *NOVEMBER, *words) for _ in range(2))
    assert first == again == "9.00 written off on 2026-12-02; 0.00 left; the month is settling\n"


def test_a_month_reads_as_a_table(run):
    shown = run("period", "show", *NOVEMBER)
    assert shown.splitlines() == [
        "sainte 2026-11: collecting",
        "",
        "participant  position  carried in",
        "b                9.10        0.00",
        "c               -9.00        0.00",
        "comptoir       -12.25        0.00",
        "fund            12.15        0.00",
        "",
        "18 charges, gross 243.00, levies 12.15, 0 late, 0 open disputes",
        "",
        "next: review",
        "  late visits are awaited until 2026-12-05",
    ]


def test_months_and_plans_read_well(run):
    assert run("period", "list", "sainte").splitlines() == [
        "month         state  lines",
        "2026-12        open      0",
        "2026-11  collecting     20",
    ]
    assert "preview" in run("period", "plan", *NOVEMBER)
    run("period", "lock", *NOVEMBER)
    plan = run("period", "plan", *NOVEMBER)
    assert "comptoir pays fund 12.15" in plan
    assert "comptoir carries to b 0.10 since 2026-11" in plan


def test_a_rule_is_tried_by_command(run, tmp_path):
    file = tmp_path / "rule.json"
    file.write_text('{"levy_bps": 0}')
    shown = run("simulate", *NOVEMBER, "--agreement", str(file))
    assert shown == run("simulate", *NOVEMBER, "--agreement", '{"levy_bps": 0}')
    assert "B would have received €3.90 more in November 2026." in shown
    document = json.loads(run("simulate", *NOVEMBER, "--agreement", '{"levy_bps": 0}', "--json"))
    assert document["then"]["fund_cents"] == 0
    run("simulate", *NOVEMBER, "--agreement", "[1]", fails=True)
    run("simulate", *NOVEMBER, "--agreement", '{"levy_bps":', fails=True)


def test_disputes_are_listed_and_decided_by_command(run, client, visit, host_of):
    check_in = visit("comptoir", "b", 1200, on=date(2026, 11, 30))
    client.post(
        f"/api/v1/check-ins/{check_in}/dispute",
        json={"reason": "Nobody came"},
        headers=host_of("comptoir"),
    )
    (dispute,) = json.loads(run("dispute", "list", "sainte", "--json"))
    assert dispute["id"] in run("dispute", "list", "sainte")
    upheld = run("dispute", "uphold", dispute["id"], "--reason", "Right")
    assert upheld == f"{dispute['id']} is upheld\n"
    run("dispute", "refuse", dispute["id"], "--reason", "Wrong", fails=True)
    assert json.loads(run("dispute", "list", "sainte", "--state", "open", "--json")) == []
