"""The database: engines, types and the common base of all tables.

SQLite is the embedded default, PostgreSQL is for production; `DATABASE_URL` alone decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Table,
    create_engine,
    event,
    insert,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

Outcome = Literal["added", "changed", "unchanged"]
"""What saving something came to."""

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on both engines. A naive one is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into UTC; SQLite keeps it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must have a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (signature of SQLAlchemy)
        """Give the instant its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables, with named constraints so that migrations can speak of them."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it as a class attribute)
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


def make_engine(url: str) -> Engine:
    """Return an engine for a database URL; `postgresql://` means psycopg.

    On SQLite every transaction takes the write lock when it begins, unless it is a read-only one
    (`sqlite_begin` option): two writers queue instead of failing half-way.
    """
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def insert_or_ignore(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert the rows whose key is not taken, in one statement; the others stay as they are."""
    if rows:
        session.execute(_insert(session)(model).values(list(rows)).on_conflict_do_nothing())


def insert_claim(session: Session, model: type[Base], row: Mapping[str, Any]) -> bool:
    """Insert a row and say whether its key was free; a racing insert of it is waited for."""
    key = next(iter(model.__table__.primary_key))
    statement = _insert(session)(model).values(dict(row)).on_conflict_do_nothing().returning(key)
    return session.execute(statement).first() is not None


def insert_many(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the keys of the first one, by the driver's own means.

    The same statement and the same conversions as `insert(model)`, without SQLAlchemy's work on
    each parameter, which counts where there are millions. Columns left out must have no default.
    """
    if not rows:
        return
    dialect = session.get_bind().dialect
    table = cast(Table, model.__table__)
    compiled = insert(table).compile(dialect=dialect, column_keys=list(rows[0]))
    names = compiled.positiontup or list(rows[0])
    pick = itemgetter(*names)
    converters = [
        (place, _remembering(processor, table.c[name].type))
        for place, name in enumerate(names)
        if (processor := table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
    ]
    parameters: list[Any] = []
    for row in rows:
        values = list(pick(row))
        for place, convert in converters:
            if values[place] is not None:
                values[place] = convert(values[place])
        is_positional = compiled.positiontup is not None
        parameters.append(tuple(values) if is_positional else dict(zip(names, values, strict=True)))
    session.connection().exec_driver_sql(str(compiled), parameters)


def _remembering(convert: Callable[[Any], Any], kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    """Return a converter that works an instant or a day out once: many rows share them."""
    if isinstance(kind, UtcDateTime | Date):
        return lru_cache(maxsize=1_024)(convert)
    return convert


def assign(row: Base, values: Mapping[str, Any]) -> bool:
    """Give a row new values, and return whether any of them is another than before."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def upsert(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those whose key is there already get the new values."""
    if not rows:
        return
    keys = [column.name for column in model.__table__.primary_key]
    statement = _insert(session)(model)
    values = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), list(rows))


def _insert(session: Session) -> Any:  # noqa: ANN401 (either dialect's insert)
    """Return the dialect's own INSERT, which knows ON CONFLICT on both engines."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 (any DBAPI connection)
    """Set a new SQLite connection up: durable, patient, and with transactions left to us."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401 (SQLAlchemy's event hands a Connection)
    how = connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE")
    connection.connection.driver_connection.execute(how)
