"""Copies of the whole database, safe to take while it serves, and checked before they count.

SQLite is copied by its backup API. PostgreSQL has tools of its own: here are their commands.
"""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from alembic.script import ScriptDirectory
from sqlalchemy import URL, make_url

from cowopass.errors import (
    BackupInvalid,
    DatabaseInUse,
    DatabaseNotEmpty,
    DatabaseUnknown,
    OutputExists,
    OutputUnwritable,
)
from cowopass.output import into_file

MIGRATIONS = Path(__file__).parents[2] / "migrations"

OURS = frozenset({"networks", "settlement_lines", "ledger_entries"})
"""Tables that no database of this service lacks."""


def is_sqlite(database_url: str) -> bool:
    """Tell whether the backup API is for this database, or the tools of PostgreSQL."""
    return make_url(database_url).get_backend_name() == "sqlite"


def back_up(database_url: str, file: Path, *, force: bool = False) -> None:
    """Copy an SQLite database to a file that only its owner may read, while others write to it.

    The copy is one file, as the database was at one instant. Raises DatabaseUnknown, OutputExists
    when the file is there and may not be replaced (`force`), and OutputUnwritable.
    """
    source = _path_of(database_url)
    if not source.is_file():
        raise DatabaseUnknown(str(source))
    if file.exists() and (not force or file.samefile(source)):
        raise OutputExists(str(file))
    with into_file(file) as copy:
        copy.touch(mode=0o600)
        _copy(source, copy)
        _check(copy, file)


def restore(database_url: str, file: Path, *, force: bool = False) -> str:
    """Put a backup in the place of an SQLite database; return the revision of its tables.

    A backup of an older version is taken: `cowopass init` migrates it. Raises BackupInvalid,
    DatabaseInUse, DatabaseNotEmpty unless what is there may be lost (`force`), OutputUnwritable.
    """
    target = _path_of(database_url)
    if not file.is_file():
        raise BackupInvalid(str(file), "there is no such file")
    with into_file(target) as copy:
        _copy(file, copy)
        revision = _check(copy, file)
        _make_way(target, force=force)
    return revision


def postgresql_commands(database_url: str, file: Path, *, force: bool = False) -> tuple[str, str]:
    """Return the commands that back a PostgreSQL database up and restore it, without its password.

    The restore is for an empty database; with `force` it replaces what is there.
    """
    url = _plain_url(make_url(database_url))
    common = ["--no-owner", "--no-privileges"]
    dump = ["pg_dump", "--format=custom", *common, f"--file={file}", f"--dbname={url}"]
    replace = ["--clean", "--if-exists"] if force else []
    load = ["pg_restore", "--exit-on-error", "--single-transaction", *replace, *common]
    return shlex.join(dump), shlex.join([*load, f"--dbname={url}", str(file)])


def _plain_url(url: URL) -> str:
    """Return a URL as PostgreSQL's own tools read it."""
    plain = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    )
    return plain.render_as_string()


def _path_of(database_url: str) -> Path:
    database = make_url(database_url).database
    if not database or database == ":memory:":
        raise DatabaseUnknown(database_url)
    return Path(database)


def _copy(source: Path, copy: Path) -> None:
    """Copy one database onto an empty file. Raises BackupInvalid or OutputUnwritable."""
    with _reading(source) as original, closing(sqlite3.connect(copy)) as target:
        try:
            original.execute("SELECT count(*) FROM sqlite_master").close()
        except sqlite3.DatabaseError as error:
            raise BackupInvalid(str(source), f"SQLite can't read it: {error}") from error
        try:
            original.backup(target)
            # One file that can be carried around, without a log beside it.
            target.execute("PRAGMA journal_mode=DELETE").close()
        except sqlite3.DatabaseError as error:
            raise OutputUnwritable(str(copy.parent.parent), str(error)) from error


def _check(copy: Path, file: Path) -> str:
    """Return the revision of a copy whose pages, keys and tables are in order.

    Raises BackupInvalid, which names `file`.
    """
    with _reading(copy) as connection:
        try:
            problems = connection.execute("PRAGMA integrity_check").fetchall()
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        except sqlite3.DatabaseError as error:
            raise BackupInvalid(str(file), f"it is damaged: {error}") from error
        if problems != [("ok",)]:
            raise BackupInvalid(str(file), f"it is damaged: {problems[0][0]}")
        if orphans:
            raise BackupInvalid(str(file), f"{len(orphans)} rows point nowhere")
        if not tables >= OURS:
            raise BackupInvalid(str(file), "it is no database of this service")
        return _revision(connection, str(file), tables)


def _revision(connection: sqlite3.Connection, name: str, tables: set[str]) -> str:
    rows = []
    if "alembic_version" in tables:
        rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    if len(rows) != 1:
        raise BackupInvalid(name, "it does not say which version its tables have")
    revision = str(rows[0][0])
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if revision not in known:
        raise BackupInvalid(name, f"its tables have version {revision}, newer than this program")
    return revision


def _make_way(target: Path, *, force: bool) -> None:
    """Make sure that a database can be replaced: nobody has it open, nothing in it is missed."""
    if not target.exists():
        return
    with closing(sqlite3.connect(target, timeout=0.2, isolation_level=None)) as connection:
        try:
            is_empty = not _has_rows(connection)
            if not (is_empty or force):
                raise DatabaseNotEmpty(str(target))
            # To leave the WAL mode takes the database alone, against idle connections too.
            connection.execute("PRAGMA journal_mode=DELETE").close()
        except sqlite3.OperationalError as error:
            raise DatabaseInUse(str(target)) from error
        except sqlite3.DatabaseError as error:
            if not force:
                raise DatabaseNotEmpty(str(target)) from error
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)


def _has_rows(connection: sqlite3.Connection) -> bool:
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"
        " AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return any(
        connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()  # noqa: S608 (own names)
        for (name,) in tables
    )


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database that is there, without writing to it."""
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        yield connection
