"""Fixtures of every test: the application on a database of its own, on both engines.

SQLite is a copy of a file migrated once; on PostgreSQL the clone of a database migrated once is
lent from test to test and emptied in between. Where the PostgreSQL comes from is in
`tests/postgresql.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cowopass.app import create_app
from cowopass.config import Config
from tests import postgresql
from tests.instances import (
    ENGINES,
    LentEngine,
    a_migrated_database,
    an_empty_database,
    config_for,
    migrate,
)
from tests.lent_database import LentDatabase


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgresql.start_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgresql.stop_run()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template() -> Iterator[postgresql.Template]:
    with ExitStack() as opened:
        try:
            template = opened.enter_context(postgresql.template(migrate))
        except postgresql.NoServer as missing:
            if os.environ.get("CI"):
                pytest.fail(str(missing))
            pytest.skip(str(missing))
        yield template


@pytest.fixture(scope="session")
def lent_database(postgresql_template: postgresql.Template) -> Iterator[LentDatabase]:
    lent = LentDatabase(postgresql_template)
    yield lent
    lent.close()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    with a_migrated_database(request) as url:
        yield url


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    with an_empty_database(request) as url:
        yield url


@pytest.fixture
def config(database_url: str) -> Config:
    return config_for(database_url)


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return the application that tests borrow: making one takes longer than most tests."""
    nowhere = tmp_path_factory.mktemp("nowhere") / "nowhere.db"
    app = create_app(config_for(f"sqlite:///{nowhere}"))
    app.config["TESTING"] = True
    return app


@pytest.fixture(scope="session")
def engines() -> Iterator[dict[str, LentEngine]]:
    """Return the engines that tests borrow, by the kind of their database."""
    engines: dict[str, LentEngine] = {}
    yield engines
    for engine in engines.values():
        engine.dispose()


@pytest.fixture
def app(shared_app: Flask, config: Config, engines: dict[str, LentEngine]) -> Iterator[Flask]:
    """Return the shared application on this test's database; who changes it takes `own_app`."""
    kind = config.database_url.partition(":")[0]
    if kind not in engines:
        engines[kind] = LentEngine(config.database_url)
    with engines[kind].lend(config.database_url) as engine:
        shared_app.extensions |= {"cowopass.config": config, "cowopass.engine": engine}
        yield shared_app


@pytest.fixture
def own_app(config: Config) -> Iterator[Flask]:
    """Return an application that nobody has asked anything yet, to add to it or to count in it."""
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
