"""The service's chores are done when they are due, and outlive what goes wrong."""

from __future__ import annotations

from threading import Event

from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cowopass.chores import Chore, start_worker

OFTEN = 0.01
PATIENCE = 10
"""Seconds after which a test gives up."""


def test_a_chore_is_done_while_it_is_due_and_no_more(app: Flask):
    left, rounds, done = [1, 2, 3], [], Event()

    def is_due(_: Session) -> bool:
        rounds.append(len(left))
        if len(rounds) > 5:
            done.set()
        return bool(left)

    worker = start_worker(app, Chore("count", OFTEN, is_due, left.pop))
    assert done.wait(PATIENCE)
    worker.stop()
    assert rounds[:6] == [3, 2, 1, 0, 0, 0]


def test_a_database_that_is_down_is_asked_again(app: Flask):
    answers, done = [OperationalError("SELECT 1", {}, Exception("down")), True], Event()

    def is_due(_: Session) -> bool:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    worker = start_worker(app, Chore("ask", OFTEN, is_due, done.set))
    assert done.wait(PATIENCE)
    worker.stop()


def test_what_failed_is_done_again_and_logged(app: Flask, capfd):
    tries, done = [], Event()

    def work() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ZeroDivisionError
        done.set()

    worker = start_worker(app, Chore("divide", OFTEN, lambda _: not done.is_set(), work))
    assert done.wait(PATIENCE)
    worker.stop()
    assert "chore failed" in capfd.readouterr().err
