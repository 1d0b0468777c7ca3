"""Every step up and down, on both engines, on an empty database and on one that is in use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cowopass import migration, schema
from cowopass.database import make_engine
from tests.marks import slow_but
from tests.migrations.rows import fill, tables_of

STEPS = migration.revisions()
APPEND_ONLY = ("settlement_lines", "ledger_entries")


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    engine = make_engine(empty_database_url)
    yield engine
    engine.dispose()


def test_the_steps_are_numbered_without_gaps():
    assert [f"{number:04d}" for number in range(1, len(STEPS) + 1)] == STEPS


def test_the_models_say_what_the_migrations_make(engine):
    migration.upgrade(engine)
    migration.check(engine)


def test_up_down_to_nothing_and_up_again(engine):
    migration.upgrade(engine)
    migration.downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    assert not migration.is_current(engine)
    migration.upgrade(engine)
    migration.check(engine)
    assert migration.is_current(engine)


def test_migrating_a_current_database_changes_nothing(engine):
    migration.upgrade(engine)
    with engine.begin() as connection:
        fill(connection)
    migration.upgrade(engine)
    assert _counts(engine) == dict.fromkeys(schema.metadata.tables, 1)


@pytest.mark.parametrize("step", slow_but(STEPS[-1], STEPS))
def test_rows_of_before_survive_a_step_up_and_the_same_step_down(engine, step):
    before = STEPS[STEPS.index(step) - 1] if step != STEPS[0] else "base"
    if before != "base":
        migration.upgrade(engine, before)
    with engine.begin() as connection:
        kept = dict.fromkeys(fill(connection), 1)
    migration.upgrade(engine, step)
    assert _counts(engine).items() >= kept.items()
    migration.downgrade(engine, before)
    assert _counts(engine) == kept


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_ledger_can_not_be_changed_after_every_up_and_down(engine, table):
    migration.upgrade(engine)
    with engine.begin() as connection:
        fill(connection)
    _assert_append_only(engine, table)
    migration.downgrade(engine, "0007")
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET amount_cents = amount_cents + 1"))
    migration.upgrade(engine)
    _assert_append_only(engine, table)


@pytest.mark.parametrize("table", ["invoices", "invoice_lines"])
def test_an_invoice_can_not_be_changed(engine, table):
    migration.upgrade(engine)
    with engine.begin() as connection:
        fill(connection)
    key = "number" if table == "invoices" else "charge"
    for change in (f"UPDATE {table} SET {key} = '2'", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(change))


def test_a_reversal_can_not_take_the_place_of_another(engine):
    migration.upgrade(engine)
    with engine.begin() as connection:
        fill(connection, "settlement_lines", kind="reversal", reverses="lin_1")
    with pytest.raises(IntegrityError), engine.begin() as connection:
        fill(
            connection, "settlement_lines", number=2, id="lin_2", kind="reversal", reverses="lin_1"
        )


def _assert_append_only(engine: Engine, table: str) -> None:
    changes = [
        f"UPDATE {table} SET amount_cents = 7",
        f"UPDATE {table} SET amount_cents = 7 WHERE number = 1",
        f"DELETE FROM {table}",
    ]
    if engine.dialect.name == "sqlite":
        changes += [
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
            f"REPLACE INTO {table} SELECT * FROM {table}",
            f"UPDATE OR REPLACE {table} SET number = 2",
        ]
    else:
        changes += [
            f"TRUNCATE {table}",
            f"TRUNCATE {table} CASCADE",
            f"INSERT INTO {table} SELECT * FROM {table} "
            "ON CONFLICT (number) DO UPDATE SET amount_cents = 7",
            f"SET session_replication_role = replica; DELETE FROM {table}",
        ]
    recorded = _rows(engine, table)
    for change in changes:
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(change))
        assert _rows(engine, table) == recorded, change


def _rows(engine: Engine, table: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]


def _counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        names = [table.name for table in tables_of(connection)]
    return {name: len(_rows(engine, name)) for name in names}
