"""A database on PostgreSQL that one test after the other borrows, emptied in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg

from tests.postgresql import Template

EMPTY = """
CREATE FUNCTION pg_temp.empty() RETURNS SETOF text LANGUAGE plpgsql
SET session_replication_role = replica AS $body$ BEGIN {} END $body$
"""
"""As a replica the session fires no trigger of foreign keys; those that always fire are put off.

It returns the tables in which there was something.
"""

STEPS = """
SELECT format(
    'IF EXISTS (SELECT FROM %1$s) THEN %2$s DELETE FROM %1$s; %3$s RETURN NEXT %1$L; END IF;',
    oid::regclass,
    string_agg('ALTER TABLE ' || oid::regclass || ' DISABLE TRIGGER ' || guard || ';', ' '),
    string_agg('ALTER TABLE ' || oid::regclass || ' ENABLE ALWAYS TRIGGER ' || guard || ';', ' ')
)
FROM pg_class LEFT JOIN (
    SELECT tgrelid, quote_ident(tgname) AS guard FROM pg_trigger WHERE tgenabled = 'A'
) guards ON tgrelid = oid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
GROUP BY oid
UNION ALL SELECT format('PERFORM setval(%L, 1, false);', sequencename) FROM pg_sequences
"""

SHAPE = """
SELECT md5(string_agg(part::text, ' ' ORDER BY part)) FROM (
    SELECT relname, relkind, relnatts FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT tgname, tgenabled, tgtype FROM pg_trigger
) part
"""
PATIENCE = "SET lock_timeout = '500ms'"


class LentDatabase:
    """The clone of a template that a worker lends to its tests.

    To empty it takes seven milliseconds; to make a clone, to connect to it and to drop it takes
    forty. A test that changed its shape or still holds a lock on it ends it, and the next one gets
    a new clone.
    """

    def __init__(self, template: Template) -> None:
        self._template = template
        self._opened = ExitStack()
        self._url = ""

    @contextmanager
    def lend(self) -> Iterator[str]:
        """Yield the URL of a database with the tables of the template and nothing in them."""
        if not self._url:
            self._open()
        yield self._url
        if not self._is_emptied():
            self.close()

    def close(self) -> None:
        """Drop the clone."""
        self._url = ""
        self._opened.close()

    def _open(self) -> None:
        url = self._opened.enter_context(self._template.clone())
        self._connection = self._opened.enter_context(psycopg.connect(url, autocommit=True))
        self._connection.execute(PATIENCE)
        steps = " ".join(step for (step,) in self._connection.execute(STEPS))
        self._connection.execute(EMPTY.format(steps).encode())
        self._shape = self._read_shape()
        self._url = url

    def _is_emptied(self) -> bool:
        """Empty the database; return whether it is as it was when it was new.

        What was in a table is swept out too: rows would else be found in any order.
        """
        try:
            for (table,) in self._connection.execute("SELECT pg_temp.empty()").fetchall():
                self._connection.execute(f"VACUUM {table}".encode())
            return self._read_shape() == self._shape
        except psycopg.Error:
            return False

    def _read_shape(self) -> object:
        return self._connection.execute(SHAPE).fetchone()
