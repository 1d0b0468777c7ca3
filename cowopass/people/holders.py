"""Holders: the people who carry passes, each known to her home space alone."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.people.models import Holder


def find_or_make_holder(session: Session, home: str, name: str, email: str | None) -> Holder:
    """Return the home's holder with this name and e-mail address, made if there is none.

    A name alone tells nobody apart: without an address each sale makes a holder of its own. Two
    people may share an address (a family, a company), so the name must agree too.
    """
    name, email = plain_name(name), plain_email(email)
    found = _find_holder(session, home, name, email) if email else None
    if found is None:
        found = Holder(
            id=f"hol_{secrets.token_hex(8)}",
            home=home,
            name=name,
            email=email,
            created_at=clock.now(),
        )
        session.add(found)
    return found


def plain_name(name: str) -> str:
    """Return a name as it is kept: with single spaces, and none at its ends."""
    return " ".join(name.split())


def plain_email(email: str | None) -> str | None:
    """Return an address as it is kept: in small letters, None when there is none."""
    return email.strip().lower() or None if email else None


def _find_holder(session: Session, home: str, name: str, email: str) -> Holder | None:
    return session.scalar(
        select(Holder)
        .where(
            Holder.home == home,
            Holder.email == email,
            Holder.name == name,
            Holder.erased_at.is_(None),
        )
        .order_by(Holder.created_at, Holder.id)
        .limit(1)
        # Whoever forgets her waits until she has the new pass, and does not forget her then.
        .with_for_update()
    )
