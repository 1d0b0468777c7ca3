"""Reading at one instant, so that all parts of a document speak of the same records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from cowopass.transaction import transaction


@contextmanager
def snapshot() -> Iterator[Session]:
    """Open a read-only session that sees the database as it was at its first statement.

    SQLite does so by itself. On PostgreSQL each statement would otherwise see what was written
    since the one before, and a month's lines could be more than its totals.
    """
    with transaction(read_only=True) as session:
        if session.get_bind().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session
