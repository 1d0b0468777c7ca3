"""Making the documents that were asked for: by a thread of each web process.

The thread only hands out the work and keeps what comes back: type is set in other processes.
"""

from __future__ import annotations

from threading import Event, Thread

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from cowopass.config import Config
from cowopass.documents.edition import read_edition
from cowopass.documents.jobs import Key, begin, claim_due, finish, has_due, keep
from cowopass.documents.kinds import Bench, list_documents
from cowopass.documents.making import make_all
from cowopass.transaction import transaction

POLL_SECONDS = 1

log = structlog.get_logger()


def make_due() -> int:
    """Make the documents of every month that was asked for; return of how many months."""
    months = 0
    while (key := _claim()) is not None:
        make_month(key)
        months += 1
    return months


def make_month(key: Key) -> None:
    """Make the documents of a month that is claimed; what is there already is not made again.

    No transaction is open while a document is made.
    """
    config: Config = current_app.extensions["cowopass.config"]
    with transaction() as session:
        bench = Bench(session, config, *key)
        listing, edition = list_documents(bench), read_edition(bench)
        left = begin(session, key, listing, edition)
    log.info("documents begun", network=key.network, month=key.month, left=len(left))
    for wanted, made in make_all(config, *key, left):
        with transaction() as session:
            keep(session, key, wanted, edition, made)
    with transaction() as session:
        finish(session, key)
    log.info("documents finished", network=key.network, month=key.month)


class Typesetter(Thread):
    """Looks every second for months whose documents were asked for, until it is stopped.

    A web server starts one in each of its processes, after they were forked. It outlives a
    database that is down, and a month that fails: that one is tried again when its lease is over,
    and given up after a few times.
    """

    def __init__(self, app: Flask) -> None:
        super().__init__(name="typesetter", daemon=True)
        self._app = app
        self._stopped = Event()

    def run(self) -> None:
        """Make what is due, again and again."""
        while not self._stopped.wait(POLL_SECONDS):
            with self._app.app_context():
                try:
                    self._round()
                except SQLAlchemyError as error:
                    log.warning("typesetter waits", error=type(error).__name__)
                except Exception:
                    log.exception("documents failed")

    def stop(self) -> None:
        """End after the month that is being made."""
        self._stopped.set()
        self.join()

    def _round(self) -> None:
        """Look first, which takes no lock; then make."""
        with transaction(read_only=True) as session:
            is_due = has_due(session)
        if is_due:
            make_due()


def start_typesetter(app: Flask) -> Typesetter:
    """Start a thread that makes the documents that were asked for."""
    typesetter = Typesetter(app)
    typesetter.start()
    return typesetter


def _claim() -> Key | None:
    with transaction() as session:
        return claim_due(session)
