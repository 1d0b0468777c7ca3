"""An account that changed: noted in the log, told to who could be cheated by it, seen on a plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.line import FUND
from cowopass import clock
from cowopass.acts.actor import present_actor
from cowopass.acts.models import Act
from cowopass.acts.service import record_act
from cowopass.config import Config
from cowopass.mail.service import queue_mail
from cowopass.networks.models import Network
from cowopass.people.act_words import actor_in_words
from cowopass.people.models import Person
from cowopass.people.recipients import Recipient, recipients_of, treasurers_of
from cowopass.spaces.models import Space
from cowopass.web.formats import day, hour, local

CHANGED = "iban_changed"


class Change(NamedTuple):
    """An IBAN that changed, and when. What it was and is can be told apart, not read."""

    at: datetime
    before: str | None
    now: str | None


def masked(iban: str | None) -> str | None:
    """Return an IBAN by which one who knows it recognizes it.

    >>> masked("FR7630004000010000000000136")
    'FR76 … 0136'
    """
    return f"{iban[:4]} … {iban[-4:]}" if iban else None


def scope_of(owner: Space | Network) -> dict[str, str | None]:
    """Return where the log keeps what happens to the legal side of a space, or of a fund."""
    if isinstance(owner, Space):
        return {"network": owner.network, "space": owner.slug}
    return {"network": owner.slug, "space": None}


def note_change(
    session: Session, config: Config, owner: Space | Network, before: str | None, now: str | None
) -> None:
    """Write into the log that an IBAN changed, and mail it to the treasurers and the hosts.

    `owner` is the space whose it is, or the network whose fund's. Who did it is mailed too: it may
    have been done in her name.
    """
    change = Change(clock.now(), masked(before), masked(now))
    record_act(
        session,
        CHANGED,
        **scope_of(owner),
        subject=owner.slug if isinstance(owner, Space) else FUND,
        before=change.before,
        now=change.now,
    )
    network = owner if isinstance(owner, Network) else session.get_one(Network, owner.network)
    told = change._replace(at=local(change.at, network.timezone))
    for reader, page in _readers(session, owner, network.slug):
        _queue(session, reader, told, owner.name, f"{config.base_url}{page}")


def changes_since(session: Session, network: str, since: datetime) -> dict[str, Change]:
    """Return whose IBAN changed from `since` on, by slug or `fund`: the latest change.

    An IBAN that is given for the first time replaces none, and is not among them.
    """
    noted = (Act.network == network, Act.act == CHANGED, Act.at >= since)
    acts = select(Act).where(*noted).order_by(Act.number)
    return {
        act.subject: Change(act.at, act.details["before"], act.details["now"])
        for act in session.scalars(acts)
        if act.details["before"] is not None
    }


def _readers(
    session: Session, owner: Space | Network, network: str
) -> Iterator[tuple[Recipient, str]]:
    """Yield whom to tell, each address once, with the page on which she can do something."""
    hosts = recipients_of(session, [owner])[owner.slug] if isinstance(owner, Space) else []
    known = {host.email.lower() for host in hosts}
    for host in hosts:
        yield host, f"/desk/{owner.slug}/legal"
    for treasurer in treasurers_of(session, network):
        if treasurer.email.lower() not in known:
            yield treasurer, f"/treasury/{network}/log"


def _queue(session: Session, reader: Recipient, change: Change, name: str, link: str) -> None:
    with force_locale(reader.language):
        none = gettext("aucun")
        facts = {
            "name": name,
            "day": day(change.at.date()),
            "hour": hour(change.at),
            "who": _who(session),
            "before": change.before or none,
            "now": change.now or none,
            "link": link,
        }
        subject = gettext("L’IBAN de %(name)s a changé", name=name)
        text = gettext(
            "Bonjour,\n\nLe compte sur lequel on paie %(name)s a changé le %(day)s à %(hour)s.\n\n"
            "Avant : %(before)s\nMaintenant : %(now)s\nChangé par : %(who)s\n\n"
            "C’est bien vous, ou un collègue ? Il n’y a rien à faire. Sinon, appelez tout de suite "
            "la trésorerie du réseau : que personne ne paie sur ce compte, et remettez le bon ici :"
            "\n%(link)s\n\n"
            "Trésorerie : avant le prochain virement, demandez de vive voix à un hôte, au numéro "
            "que vous connaissez déjà, pas à celui d’un e-mail.",
            **facts,
        )
        queue_mail(session, reader.email, str(subject), str(text))


def _who(session: Session) -> str:
    actor = present_actor()
    person = session.get(Person, actor.id) if actor.kind == "person" else None
    return actor_in_words({"kind": actor.kind, "name": person.name if person else None})
