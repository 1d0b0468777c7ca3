"""Taking what was deleted out of the database's file, where a reader of bytes would still find it.

SQLite marks deleted rows as free and leaves them there. PostgreSQL reuses their place by itself,
in time (autovacuum); nothing is to be done for it here.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy import Engine

from cowopass.errors import DatabaseInUse


def wipe(engine: Engine) -> None:
    """Write an SQLite database anew, without what was deleted, and empty its log.

    Desks wait meanwhile: some seconds for a million lines. Raises DatabaseInUse when somebody
    writes for longer than one waits.
    """
    if engine.dialect.name != "sqlite":
        return
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        try:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError as error:
            raise DatabaseInUse(str(engine.url.database)) from error
