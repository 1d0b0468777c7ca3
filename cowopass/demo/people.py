"""The people of the demonstration: a host for every space, a treasurer for every network."""

from __future__ import annotations

from itertools import cycle
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.networks.models import Network
from cowopass.people.models import Membership, Person
from cowopass.spaces.models import Space

DOMAIN = "demo.example"
"""Where the addresses of the demonstration's people are: no real mail gets there."""

NAMES = (
    "Anne Morel",
    "Bruno Faure",
    "Chloé Rivat",
    "Driss Benali",
    "Élodie Chazal",
    "Fanny Peyron",
    "Gaël Montmartin",
    "Hélène Vial",
    "Ismaël Roche",
    "Jeanne Thévenet",
    "Karim Saïd",
    "Lucie Garnier",
    "Maxime Odin",
)


class Door(NamedTuple):
    """A way into the demonstration: as which person, in which role, at which place."""

    person: str
    name: str
    role: str
    slug: str
    place: str


def add_people(session: Session) -> None:
    """Add the people of the demonstration, who have all come before."""
    spaces = session.scalars(select(Space).order_by(Space.slug)).all()
    networks = session.scalars(select(Network).order_by(Network.slug)).all()
    roles: list[tuple[str, str, str | None]] = [
        ("host", space.network, space.slug) for space in spaces
    ]
    roles += [("treasurer", network.slug, None) for network in networks]
    now = clock.now()
    for (role, network, space), name in zip(roles, cycle(NAMES), strict=False):
        place = space or network
        person = Person(
            id=f"per_{place[:28]}", email=f"{place}@{DOMAIN}", name=name, created_at=now
        )
        person.memberships.append(
            Membership(
                id=f"{person.id}/{role}/{place}",
                role=role,
                network=network,
                space=space,
                created_at=now,
                accepted_at=now,
            )
        )
        session.add(person)


def list_doors(session: Session) -> list[Door]:
    """Return the ways into the demonstration, treasurers first; none when it is not loaded."""
    found = session.execute(
        select(Membership, Person, Network.name, Space.name)
        .join(Membership.person)
        .join(Network, Network.slug == Membership.network)
        .outerjoin(Space, Space.slug == Membership.space)
        .where(Person.email.endswith(f"@{DOMAIN}"))
        .order_by(Membership.role.desc(), Network.created_at, Network.slug, Space.name)
    )
    return [
        Door(person.id, person.name, role.role, role.space or role.network, space or network)
        for role, person, network, space in found
    ]


def find_demo_person(session: Session, person_id: str) -> Person | None:
    """Return one of the demonstration's people, and nobody real."""
    person = session.get(Person, person_id)
    return person if person is not None and person.email.endswith(f"@{DOMAIN}") else None
