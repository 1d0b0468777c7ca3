"""Who reads the mails to a space, and to a treasury."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.errors import EmailInvalid
from cowopass.mail.service import check_address
from cowopass.people.models import Membership, Person
from cowopass.spaces.models import Space


class Recipient(NamedTuple):
    """Who is written to: an address, and the language to write in."""

    email: str
    language: str


def recipients_of(session: Session, spaces: Iterable[Space]) -> dict[str, list[Recipient]]:
    """Return the hosts of each space, then its own address, each address once."""
    own = [(space.slug, space.email, "fr") for space in spaces]
    found: dict[str, dict[str, Recipient]] = {slug: {} for slug, _, _ in own}
    hosts = session.execute(
        select(Membership.space, Person.email, Person.language)
        .join(Person)
        .where(Membership.role == "host", Membership.space.in_(found))
        .order_by(Person.email)
    ).all()
    for slug, email, language in [*hosts, *own]:
        if slug and email and _is_address(email):
            found[slug].setdefault(email.lower(), Recipient(email, language))
    return {slug: list(recipients.values()) for slug, recipients in found.items()}


def treasurers_of(session: Session, network: str) -> list[Recipient]:
    """Return the treasurers of a network, each address once."""
    rows = session.execute(
        select(Person.email, Person.language)
        .join(Membership)
        .where(Membership.role == "treasurer", Membership.network == network)
        .order_by(Person.email)
    ).all()
    found: dict[str, Recipient] = {}
    for email, language in rows:
        if email and _is_address(email):
            found.setdefault(email.lower(), Recipient(email, language))
    return list(found.values())


def _is_address(email: str) -> bool:
    """Return whether mail can go there: one bad address keeps no other space waiting."""
    try:
        check_address(email)
    except EmailInvalid:
        return False
    return True
