"""Visits for the pages of the front door, written straight into the table."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.desk.models import CheckIn


def a_visit(session: Session, space: str, home: str | None = None) -> None:
    """Let somebody be in a space since now, for the day, and commit."""
    now = clock.now()
    session.add(
        CheckIn(
            id=str(uuid4()),
            body_hash="",
            state="accepted",
            space=space,
            home=home or space,
            at=now,
            on=now.date(),
            recorded_at=now,
            unit="day",
        )
    )
    session.commit()
