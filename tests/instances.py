"""Databases that tests borrow, and the settings of an instance on one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cowopass import migration
from cowopass.config import Config
from cowopass.database import make_engine
from tests import postgresql

ENGINES = ["sqlite", "postgresql"]
SECRET = "a secret for tests, long enough to be one"
BASE_URL = "https://pass.example"


def migrate(url: str) -> None:
    """Give a database the tables of this version."""
    engine = make_engine(url)
    migration.upgrade(engine)
    engine.dispose()


@contextmanager
def a_migrated_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Lend a copy of the template of the engine that the fixture's parameter names."""
    if request.param == "postgresql":
        with request.getfixturevalue("postgresql_template").clone() as url:
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
