"""A row for any table as it is at some revision, made from its columns."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Connection, MetaData, Table
from sqlalchemy.types import (
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    String,
    TypeEngine,
)

VALUES: tuple[tuple[type[TypeEngine[Any]], Any], ...] = (
    (Boolean, False),
    (Integer, 1),
    (Float, 1.5),
    (DateTime, datetime(2026, 11, 1, tzinfo=UTC)),
    (Date, date(2026, 11, 1)),
    (LargeBinary, b"\x01"),
    (JSON, {}),
    (String, "1"),
)
OTHER = {("ledger_entries", "credit"): "2", ("settlement_lines", "levy_cents"): 0}
"""Values that a check wants to be another than the usual one."""


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables that are there, those that others point to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(connection: Connection, *names: str, **over: Any) -> list[str]:
    """Put one row into each table, or into those named, every column with a value.

    Keys point to the one row of the other table. Returns the names of the tables.
    """
    tables = [table for table in tables_of(connection) if not names or table.name in names]
    for table in tables:
        row = {column.name: _value(table, column) for column in table.columns}
        connection.execute(table.insert().values({**row, **over}))
    return [table.name for table in tables]


def _value(table: Table, column: Column[Any]) -> Any:
    usual = next(value for kind, value in VALUES if isinstance(column.type, kind))
    return OTHER.get((table.name, column.name), usual)
