"""What the web service does by itself: it looks again and again whether something is due.

A web server starts these threads in each of its processes, after they were forked. Two that find
the same thing due settle between them, in the database, which of them does it.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import NamedTuple

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cowopass.transaction import transaction

log = structlog.get_logger()


class Chore(NamedTuple):
    """Something to do when its time has come; `is_due` is asked every `seconds`.

    `is_due` takes no lock. `do` opens its own transactions; what it returns is of no concern here.
    """

    name: str
    seconds: float
    is_due: Callable[[Session], bool]
    do: Callable[[], object]


class Worker(Thread):
    """Does one chore whenever it is due, until it is stopped.

    It outlives a database that is down, and a failure that nobody foresaw: it looks again.
    """

    def __init__(self, app: Flask, chore: Chore) -> None:
        super().__init__(name=chore.name, daemon=True)
        self._app = app
        self._chore = chore
        self._stopped = Event()

    def run(self) -> None:
        """Look and do, again and again."""
        while not self._stopped.wait(self._chore.seconds):
            with self._app.app_context():
                try:
                    self._round()
                except SQLAlchemyError as error:
                    log.warning("chore waits", chore=self.name, error=type(error).__name__)
                except Exception:
                    log.exception("chore failed", chore=self.name)

    def stop(self) -> None:
        """End after the round that is under way."""
        self._stopped.set()
        self.join()

    def _round(self) -> None:
        with transaction(read_only=True) as session:
            is_due = self._chore.is_due(session)
        if is_due:
            self._chore.do()


def start_worker(app: Flask, chore: Chore) -> Worker:
    """Start a thread that does a chore."""
    worker = Worker(app, chore)
    worker.start()
    return worker
