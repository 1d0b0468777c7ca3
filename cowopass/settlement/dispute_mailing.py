"""Mails about disputes: everyone concerned is told once, however much is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import force_locale, gettext
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from cowopass.acts.actor import present_actor
from cowopass.desk.models import CheckIn
from cowopass.errors import EmailInvalid
from cowopass.ledger.models import Dispute
from cowopass.mail.gathering import News, gather_mail
from cowopass.passes.models import Pass
from cowopass.people.models import Holder, Membership, Person
from cowopass.running import current_config
from cowopass.spaces.models import Space
from cowopass.web.formats import long_day

OPERATOR, HOLDER = "operator", "holder"
"""Who opened a dispute, when it was no space."""

TOPIC = "disputes"


class Reader(NamedTuple):
    """Somebody to tell: her address, her language, and where she reads the dispute."""

    email: str
    language: str
    path: str


def tell_others(session: Session, dispute: Dispute, *, by_holder: bool = False) -> None:
    """Queue news of a dispute to everyone concerned but who acts now.

    They are the hosts of its spaces, the treasurers of its network, and the holder who opened it.
    What happens before a mail goes out is told in that mail, and each has one an hour at most. A
    bad address keeps nobody else waiting.
    """
    base_url = current_config().base_url
    names = _names(session, dispute)
    for reader in _readers(session, dispute, by_holder=by_holder):
        with force_locale(reader.language):
            news = News(
                TOPIC,
                gettext("Du nouveau sur une contestation"),
                gettext("Bonjour,\n\nIl y a du nouveau. Lisez et répondez ici :"),
                _line(dispute, names),
                f"{base_url}{reader.path}",
            )
        try:
            gather_mail(session, reader.email, news)
        except EmailInvalid:
            continue


def _readers(session: Session, dispute: Dispute, *, by_holder: bool) -> Iterator[Reader]:
    """Yield whom to tell, each once: as the host of a space first, then as a treasurer."""
    told = set()
    for membership, person in session.execute(
        select(Membership, Person)
        .join(Person)
        .where(
            or_(
                and_(
                    Membership.role == "host",
                    Membership.space.in_([dispute.host, dispute.home, dispute.opened_by]),
                ),
                and_(Membership.role == "treasurer", Membership.network == dispute.network),
            )
        )
        .order_by(Membership.role, Membership.id)
    ):
        if person.id in told or person.id == present_actor().id:
            continue
        told.add(person.id)
        yield Reader(person.email, person.language, _path(membership, dispute))
    holder = _holder(session, dispute)
    if holder is not None and holder.email and not by_holder:
        yield Reader(holder.email, "fr", f"/wallet/visits/{dispute.check_in}")


def _path(membership: Membership, dispute: Dispute) -> str:
    if membership.role == "host":
        return f"/desk/{membership.space}/disputes/{dispute.id}"
    return f"/treasury/{dispute.network}/disputes/{dispute.id}"


def _holder(session: Session, dispute: Dispute) -> Holder | None:
    if dispute.opened_by != HOLDER:
        return None
    return session.scalar(
        select(Holder)
        .join(Pass, Pass.holder_id == Holder.id)
        .join(CheckIn, CheckIn.pass_id == Pass.id)
        .where(CheckIn.id == dispute.check_in)
    )


def _names(session: Session, dispute: Dispute) -> dict[str, str]:
    slugs = [slug for slug in (dispute.home, dispute.host) if slug]
    rows = session.execute(select(Space.slug, Space.name).where(Space.slug.in_(slugs)))
    return dict(rows.all())


def _line(dispute: Dispute, names: dict[str, str]) -> str:
    """Say in a line which dispute it is, and where it stands."""
    states = {
        "open": gettext("en discussion"),
        "upheld": gettext("retenue"),
        "refused": gettext("écartée"),
    }
    spaces = [names.get(slug, slug) for slug in (dispute.home, dispute.host) if slug]
    return str(
        gettext(
            "%(day)s, %(spaces)s : %(state)s",
            day=long_day(dispute.on),
            spaces=" → ".join(spaces),
            state=states[dispute.state],
        )
    )
