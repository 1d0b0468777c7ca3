"""When a device was last seen: written once its request is answered, at most once a minute."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, g
from sqlalchemy import or_, update

from cowopass import clock
from cowopass.people.models import ApiToken
from cowopass.running import current_engine

MINUTE = timedelta(minutes=1)


def note_seen(token: ApiToken) -> None:
    """Note that a token is used by the present request, if it is a device's.

    Many requests only read, so nothing is written here.
    """
    now = clock.now()
    if token.role == "device" and (token.seen_at is None or token.seen_at <= now - MINUTE):
        g.seen_device = token.id


def write_seen(answer: Response) -> Response:
    """Write down that a device was seen, where the last time is a minute old."""
    device_id = g.pop("seen_device", None)
    if device_id is not None:
        now = clock.now()
        is_old = or_(ApiToken.seen_at.is_(None), ApiToken.seen_at <= now - MINUTE)
        seen = update(ApiToken).where(ApiToken.id == device_id, is_old).values(seen_at=now)
        # The transaction of the view is over: this is one of its own.
        with current_engine().begin() as connection:
            connection.execute(seen)
    return answer


def register(app: Flask) -> None:
    """Write down which devices are seen."""
    app.after_request(write_seen)
