"""Who works where: inviting people to a role, and taking it away."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Literal, NamedTuple

from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.config import Config
from cowopass.errors import LastMember, MembershipUnknown, NetworkUnknown, SpaceUnknown
from cowopass.mail.service import check_address, queue_mail
from cowopass.networks.models import Network
from cowopass.people.access import Caller
from cowopass.people.holders import plain_email, plain_name
from cowopass.people.models import Membership, Person
from cowopass.people.once import issue
from cowopass.people.sessions import end_sessions
from cowopass.people.signing_in import find_person, landing, link_of
from cowopass.spaces.models import Space


class Post(NamedTuple):
    """A role at a place: `host` at a space's slug, `treasurer` at a network's."""

    role: Literal["host", "treasurer"]
    place: str


class Guest(NamedTuple):
    """Who is invited. `space` says which space a treasurer belongs to, if any."""

    email: str
    name: str
    language: str = "fr"
    space: str | None = None


def invite(
    session: Session,
    config: Config,
    caller: Caller,
    post: Post,
    guest: Guest,
    request_id: str | None = None,
) -> Membership:
    """Give somebody a role, and mail a link to enter by, good once for seven days.

    The role counts at once. Who has it and has not come yet is mailed a new link; who has come is
    left in peace. The same `request_id` again mails nothing more. For hosts of the space, and
    treasurers of the network. Raises RoleForbidden, EmailInvalid, SpaceUnknown or NetworkUnknown.
    """
    network, name = _find_place(session, caller, post)
    person = _find_or_add(session, guest)
    membership = session.get(Membership, _id(person, post))
    if membership is None:
        membership = Membership(
            id=_id(person, post),
            role=post.role,
            network=network,
            space=post.place if post.role == "host" else guest.space,
            created_at=clock.now(),
        )
        person.memberships.append(membership)
        session.flush()
        _record(session, "person_invited", membership)
    if membership.accepted_at is None:
        request = f"invitation:{request_id}:{membership.id}" if request_id else None
        _mail_invitation(session, config, membership, name, request)
    return membership


def remove(session: Session, caller: Caller, post: Post, person_id: str) -> None:
    """Take a role away from somebody, at once. Who has none left is signed out everywhere.

    Raises RoleForbidden, MembershipUnknown, and LastMember for the last one who has come.
    """
    _find_place(session, caller, post)
    members = _members(session, post, lock=True)
    gone = next((one for one in members if one.person_id == person_id), None)
    if gone is None:
        raise MembershipUnknown(person_id)
    others = [one for one in members if one is not gone and one.accepted_at is not None]
    if gone.accepted_at is not None and not others:
        raise LastMember(post.role, post.place)
    person = gone.person
    _record(session, "person_removed", gone)
    person.memberships.remove(gone)
    if not person.memberships:
        end_sessions(session, person)


def list_members(session: Session, caller: Caller, post: Post) -> list[Membership]:
    """Return who has a role at a place, each with its `person`, in the order of their names.

    Raises RoleForbidden, SpaceUnknown or NetworkUnknown.
    """
    _find_place(session, caller, post)
    return _members(session, post)


def list_everybody(session: Session) -> list[Membership]:
    """Return every role of everybody, by network, space and name; for the operator."""
    found = session.scalars(
        select(Membership)
        .join(Membership.person)
        .order_by(Membership.network, Membership.role.desc(), Membership.space, Person.name)
        .options(joinedload(Membership.person))
    )
    return list(found)


def name_places(session: Session, memberships: Iterable[Membership]) -> dict[str, str]:
    """Return the names of the networks and spaces of some memberships, by slug."""
    found = list(memberships)
    networks = {one.network for one in found}
    spaces = {one.space for one in found if one.space}
    named = [
        *session.execute(select(Network.slug, Network.name).where(Network.slug.in_(networks))),
        *session.execute(select(Space.slug, Space.name).where(Space.slug.in_(spaces))),
    ]
    return {row.slug: row.name for row in named}


def _find_place(session: Session, caller: Caller, post: Post) -> tuple[str, str]:
    """Return the network and the name of a place whose people the caller may choose."""
    if post.role == "treasurer":
        network = session.get(Network, post.place)
        if network is None:
            raise NetworkUnknown(post.place)
        caller.must_keep(network.slug)
        return network.slug, network.name
    space = session.get(Space, post.place)
    if space is None:
        raise SpaceUnknown(post.place)
    if not caller.keeps(space.network):
        caller.must_serve(space.slug, "host")
    return space.network, space.name


def _record(session: Session, act: str, membership: Membership) -> None:
    """Note in the log who got or lost which role."""
    record_act(
        session,
        act,
        network=membership.network,
        space=membership.space,
        subject=membership.person_id,
        role=membership.role,
    )


def _find_or_add(session: Session, guest: Guest) -> Person:
    email = check_address(plain_email(guest.email) or "")
    person = find_person(session, email)
    if person is None:
        person = Person(
            id=f"per_{secrets.token_hex(8)}",
            email=email,
            name=plain_name(guest.name) or email.partition("@")[0],
            language=guest.language,
            created_at=clock.now(),
        )
        session.add(person)
    return person


def _id(person: Person, post: Post) -> str:
    return f"{person.id}/{post.role}/{post.place}"


def _members(session: Session, post: Post, *, lock: bool = False) -> list[Membership]:
    place = Membership.space if post.role == "host" else Membership.network
    statement = (
        select(Membership)
        .join(Membership.person)
        .where(Membership.role == post.role, place == post.place)
        .order_by(Person.name, Person.id)
        .options(joinedload(Membership.person))
    )
    if lock:
        statement = statement.with_for_update(of=Membership)
    return list(session.scalars(statement))


def _mail_invitation(
    session: Session, config: Config, membership: Membership, place: str, request: str | None
) -> None:
    person = membership.person
    secret = issue(session, "invitation", person=person, next_path=landing(person))
    with force_locale(person.language):
        said = (
            gettext("Vous tenez le comptoir de %(place)s", place=place)
            if membership.role == "host"
            else gettext("Vous tenez la trésorerie de %(place)s", place=place)
        )
        text = gettext(
            "Bonjour %(name)s,\n\n%(said)s, avec cowopass. Pour entrer, ouvrez ce lien. "
            "Il marche une fois, pendant 7 jours.\n\n%(link)s\n\n"
            "Ensuite vous entrerez avec votre adresse e-mail, sans mot de passe : %(address)s",
            name=person.name,
            said=said,
            link=link_of(config, secret),
            address=f"{config.base_url}/sign-in",
        )
    queue_mail(session, person.email, said, text, dedupe_key=request)
