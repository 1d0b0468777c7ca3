"""Secrets that work once and for a short while: mailed links, pairing codes, challenges."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.errors import SecretElsewhere, SecretExpired, SecretUsed
from cowopass.people.hashing import hash_of, new_secret
from cowopass.people.models import OneTimeSecret, Person
from wallet.code import CODES, make_code

Purpose = Literal["sign_in", "invitation", "passkey", "pairing"]

LIFETIMES: dict[Purpose, timedelta] = {
    "sign_in": timedelta(minutes=15),
    "invitation": timedelta(days=7),
    "passkey": timedelta(minutes=5),
    "pairing": timedelta(minutes=10),
}
FORGOTTEN_AFTER = timedelta(days=7)
"""So long a secret that is over is kept, to say why it does not work any more."""


def issue(
    session: Session,
    purpose: Purpose,
    *,
    person: Person | None = None,
    space: str | None = None,
    browser: str | None = None,
    next_path: str | None = None,
) -> str:
    """Make a secret that works once, and return it. With `browser`, it works in that one alone."""
    now = clock.now()
    forget_old_secrets(session)
    secret = _draw(purpose)
    session.add(
        OneTimeSecret(
            secret_hash=hash_of(secret),
            purpose=purpose,
            person_id=person.id if person else None,
            space=space,
            browser_hash=hash_of(browser) if browser else None,
            next_path=next_path,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    return secret


def forget_old_secrets(session: Session) -> int:
    """Remove the secrets that ended more than a week ago; return how many."""
    old = OneTimeSecret.expires_at < clock.now() - FORGOTTEN_AFTER
    forgotten = delete(OneTimeSecret).where(old).returning(OneTimeSecret.secret_hash)
    return len(session.scalars(forgotten).all())


def look_at(
    session: Session, secret: str, *purposes: Purpose, browser: str | None = None
) -> OneTimeSecret:
    """Return a secret that would work now, without using it up.

    Raises SecretExpired, also for one that never was, SecretUsed or SecretElsewhere.
    """
    found = session.scalar(
        select(OneTimeSecret)
        .where(OneTimeSecret.secret_hash == hash_of(secret), OneTimeSecret.purpose.in_(purposes))
        .with_for_update()
    )
    if found is None:
        raise SecretExpired
    if found.used_at is not None:
        raise SecretUsed
    if found.expires_at <= clock.now():
        raise SecretExpired
    if found.browser_hash is not None and found.browser_hash != hash_of(browser or ""):
        raise SecretElsewhere
    return found


def use(
    session: Session, secret: str, *purposes: Purpose, browser: str | None = None
) -> OneTimeSecret:
    """Use a secret up, and return what it was for. Raises as `look_at` does."""
    found = look_at(session, secret, *purposes, browser=browser)
    found.used_at = clock.now()
    return found


def _draw(purpose: Purpose) -> str:
    """Return a secret of full length, or for pairing a short code, which may have to be typed."""
    return make_code(secrets.randbelow(CODES)) if purpose == "pairing" else new_secret()
