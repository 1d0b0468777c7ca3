"""Who is signed in where: a cookie that counts for a while, and can be ended from elsewhere."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from cowopass import clock
from cowopass.errors import WebSessionUnknown
from cowopass.people.hashing import hash_of, new_secret
from cowopass.people.models import Person, WebSession

Method = Literal["link", "passkey", "demo"]

LONGEST = timedelta(days=30)
TREASURERS = timedelta(hours=12)
"""How long a session counts. It is not prolonged by use, so that reading writes nothing."""


def begin_session(session: Session, person: Person, method: Method, browser: str) -> str:
    """Sign a person in, and return the secret for her browser's cookie.

    Her roles count as accepted from now on; sessions of anybody that ended long ago are removed.
    """
    now = clock.now()
    forget_old_sessions(session)
    secret = new_secret()
    session.add(
        WebSession(
            id=f"ses_{secrets.token_hex(8)}",
            secret_hash=hash_of(secret),
            person_id=person.id,
            method=method,
            browser=browser[:80],
            created_at=now,
        )
    )
    for membership in person.memberships:
        membership.accepted_at = membership.accepted_at or now
    return secret


def forget_old_sessions(session: Session) -> int:
    """Remove the sessions that count for nobody any more; return how many."""
    old = WebSession.created_at < clock.now() - LONGEST
    return len(session.scalars(delete(WebSession).where(old).returning(WebSession.id)).all())


def find_session(session: Session, secret: str) -> WebSession | None:
    """Return the session of a cookie with its person and her roles; None when it is over."""
    found = session.scalar(
        select(WebSession)
        .where(WebSession.secret_hash == hash_of(secret))
        .options(joinedload(WebSession.person).selectinload(Person.memberships))
    )
    return found if found is not None and clock.now() < ends_at(found) else None


def ends_at(found: WebSession) -> datetime:
    """Return when a session ends: a treasurer's the same day, for she moves money."""
    roles = {membership.role for membership in found.person.memberships}
    return found.created_at + (TREASURERS if "treasurer" in roles else LONGEST)


def list_sessions(session: Session, person: Person) -> list[WebSession]:
    """Return where a person is signed in, the latest first."""
    found = session.scalars(
        select(WebSession)
        .where(WebSession.person_id == person.id)
        .order_by(WebSession.created_at.desc(), WebSession.id)
        .options(joinedload(WebSession.person).selectinload(Person.memberships))
    )
    return [one for one in found if clock.now() < ends_at(one)]


def end_session(session: Session, person: Person, session_id: str) -> None:
    """Sign a person out of one of her browsers, at once. Raises WebSessionUnknown."""
    found = session.get(WebSession, session_id)
    if found is None or found.person_id != person.id:
        raise WebSessionUnknown(session_id)
    session.delete(found)


def end_sessions(session: Session, person: Person) -> None:
    """Sign a person out everywhere, at once."""
    session.execute(delete(WebSession).where(WebSession.person_id == person.id))
