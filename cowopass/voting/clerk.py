"""What a vote needs somebody for when its hour has come: counted, reminded, carried through."""

from __future__ import annotations

from threading import Event, Thread

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cowopass.config import Config
from cowopass.transaction import transaction
from cowopass.voting.closing import close_due, has_due, remind_due
from cowopass.voting.departures import end_sold_days, passes_to_end
from cowopass.voting.models import Proposal

POLL_SECONDS = 60

log = structlog.get_logger()


def do_due(session: Session, config: Config) -> list[Proposal]:
    """Count what is over, remind who has not voted, end passes as voted; return what was counted.

    Again it finds nothing to do. Two at once queue at the rows of the proposals.
    """
    counted = close_due(session, config)
    remind_due(session, config)
    end_sold_days(session)
    return counted


class Clerk(Thread):
    """Looks every minute whether a vote is over, until it is stopped.

    It outlives a database that is down. Each process of a web server may have one.
    """

    def __init__(self, app: Flask, poll_seconds: float = POLL_SECONDS) -> None:
        super().__init__(name="clerk", daemon=True)
        self._app = app
        self._poll_seconds = poll_seconds
        self._stopped = Event()

    def run(self) -> None:
        """Do what is due, again and again."""
        while not self._stopped.wait(self._poll_seconds):
            with self._app.app_context():
                try:
                    self._round()
                except SQLAlchemyError as error:
                    log.warning("clerk waits", error=type(error).__name__)

    def stop(self) -> None:
        """End after the round that is under way."""
        self._stopped.set()
        self.join()

    def _round(self) -> None:
        """Look first, which takes no lock; then do it."""
        with transaction(read_only=True) as session:
            is_due = has_due(session) or bool(passes_to_end(session))
        if is_due:
            with transaction() as session:
                do_due(session, self._app.extensions["cowopass.config"])


def start_clerk(app: Flask) -> Clerk:
    """Start a thread that does what votes need."""
    clerk = Clerk(app)
    clerk.start()
    return clerk
