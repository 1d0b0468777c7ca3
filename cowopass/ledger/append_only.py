"""The database itself refuses to change what the ledger has recorded, whoever asks.

On SQLite a replacing insert fires no delete trigger, so an insert of a row that is there is refused
too; a migration that rebuilds one of the tables drops its triggers and must set them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

LEDGER = {
    "settlement_lines": (
        "number = NEW.number OR id = NEW.id"
        " OR (kind = 'reversal' AND NEW.kind = 'reversal' AND reverses = NEW.reverses)"
    ),
    "ledger_entries": "number = NEW.number",
}
"""What can only grow, and when a new row would take the place of one that is there."""

ALL = {**LEDGER, "acts": "number = NEW.number"}
"""The same, with the log of acts, which came later."""

WITH_INVOICES = {
    **ALL,
    "invoices": (
        "number = NEW.number OR (network = NEW.network AND issuer = NEW.issuer"
        " AND year = NEW.year AND sequence = NEW.sequence)"
    ),
    "invoice_lines": "invoice = NEW.invoice AND charge = NEW.charge",
}
"""The same, with invoices."""

FUNCTION = "refuse_change"


def refuse_changes(connection: Connection, tables: Mapping[str, str] = LEDGER) -> None:
    """Set the triggers of the tables, whether or not some are there."""
    allow_changes(connection, tables)
    triggers = _sqlite_triggers if connection.dialect.name == "sqlite" else _postgresql_triggers
    for statement in triggers(tables):
        connection.execute(text(statement))


def allow_changes(connection: Connection, tables: Mapping[str, str] = LEDGER) -> None:
    """Take the triggers away, on PostgreSQL those of all tables: never for the service."""
    if connection.dialect.name == "sqlite":
        for table in tables:
            for event in ("update", "delete", "replace"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{event}"))
    else:
        connection.execute(text(f"DROP FUNCTION IF EXISTS {FUNCTION}() CASCADE"))


def _sqlite_triggers(tables: Mapping[str, str]) -> Iterator[str]:
    for table, is_taken in tables.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        is_there = f"EXISTS (SELECT 1 FROM {table} WHERE {is_taken})"  # noqa: S608 (our own names)
        yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}"
        yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}"
        yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {is_there} {refuse}"


def _postgresql_triggers(tables: Mapping[str, str]) -> Iterator[str]:
    yield (
        f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END$$"
    )
    for table in tables:
        name = f"{table}_no_change"
        yield (
            f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
        )
        # Not even a session that claims to replicate gets around it.
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
