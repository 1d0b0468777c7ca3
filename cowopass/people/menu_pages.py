"""Who is signed in, for the menu of every page."""

from __future__ import annotations

from typing import NamedTuple

from cowopass.people.callers import is_signed_in, person_of_request
from cowopass.people.models import Person
from cowopass.people.team import name_places
from cowopass.transaction import transaction


class SignedIn(NamedTuple):
    """Somebody with her roles, and the names of the places where she has them, by slug."""

    person: Person
    names: dict[str, str]


def signed_in() -> SignedIn | None:
    """Return who is signed in in this browser; a browser without our cookie costs no query."""
    if not is_signed_in():
        return None
    with transaction(read_only=True) as session:
        person = person_of_request(session)
        if person is None:
            return None
        return SignedIn(person, name_places(session, person.memberships))
