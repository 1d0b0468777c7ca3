"""Sending what waits: by a thread of each web process, and by `cowopass mail send`."""

from __future__ import annotations

from collections import Counter
from threading import Event, Thread
from typing import Literal

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from cowopass.mail.service import claim_due, has_due, mark_failed, mark_sent
from cowopass.mail.smtp import deliver, is_for_good
from cowopass.transaction import transaction

POLL_SECONDS = 2

log = structlog.get_logger()


def send_due() -> Counter[str]:
    """Send every mail that is due; return how many are `sent`, and how many `failed`."""
    counts: Counter[str] = Counter()
    while (outcome := send_one()) is not None:
        counts[outcome] += 1
    return counts


def send_one() -> Literal["sent", "failed"] | None:
    """Send one mail that is due; None when there is none.

    It is claimed first, so that of two processes one sends it. No transaction is open while the
    mail server works: a slow one holds nobody up. Logs name no recipient.
    """
    with transaction() as session:
        mail = claim_due(session)
    if mail is None:
        return None
    try:
        deliver(current_app.extensions["cowopass.config"], mail)
    except OSError as error:
        log.warning("mail failed", mail=mail.id, tries=mail.tries, error=type(error).__name__)
        with transaction() as session:
            mark_failed(session, mail.id, str(error), for_good=is_for_good(error))
        return "failed"
    with transaction() as session:
        mark_sent(session, mail.id)
    log.info("mail sent", mail=mail.id, tries=mail.tries)
    return "sent"


class Postman(Thread):
    """Looks for mails every two seconds, until it is stopped. It outlives a database that is down.

    A web server starts one in each of its processes, after they were forked.
    """

    def __init__(self, app: Flask) -> None:
        super().__init__(name="postman", daemon=True)
        self._app = app
        self._stopped = Event()

    def run(self) -> None:
        """Send what is due, again and again."""
        while not self._stopped.wait(POLL_SECONDS):
            with self._app.app_context():
                try:
                    self._round()
                except SQLAlchemyError as error:
                    log.warning("postman waits", error=type(error).__name__)

    def stop(self) -> None:
        """End after the mail that is being sent."""
        self._stopped.set()
        self.join()

    def _round(self) -> None:
        """Look first, which takes no lock; then send."""
        with transaction(read_only=True) as session:
            is_due = has_due(session)
        if is_due:
            send_due()


def start_postman(app: Flask) -> Postman | None:
    """Start a thread that sends the application's mails; None where no mail server is set."""
    if app.extensions["cowopass.config"].smtp_url is None:
        return None
    postman = Postman(app)
    postman.start()
    return postman
