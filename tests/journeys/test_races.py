"""Many desks at the same instant. PostgreSQL proves most; on SQLite two processes share a file."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cowopass.app import create_app
from cowopass.desk.models import CheckIn
from cowopass.ledger.models import SettlementLine
from cowopass.passes.golden import hand_over
from cowopass.passes.models import PassUsage
from cowopass.passes.tickets import issue_ticket
from cowopass.spaces.models import Space
from tests.factories import (
    a_network,
    a_pass,
    a_plan,
    a_space,
    a_token,
    an_agreement,
    bearer,
)

pytestmark = pytest.mark.race

THREADS, POSTS, ROUNDS = 16, 64, 10
HOSTS = [f"host-{number}" for number in range(16)]


@pytest.fixture
def headers(session):
    """Add a home and sixteen hosts; return the headers of an operator, who serves every desk."""
    a_network(session)
    an_agreement(session)
    a_space(session, "Home")
    for slug in HOSTS:
        a_space(session, slug.title(), slug=slug, day_cents=1200)
    token = a_token(session, "operator")
    session.commit()
    return bearer(token)


@pytest.fixture
def sell(session, config):
    """Return a function that sells a pass of Home and returns (pass, ticket)."""

    def issue(units=1, **over):
        plan = a_plan(session, "home", code=f"book-{uuid4().hex[:8]}", units=units, **over)
        starts_on = datetime.now(UTC).date() - timedelta(days=2)
        sold = a_pass(session, plan, starts_on=starts_on)
        ticket = issue_ticket(session, config, sold)
        session.commit()
        return sold, ticket

    return issue


def a_body(ticket, space, **over):
    return {"id": str(uuid4()), "token": ticket.token, "space": space, **over}


def post_at_once(app, headers, calls, count=THREADS):
    """Send (path, body) calls from threads that start together; return status and document."""
    barrier = Barrier(count)

    def work(number):
        client = app.test_client()
        barrier.wait()
        answers = [
            client.post(f"/api/v1/{path}", json=body, headers=headers)
            for path, body in calls[number::count]
        ]
        return [(answer.status_code, answer.json) for answer in answers]

    with ThreadPoolExecutor(count) as threads:
        return [answer for some in threads.map(work, range(count)) for answer in some]


def scan_at_once(app, headers, bodies, count=THREADS):
    return post_at_once(app, headers, [("check-ins", body) for body in bodies], count)


def scan_by_processes(config, headers, bodies):
    """Share the scans out to two processes, each with its own application on the same file."""
    context = multiprocessing.get_context("fork")
    gate, results = context.Barrier(2), context.SimpleQueue()

    def serve(share):
        app = create_app(config)
        gate.wait()
        results.put(scan_at_once(app, headers, share, THREADS // 2))

    workers = [context.Process(target=serve, args=(bodies[half::2],)) for half in (0, 1)]
    for worker in workers:
        worker.start()
    answers = [answer for _ in workers for answer in results.get()]
    for worker in workers:
        worker.join()
    return answers


@pytest.fixture
def scan_many(app, engine, config, headers):
    """Scan from 16 threads: of one process on PostgreSQL, of two on SQLite."""

    def post(bodies):
        if engine.dialect.name != "sqlite":
            return scan_at_once(app, headers, bodies)
        engine.dispose()
        return scan_by_processes(config, headers, bodies)

    return post


def ask(engine, statement):
    with Session(engine) as reader:
        return reader.execute(statement).all()


def counted(answers):
    """Return how often what was answered; coming again to the space that took her in is free."""
    return Counter(
        told.get("code") or ("reentry" if told["reentry"] else "accepted") for _, told in answers
    )


def test_the_last_unit_is_spent_once_ten_times_of_ten(sell, scan_many, engine):
    for _ in range(ROUNDS):
        sold, ticket = sell(units=1)
        bodies = [a_body(ticket, HOSTS[number % len(HOSTS)]) for number in range(POSTS)]
        told = counted(scan_many(bodies))
        assert told == {"accepted": 1, "reentry": 3, "no_units_left": POSTS - 4}
        used = select(PassUsage.units_used).where(PassUsage.pass_id == sold.id)
        assert ask(engine, used) == [(1,)]
    assert ask(engine, select(func.count()).select_from(SettlementLine)) == [(ROUNDS,)]


def test_an_id_sent_by_sixteen_threads_is_one_visit(sell, scan_many, engine):
    _, ticket = sell(units=5)
    body = a_body(ticket, HOSTS[0])
    answers = scan_many([body] * 32)
    assert Counter(status for status, _ in answers) == {201: 1, 200: 31}
    assert len({told["message"] for _, told in answers}) == 1
    assert ask(engine, select(func.count()).select_from(CheckIn)) == [(1,)]
    assert ask(engine, select(func.count()).select_from(SettlementLine)) == [(1,)]


def test_the_values_of_units_spent_at_once_add_up_to_the_price(sell, scan_many, engine):
    _, ticket = sell(units=11)
    answers = scan_many([a_body(ticket, slug) for slug in HOSTS])
    assert counted(answers) == {"accepted": 11, "no_units_left": 5}
    values = select(func.sum(SettlementLine.pass_value_cents))
    assert ask(engine, values) == [(15_000,)]


def test_a_golden_ticket_is_redeemed_once(session, config, sell, scan_many, engine):
    sold, _ = sell(golden_tickets=3)
    _, golden = hand_over(session, config, sold.id)
    session.commit()
    assert counted(scan_many([a_body(golden, slug) for slug in HOSTS * 2])) == {
        "accepted": 1,
        "no_units_left": 31,
    }
    assert ask(engine, select(PassUsage.golden_used)) == [(1,)]


def test_the_last_seat_of_a_space_is_given_once(session, sell, scan_many):
    session.get_one(Space, HOSTS[0]).capacity_comfortable = 1
    session.commit()
    tickets = [sell()[1] for _ in range(16)]
    answers = scan_many([a_body(ticket, HOSTS[0]) for ticket in tickets])
    assert counted(answers) == {"accepted": 1, "space_full": 15}


def test_a_void_asked_by_many_gives_back_once(app, headers, sell, engine):
    _, ticket = sell(units=5)
    [(_, visit)] = scan_at_once(app, headers, [a_body(ticket, HOSTS[0])])
    path = f"check-ins/{visit['id']}/void"
    answers = post_at_once(app, headers, [(path, {"reason": "Erreur"})] * 16)
    assert {status for status, _ in answers} == {200}
    assert ask(engine, select(PassUsage.units_used, PassUsage.value_given_cents)) == [(0, 0)]
    kinds = ask(engine, select(SettlementLine.kind).order_by(SettlementLine.number))
    assert kinds == [("charge",), ("reversal",)]


def test_scans_voids_and_extensions_of_one_pass_never_wait_for_each_other_in_a_ring(
    app, headers, sell, session, engine
):
    for slug in HOSTS:
        session.get_one(Space, slug).visitors_per_day = 100
    session.commit()
    (_, ticket), (_, other) = sell(units=40), sell(units=40)
    first = scan_at_once(
        app, headers, [a_body(ticket, slug, unit="half_day") for slug in HOSTS[:8]]
    )
    calls = [
        *[(f"check-ins/{told['id']}/void", {"reason": "Erreur"}) for _, told in first[:4]],
        *[(f"check-ins/{told['id']}/extend", {}) for _, told in first[4:]],
        *[("check-ins", a_body(other, slug)) for slug in HOSTS],
        *[("check-ins", a_body(ticket, slug)) for slug in HOSTS[8:]],
    ]
    answers = post_at_once(app, headers, calls)
    assert {status for status, _ in answers} <= {200, 201}
    live = select(func.sum(CheckIn.units)).where(CheckIn.state == "accepted")
    used = select(func.sum(PassUsage.units_used))
    assert ask(engine, live) == ask(engine, used)
