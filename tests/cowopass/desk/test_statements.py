"""A check-in costs few statements and reads no table from end to end."""

from __future__ import annotations

import re
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import event

from cowopass.passes.golden import hand_over
from cowopass.spaces.models import Space
from tests.factories import a_network, a_space, an_agreement

MOST = 12
GROWING = (
    "check_ins",
    "tickets",
    "passes",
    "pass_usages",
    "settlement_lines",
    "ledger_entries",
    "holders",
    "api_tokens",
)
"""Tables that grow with use: a scan of one would make each check-in slower than the last."""


@contextmanager
def noted(engine):
    """Note each statement of the block, with its parameters."""
    statements = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        statements.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def explain(engine, statement, parameters):
    """Return how the database would run a statement, as lines of text."""
    one = parameters[0] if isinstance(parameters, list) else parameters
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", one)
            return [row[3] for row in plan]
        # The tables are tiny: forbidden to scan them, the planner shows which index there is.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", one)]


def scans(engine, statements):
    """Return the steps that read a growing table from end to end."""
    pattern = re.compile(rf"^(SCAN|.*Seq Scan on) ({'|'.join(GROWING)})\b")
    return [
        (step, statement)
        for statement, parameters in statements
        for step in explain(engine, statement, parameters)
        if pattern.match(step)
    ]


@pytest.fixture
def warm(sell, scan, session, agreement):
    """Limit everything a check-in can be limited by, and let the month have its first line."""
    agreement.roaming_days_per_month = 20
    agreement.liability_cap_bps = 10_000
    agreement.golden_share_bps = 5_000
    space = session.get_one(Space, "rubanerie")
    space.capacity_comfortable, space.visitors_per_day = 30, 30
    session.commit()
    _, first = sell()
    assert scan(first).status_code == 201


@pytest.mark.usefixtures("warm")
def test_a_charged_visit_of_a_limited_space_takes_eleven_statements(sell, scan, engine):
    _, ticket = sell("quota", unit="day", units=5, validity_months=1)
    with noted(engine) as statements:
        assert scan(ticket).json["charge"]["charge_cents"] == 1200
    assert len(statements) == 11 <= MOST
    assert scans(engine, statements) == []


@pytest.mark.usefixtures("warm")
def test_a_golden_visit_takes_twelve(sell, scan, engine, session, config):
    sold, _ = sell()
    _, golden = hand_over(session, config, sold.id)
    session.commit()
    with noted(engine) as statements:
        assert scan(golden).json["charge"]["charge_cents"] == 600
    assert len(statements) == MOST
    assert scans(engine, statements) == []


@pytest.mark.usefixtures("warm")
def test_a_visit_between_networks_takes_no_more(sell, scan, engine, session):
    a_network(session, "lyon", name="Lyon")
    a_space(session, "Soierie", "lyon", day_cents=1800, visitors_per_day=10)
    an_agreement(session, "sainte", "lyon")
    session.commit()
    (_, first), (_, ticket) = sell(), sell()
    scan(first, "soierie")
    with noted(engine) as statements:
        assert scan(ticket, "soierie").status_code == 201
    assert len(statements) == 11


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize(
    ("shown", "most"),
    [({}, 8), ({"token": "hello"}, 4), ({"token": None, "code": "9KC5-R2YV"}, 5)],
)
def test_a_refusal_takes_fewer(sell, scan, engine, shown, most):
    _, ticket = sell(state="suspended")
    with noted(engine) as statements:
        assert scan(ticket, **shown).status_code == 422
    assert len(statements) <= most
    assert scans(engine, statements) == []


@pytest.mark.usefixtures("warm")
def test_a_repeated_scan_a_preview_and_a_list_scan_nothing(sell, scan, engine, client, desk):
    _, ticket = sell()
    key = str(uuid4())
    scan(ticket, id=key)
    headers = desk("rubanerie")
    with noted(engine) as statements:
        assert scan(ticket, id=key).status_code == 200
        assert scan(ticket, path="check-ins/preview").status_code == 200
        path = "/api/v1/check-ins?space=rubanerie&from=2026-11-01&to=2026-11-30"
        assert client.get(path, headers=headers).status_code == 200
        assert client.get("/api/v1/spaces/rubanerie/occupancy").status_code == 200
    assert scans(engine, statements) == []
