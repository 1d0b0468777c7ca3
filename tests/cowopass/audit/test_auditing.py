"""The audit finds nothing in what the service wrote, and everything that somebody changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from clearing.ledger import Entry
from cowopass.audit.service import audit_records
from cowopass.config import Config
from cowopass.desk.extending import extend_check_in
from cowopass.desk.voiding import void_check_in
from cowopass.errors import NetworkUnknown
from cowopass.ledger.models import Period, SettlementLine
from cowopass.ledger.rows import LINE_COLUMNS, line_of, line_row
from cowopass.people.access import caller_with
from cowopass.settlement.dispute_decisions import decide
from cowopass.settlement.disputes import contest
from cowopass.settlement.lock import lock_period
from cowopass.settlement.payments import Bill, record_payment, write_off
from cowopass.settlement.transfers import list_dues
from tests.cowopass.audit.tampering import EVERYTHING
from tests.cowopass.documents.conftest import DECEMBER_2, JANUARY_2, Run, Visit, sell
from tests.factories import a_network, a_space, an_agreement

Tamper = Callable[..., None]


def findings(session: Session, config: Config, network: str | None = None) -> list[tuple[str, str]]:
    found = audit_records(session, config, network, lambda _: None)
    return [(finding.code, finding.where) for finding in found]


def codes(session: Session, config: Config) -> set[str]:
    return {code for code, _ in findings(session, config)}


@pytest.fixture
def tamper(session: Session) -> Tamper:
    """Change records as an intruder would who has the database itself: without its triggers.

    Nothing is committed, so that a rollback mends it.
    """
    dialect = session.get_bind().dialect.name

    def change(statement: str, **values: Any) -> None:
        if dialect == "sqlite":
            found = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for (name,) in found.all():
                session.execute(text(f"DROP TRIGGER {name}"))
            session.execute(text("PRAGMA defer_foreign_keys = ON"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            tables = session.scalars(
                text("SELECT DISTINCT tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal")
            )
            for table in tables.all():
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        assert session.execute(text(statement), values).rowcount > 0

    return change


@pytest.fixture
def eventful(november: Session, visit: Visit, config: Config, travel: Any) -> Session:
    """Two networks, two locked months: all that can happen to a visit happens to one of them."""
    session = november
    _found_lyon(session, config)
    visit("comptoir", "confluence", "11-17", network="lyon")
    void_check_in(session, visit("b", "confluence", "11-18", network="lyon"), "Not there")
    extend_check_in(session, visit("b", "c", "11-19", "half_day"))
    treasurer = caller_with("tok", "treasurer", "sainte", None)
    host = caller_with("tok", "host", "sainte", "b")
    for day in ("20", "21", "23", "24"):
        dispute, _ = contest(session, host, visit("b", "c", f"11-{day}"), "Nobody came")
        if day == "20":
            decide(session, treasurer, dispute.id, "upheld", "True")
        if day == "21":
            decide(session, treasurer, dispute.id, "refused", "She came")
        if day == "23":
            void_check_in(session, dispute.check_in or "", "Right")
    session.commit()
    _lock(session, config, travel, "2026-11", DECEMBER_2)
    late = visit("comptoir", "b", "11-29")
    visit("comptoir", "b", "12-01")
    assert dispute.check_in is not None
    void_check_in(session, late, "Not there either")
    decide(session, treasurer, dispute.id, "refused", "She came")
    _settle(session)
    session.commit()
    _lock(session, config, travel, "2026-12", JANUARY_2)
    return session


def _found_lyon(session: Session, config: Config) -> None:
    a_network(session, "lyon", name="Lyon")
    for home, host in (("lyon", "lyon"), ("sainte", "lyon"), ("lyon", "sainte")):
        an_agreement(session, home, host)
    confluence = a_space(session, "Confluence", network="lyon", day_cents=1700)
    sell(session, config, confluence, "book")
    session.commit()


def _lock(session: Session, config: Config, travel: Any, month: str, now: Any) -> None:
    travel.move_to(now)
    for network in ("sainte", "lyon"):
        lock_period(session, config, network, month)
    session.commit()


def _settle(session: Session) -> None:
    first, second, *_ = [
        due
        for due in list_dues(session, "sainte", "2026-11")
        if "fund" not in (due.debtor, due.creditor)
    ]
    record_payment(session, Bill("sainte", "2026-11", first.id), 100, DECEMBER_2.date())
    for due in (first, second):
        bill = Bill("sainte", "2026-11", due.id)
        write_off(session, bill, reason="closed", borne_by="fund", amount_cents=100)


def test_what_the_service_wrote_adds_up(eventful: Session, config: Config):
    assert findings(eventful, config) == []


@pytest.mark.parametrize("state", ["sainte", "november", "locked", "paid"])
def test_a_month_adds_up_in_every_state(request: pytest.FixtureRequest, config: Config, state: str):
    assert findings(request.getfixturevalue(state), config) == []


def test_what_is_changed_is_found(paid: Session, config: Config, tamper: Tamper):
    missed = {}
    for statement, expected in EVERYTHING:
        tamper(statement)
        missed[statement] = expected - codes(paid, config)
        paid.rollback()
    assert {statement: lacks for statement, lacks in missed.items() if lacks} == {}
    assert codes(paid, config) == set()


def test_a_line_that_is_forged_with_its_hash_and_entries_is_found(
    paid: Session, config: Config, tamper: Tamper
):
    row = paid.execute(
        select(*LINE_COLUMNS)
        .where(SettlementLine.kind == "charge", SettlementLine.amount_cents == 1200)
        .order_by(SettlementLine.number)
        .limit(1)
    ).one()
    forged = line_of(row)._replace(amount_cents=1300, levy_cents=65, host_price_cents=1300)
    columns = line_row(forged, DECEMBER_2)
    tamper(
        "UPDATE settlement_lines SET amount_cents = 1300, levy_cents = 65,"
        " host_price_cents = 1300, leaf_hash = :leaf_hash WHERE id = :id",
        leaf_hash=columns["leaf_hash"],
        id=forged.id,
    )
    for wrong, right in ((1200, 1300), (60, 65)):
        tamper(
            "UPDATE ledger_entries SET amount_cents = :right"
            " WHERE line_id = :id AND amount_cents = :wrong",
            right=right,
            wrong=wrong,
            id=forged.id,
        )
    found = findings(paid, config)
    assert ("total_differs", "sainte 2026-11 root") in found
    assert ("head_differs", "sainte 2026-11 head root") in found
    assert ("charge_differs", forged.check_in) in found


def test_plan_and_totals_that_are_changed_are_found(paid: Session, config: Config, tamper: Tamper):
    period = paid.get_one(Period, ("sainte", "2026-11"))
    assert period.totals is not None
    assert period.plan is not None
    totals = {**period.totals, "positions": {**period.totals["positions"], "b": 911}}
    plan = {**period.plan, "carried": []}
    tamper("UPDATE networks SET name = name")
    period.totals, period.plan = totals, plan
    paid.flush()
    found = findings(paid, config)
    assert ("total_differs", "sainte 2026-11 positions") in found
    assert ("plan_differs", "sainte 2026-11 plan") in found


def test_entries_without_a_reason_are_found(paid: Session, config: Config, tamper: Tamper):
    entry = Entry("position:b", "position:c", 5)
    tamper(
        "INSERT INTO ledger_entries (network, period, event, debit, credit, amount_cents,"
        " written_at) VALUES ('sainte', '2026-11', 'charge', :debit, :credit, :cents,"
        " '2026-11-12 10:00:00')",
        debit=entry.debit,
        credit=entry.credit,
        cents=entry.amount_cents,
    )
    assert codes(paid, config) >= {"entry_unexplained", "position_open"}


def test_what_stays_withheld_without_a_dispute_is_found(
    november: Session, visit: Visit, config: Config, tamper: Tamper
):
    host = caller_with("tok", "host", "sainte", "b")
    contest(november, host, visit("b", "c", "11-20"), "Nobody came")
    november.commit()
    assert findings(november, config) == []
    tamper("DELETE FROM disputes")
    assert codes(november, config) >= {"withheld_unexplained", "charges_differ"}


def test_an_upheld_dispute_needs_its_entries(
    november: Session, visit: Visit, config: Config, tamper: Tamper
):
    host = caller_with("tok", "host", "sainte", "b")
    dispute, _ = contest(november, host, visit("b", "c", "11-20"), "Nobody came")
    decide(november, caller_with("t", "treasurer", "sainte", None), dispute.id, "upheld", "True")
    november.commit()
    assert findings(november, config) == []
    tamper("DELETE FROM ledger_entries WHERE event = 'upheld'")
    assert "withheld_unexplained" in codes(november, config)


def test_the_command_says_what_it_found_and_fails(paid: Session, run: Run, tamper: Tamper):
    result = run("audit")
    assert (result.exit_code, result.stdout) == (0, "findings: none, the records add up\n")
    assert "sainte 2026-11: 20 lines" in result.stderr
    tamper("UPDATE pass_usages SET units_used = units_used + 1")
    paid.commit()
    result = run("audit")
    assert result.exit_code == 1
    assert "usage_differs pas_" in result.stdout
    result = run("audit", "--network", "sainte", "--json")
    assert result.exit_code == 1
    assert {row["code"] for row in json.loads(result.stdout)["findings"]} == {"usage_differs"}


def test_one_network_is_audited_alone(eventful: Session, config: Config, tamper: Tamper, run: Run):
    tamper("UPDATE periods SET root = upper(root) WHERE network = 'lyon'")
    assert findings(eventful, config, "sainte") == []
    assert findings(eventful, config, "lyon") != []
    with pytest.raises(NetworkUnknown):
        findings(eventful, config, "nowhere")
    assert run("audit", "--network", "nowhere").exit_code == 1


def test_an_audit_of_nothing_finds_nothing(session: Session, config: Config):
    assert findings(session, config) == []
