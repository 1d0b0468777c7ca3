"""Fixtures of every test: the application on a database of its own, on both engines.

SQLite is a copy of a file migrated once; PostgreSQL clones a database migrated once. Where the
PostgreSQL comes from is in `tests/postgresql.py`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cowopass import migration
from cowopass.app import create_app
from cowopass.config import Config
from cowopass.database import make_engine
from cowopass.ledger import append_only
from cowopass.schema import metadata
from tests import postgresql

SECRET = "a secret for tests, long enough to be one"
BASE_URL = "https://pass.example"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgresql.start_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgresql.stop_run()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    _prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template() -> Iterator[postgresql.Template]:
    with ExitStack() as opened:
        try:
            template = opened.enter_context(postgresql.template(_prepare))
        except postgresql.NoServer as missing:
            if os.environ.get("CI"):
                pytest.fail(str(missing))
            pytest.skip(str(missing))
        yield template


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        with tempfile.TemporaryDirectory(dir=postgresql.run_folder()) as folder:
            path = Path(folder) / "cowopass.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            yield f"sqlite:///{path}"
        return
    with request.getfixturevalue("postgresql_template").clone() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        with tempfile.TemporaryDirectory(dir=postgresql.run_folder()) as folder:
            yield f"sqlite:///{folder}/cowopass.db"
        return
    server_url = request.getfixturevalue("postgresql_template").server_url
    with postgresql.a_database(server_url) as url:
        yield url


@pytest.fixture
def config(database_url: str) -> Config:
    return Config(
        environment="development",
        database_url=database_url,
        secret_key=SECRET,
        base_url=BASE_URL,
        smtp_url=None,
        port=8000,
    )


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    app.config["TESTING"] = True
    yield app
    app.extensions["cowopass.engine"].dispose()


@pytest.fixture
def engine(app: Flask) -> Engine:
    return app.extensions["cowopass.engine"]


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session:
        yield session


def _prepare(url: str) -> None:
    engine = make_engine(url)
    # Interim, while models change daily: made from the models, with the triggers of 0008.
    with engine.begin() as connection:
        metadata.create_all(connection)
        append_only.refuse_changes(connection)
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{migration.head()}')")
    engine.dispose()
