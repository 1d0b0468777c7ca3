"""What must hold whatever races: one unit is spent once, one id is one visit, one month is one."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from cowopass.app import create_app
from cowopass.config import Config
from cowopass.database import make_engine
from cowopass.desk.models import CheckIn
from cowopass.ledger.models import LedgerEntry, Period, SettlementLine
from cowopass.passes.golden import hand_over
from cowopass.passes.models import PassUsage
from cowopass.passes.tickets import issue_ticket
from cowopass.spaces.models import Space
from tests import postgresql
from tests.factories import a_network, a_pass, a_plan, a_space, a_token, an_agreement, bearer

pytestmark = pytest.mark.race

POSTS, THREADS = 64, 16
PATH = "/api/v1/check-ins"
LOCK = "/api/v1/periods/sainte/2026-11/lock"
SPACES = [f"space-{number}" for number in range(4)]

Post = Callable[[str, Any, dict[str, str]], tuple[int, Any]]


class World:
    """Four spaces that are visited, and a home that sells passes to go there."""

    def __init__(self, engine: Engine, config: Config) -> None:
        self.engine, self.config = engine, config
        with Session(engine, expire_on_commit=False) as session:
            a_network(session)
            for name in ("Home", *SPACES):
                a_space(session, name, day_cents=1200)
            an_agreement(session, offline_paper_per_day=POSTS)
            self.headers = {
                space: bearer(a_token(session, "host", space=space)) for space in SPACES
            }
            self.treasurer = bearer(a_token(session, "treasurer", network="sainte"))
            session.commit()

    def sell(self, units: int = 1, starts_on: date | None = None) -> str:
        """Return the token of a book with so many days."""
        with Session(self.engine, expire_on_commit=False) as session:
            code = f"plan-{uuid4().hex[:8]}"
            plan = a_plan(session, "home", code=code, units=units, price_cents=1000 * units)
            sold = a_pass(session, plan, starts_on=starts_on or this_month())
            token = issue_ticket(session, self.config, sold).token
            session.commit()
        return token

    def count(self, model: Any, *conditions: Any) -> int:
        with Session(self.engine) as session:
            found = session.scalar(select(func.count()).select_from(model).where(*conditions))
        return found or 0


def this_month() -> date:
    return datetime.now(UTC).date().replace(day=1)


def a_scan(token: str, space: str, check_in: str | None = None, **over: Any) -> dict[str, Any]:
    return {"id": check_in or str(uuid4()), "token": token, "space": space, **over}


def at_once(tasks: list[Callable[[], Any]]) -> list[Any]:
    """Run tasks in sixteen threads that all start at the same instant."""
    gate = threading.Barrier(min(THREADS, len(tasks)))

    def first_wait(number: int, task: Callable[[], Any]) -> Any:
        if number < THREADS:
            gate.wait(30)
        return task()

    with ThreadPoolExecutor(THREADS) as pool:
        futures = [pool.submit(first_wait, number, task) for number, task in enumerate(tasks)]
        return [future.result(60) for future in futures]


def in_process(app: Flask) -> Post:
    """Return a function that posts within this process, each thread by a client of its own."""

    def post(path: str, body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        answer = app.test_client().post(path, json=body, headers=headers)
        return answer.status_code, answer.json

    return post


def over_the_wire(port: int) -> Post:
    """Return a function that posts to a server on this machine."""

    def post(path: str, body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            sent = {**headers, "Content-Type": "application/json"}
            connection.request("POST", path, json.dumps(body), sent)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    return post


@pytest.fixture
def pooled(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    app.config["TESTING"] = True
    yield app
    app.extensions["cowopass.engine"].dispose()


@pytest.fixture
def world(pooled: Flask, config: Config) -> World:
    return World(pooled.extensions["cowopass.engine"], config)


@pytest.fixture
def served(sqlite_template: Path) -> Iterator[tuple[World, Post]]:
    """A SQLite file behind two server processes, as gunicorn runs them."""
    with tempfile.TemporaryDirectory(dir=postgresql.run_folder()) as folder:
        path = Path(folder) / "cowopass.db"
        shutil.copy(sqlite_template, path)
        port = a_free_port()
        secret = "a secret for races, long enough to be one"
        base_url = f"http://127.0.0.1:{port}"
        config = Config("development", f"sqlite:///{path}", secret, base_url, None, port)
        engine = make_engine(config.database_url)
        try:
            world = World(engine, config)
            with gunicorn(config):
                yield world, over_the_wire(port)
        finally:
            engine.dispose()


def a_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def gunicorn(config: Config) -> Iterator[None]:
    """Serve with two worker processes until the block ends."""
    environment = {
        **os.environ,
        "DATABASE_URL": config.database_url,
        "COWOPASS_SECRET_KEY": config.secret_key,
        "COWOPASS_BASE_URL": config.base_url,
    }
    command = [sys.executable, "-m", "gunicorn", "--workers=2", "--threads=8"]
    command += [f"--bind=127.0.0.1:{config.port}", "--log-level=error", "wsgi:app"]
    root = Path(__file__).parents[2]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(  # noqa: S603 (our own server, our own arguments)
            command, cwd=root, env=environment, stdout=log, stderr=log
        )
        try:
            wait_until_it_answers(config.port, server)
            yield
        finally:
            server.terminate()
            server.wait(30)


def wait_until_it_answers(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 40
    while time.monotonic() < end:
        assert server.poll() is None, "the server did not start"
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    pytest.fail("the server does not answer")


def race_for_one_unit(world: World, post: Post) -> None:
    """Post one last unit 64 times at four spaces from 16 threads: exactly one may have it."""
    token = world.sell(units=1)
    before = world.count(SettlementLine)
    answers = at_once(
        [
            lambda space=SPACES[number % 4]: post(PATH, a_scan(token, space), world.headers[space])
            for number in range(POSTS)
        ]
    )
    taken = [told for status, told in answers if status == 201 and not told["reentry"]]
    assert len(taken) == 1, Counter((status, told.get("code")) for status, told in answers)
    # At the space that got it, the others are re-entries; anywhere else nothing is left.
    for status, told in answers:
        if told is not taken[0]:
            at_the_same_space = told.get("space") == taken[0]["space"]
            expected = (201, None) if status == 201 else (422, "no_units_left")
            assert (status, told.get("code")) == expected
            assert at_the_same_space or status == 422
    assert world.count(SettlementLine) == before + 1
    with Session(world.engine) as session:
        most = session.scalar(select(func.max(PassUsage.units_used)))
    assert most == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_one_last_unit_is_spent_once_on_postgresql(world: World, pooled: Flask) -> None:
    for _ in range(10):
        race_for_one_unit(world, in_process(pooled))


def test_one_last_unit_is_spent_once_by_two_processes_on_sqlite(
    served: tuple[World, Post],
) -> None:
    world, post = served
    for _ in range(10):
        race_for_one_unit(world, post)


def race_for_one_id(world: World, post: Post) -> None:
    """Send the same visit 64 times at once: one visit, one charge, one answer."""
    body = a_scan(world.sell(units=11), SPACES[0])
    before = world.count(SettlementLine)
    answers = at_once([lambda: post(PATH, body, world.headers[SPACES[0]])] * POSTS)
    assert Counter(status for status, _ in answers) == {201: 1, 200: POSTS - 1}
    assert all(told == answers[0][1] for _, told in answers)
    assert world.count(CheckIn, CheckIn.id == body["id"]) == 1
    assert world.count(SettlementLine) == before + 1


def test_an_id_sent_by_many_threads_is_one_visit(world: World, pooled: Flask) -> None:
    for _ in range(3):
        race_for_one_id(world, in_process(pooled))


def test_an_id_sent_to_two_processes_is_one_visit(served: tuple[World, Post]) -> None:
    world, post = served
    for _ in range(3):
        race_for_one_id(world, post)


def test_one_golden_ticket_is_redeemed_once(world: World, pooled: Flask) -> None:
    with Session(world.engine, expire_on_commit=False) as session:
        plan = a_plan(session, "home", golden_tickets=5)
        sold = a_pass(session, plan, starts_on=this_month())
        _, ticket = hand_over(session, world.config, sold.id)
        session.commit()
    post = in_process(pooled)
    answers = at_once(
        [
            lambda space=SPACES[number % 4]: post(
                PATH, a_scan(ticket.token, space), world.headers[space]
            )
            for number in range(POSTS)
        ]
    )
    told = Counter((status, answer.get("code")) for status, answer in answers)
    assert told == {(201, None): 1, (422, "no_units_left"): POSTS - 1}


def test_voiding_at_once_gives_back_once(world: World, pooled: Flask) -> None:
    post = in_process(pooled)
    body = a_scan(world.sell(units=3), SPACES[0])
    assert post(PATH, body, world.headers[SPACES[0]])[0] == 201
    path = f"{PATH}/{body['id']}/void"
    reason = {"reason": "Scanned by mistake"}
    answers = at_once([lambda: post(path, reason, world.headers[SPACES[0]])] * THREADS)
    assert Counter(status for status, _ in answers) == {200: THREADS}
    assert world.count(SettlementLine, SettlementLine.kind == "reversal") == 1
    with Session(world.engine) as session:
        used = session.execute(select(PassUsage.units_used, PassUsage.value_given_cents)).all()
    assert [tuple(row) for row in used] == [(0, 0)]


def test_a_last_seat_is_given_once(world: World, pooled: Flask) -> None:
    with Session(world.engine) as session:
        session.get_one(Space, SPACES[0]).capacity_maximum = 1
        session.commit()
    post = in_process(pooled)
    tokens = [world.sell() for _ in range(THREADS)]
    answers = at_once(
        [
            lambda token=token: post(PATH, a_scan(token, SPACES[0]), world.headers[SPACES[0]])
            for token in tokens
        ]
    )
    told = Counter((status, answer.get("code")) for status, answer in answers)
    assert told == {(201, None): 1, (422, "space_full"): THREADS - 1}


def test_check_ins_and_the_lock_of_their_month_each_fall_on_one_side(
    world: World, pooled: Flask
) -> None:
    """Visits of November arrive while November is locked: each is in one period, and all count."""
    post = in_process(pooled)
    with time_machine.travel(datetime(2026, 12, 2, 10, tzinfo=UTC), tick=False):
        bodies = [november_visit(world, number) for number in range(POSTS)]
        tasks: list[Callable[[], Any]] = [
            partial(post, PATH, body, world.headers[body["space"]]) for body in bodies
        ]
        for at in (4, 9):
            tasks.insert(at, partial(post, LOCK, {}, world.treasurer))
        answers = at_once(tasks)
    statuses = Counter(status for status, _ in answers)
    assert statuses == {201: POSTS, 200: 2}
    check_sums(world)


def november_visit(world: World, number: int) -> dict[str, Any]:
    token = world.sell(units=1, starts_on=date(2026, 11, 1))
    at = f"2026-11-{number % 5 + 26}T10:00:00+00:00"  # a visit older than a week is not paid
    return a_scan(token, SPACES[number % 4], offline=True, at=at)


def check_sums(world: World) -> None:
    """Every visit has one line, late if it came after the lock; the lock counts the others."""
    with Session(world.engine) as session:
        accepted = session.scalars(select(CheckIn.id).where(CheckIn.state == "accepted")).all()
        lines = session.scalars(select(SettlementLine)).all()
        locked = session.get_one(Period, ("sainte", "2026-11")).totals
        moved = session.execute(
            select(LedgerEntry.period, func.sum(LedgerEntry.amount_cents))
            .where(LedgerEntry.line_id.is_not(None))
            .group_by(LedgerEntry.period)
        ).all()
    assert len(accepted) == POSTS
    assert Counter(line.check_in for line in lines) == dict.fromkeys(accepted, 1)
    assert all((line.late_from == "2026-11") == (line.period == "2026-12") for line in lines)
    counts = Counter(line.period for line in lines)
    assert set(counts) <= {"2026-11", "2026-12"}
    assert locked is not None
    assert (locked["charges"], locked["gross_cents"]) == (
        counts["2026-11"],
        1200 * counts["2026-11"],
    )
    assert {period: int(cents) for period, cents in moved} == {
        period: 1260 * count for period, count in counts.items()
    }
