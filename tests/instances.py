"""Databases that tests borrow, and the settings of an instance on one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Dialect, Engine, event, make_url

from cowopass import migration
from cowopass.config import Config
from cowopass.database import make_engine
from tests import postgresql

ENGINES = ["sqlite", "postgresql"]
SECRET = "a secret for tests, long enough to be one"
BASE_URL = "https://pass.example"


class LentEngine:
    """An engine that one test after the other borrows, each for a database of its own.

    An engine compiles every statement once. If each test had its own, compiling would take a third
    of the time of all tests.
    """

    def __init__(self, url: str) -> None:
        self._engine = make_engine(url)
        self._url = self._engine.url
        event.listen(self._engine, "do_connect", self._lead)

    @contextmanager
    def lend(self, url: str) -> Iterator[Engine]:
        """Lend it for the database at `url`. Its connections stay open for the next loan."""
        place = self._engine.url.set(**_place(url))
        if place != self._url:
            self._engine.dispose()
            self._url = place
        yield self._engine

    def dispose(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _lead(
        self, dialect: Dialect, _record: object, arguments: list[Any], options: dict[str, Any]
    ) -> None:
        """Open connections to the database of the present loan."""
        arguments[:], changed = dialect.create_connect_args(self._url)
        options.clear()
        options.update(changed)


def _place(url: str) -> dict[str, Any]:
    """Return what tells one database from another of the same kind."""
    parsed = make_url(url)
    names = ("username", "password", "host", "port", "database", "query")
    return {name: getattr(parsed, name) for name in names}


def migrate(url: str) -> None:
    """Give a database the tables of this version."""
    engine = make_engine(url)
    migration.upgrade(engine)
    engine.dispose()


@contextmanager
def a_migrated_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Lend a migrated database without rows, of the engine that the fixture's parameter names."""
    if request.param == "postgresql":
        with request.getfixturevalue("lent_database").lend() as url:
            yield url
        return
    with tempfile.TemporaryDirectory(dir=postgresql.run_folder()) as folder:
        path = Path(folder) / "cowopass.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"


@contextmanager
def an_empty_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Lend a database without tables, of the engine that the fixture's parameter names."""
    if request.param == "postgresql":
        server_url = request.getfixturevalue("postgresql_template").server_url
        with postgresql.a_database(server_url) as url:
            yield url
        return
    with tempfile.TemporaryDirectory(dir=postgresql.run_folder()) as folder:
        yield f"sqlite:///{folder}/cowopass.db"


def config_for(database_url: str) -> Config:
    """Return the settings of an instance on a database, the rest being the same in all tests."""
    return Config(
        environment="development",
        database_url=database_url,
        secret_key=SECRET,
        base_url=BASE_URL,
        smtp_url=None,
        port=8000,
    )
