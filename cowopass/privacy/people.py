"""People who worked here once: without a role for three months, they are forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cowopass.acts.models import Act
from cowopass.people.models import Membership, OneTimeSecret, Passkey, Person, WebSession


def forget_people(session: Session, before: datetime) -> int:
    """Blank the names and addresses of people whose last role was taken away; return how many.

    Their ids stay, for the log of acts says by them who did what. `before` is the instant since
    which they must have been without a role.
    """
    recent = select(Act.subject).where(Act.act == "person_removed", Act.at >= before)
    gone = session.scalars(
        select(Person)
        .where(
            Person.name != "",
            Person.created_at < before,
            ~select(Membership.id).where(Membership.person_id == Person.id).exists(),
            Person.id.not_in(recent),
        )
        .with_for_update()
    ).all()
    ids = [person.id for person in gone]
    for table in (WebSession, OneTimeSecret, Passkey):
        session.execute(delete(table).where(table.person_id.in_(ids)))
    for person in gone:
        # An address is unique and never empty; this one is nobody's, and no mail can go there.
        person.name, person.email = "", person.id
    return len(gone)
