"""One request or command is one transaction, opened in a view or a command and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from cowopass.running import current_engine


@contextmanager
def trial() -> Iterator[Session]:
    """Open a session in which all can be done, and nothing of it stays when the block ends."""
    with Session(current_engine(), expire_on_commit=False) as session:
        yield session


@contextmanager
def transaction(*, read_only: bool = False) -> Iterator[Session]:
    """Open a session that commits when the block ends and rolls back when it raises.

    A read-only one takes no write lock on SQLite, so a long listing never holds up a desk.
    """
    engine = current_engine()
    if read_only:
        engine = engine.execution_options(sqlite_begin="BEGIN", postgresql_readonly=True)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def snapshot() -> Iterator[Session]:
    """Open a read-only session that sees the database as it was at its first statement.

    So all parts of a document speak of the same records. SQLite does so by itself. On PostgreSQL
    each statement would otherwise see what was written since the one before, and a month's lines
    could be more than its totals.
    """
    with transaction(read_only=True) as session:
        if session.get_bind().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session
