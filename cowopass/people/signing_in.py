"""Signing in by a mailed link: asked for here, opened here, used once."""

from __future__ import annotations

from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.config import Config
from cowopass.mail.service import check_address, queue_mail
from cowopass.people.holders import plain_email
from cowopass.people.models import Person
from cowopass.people.once import issue, use


def find_person(session: Session, email: str) -> Person | None:
    """Return the person with this address, however its letters are written."""
    return session.scalar(select(Person).where(Person.email == (plain_email(email) or "")))


def mail_link(
    session: Session, config: Config, email: str, browser: str, *, next_path: str | None
) -> None:
    """Mail a link to who has this address, if anybody has; the caller can not tell.

    It works once, for 15 minutes, in the browser that asked. Raises EmailInvalid.
    """
    person = find_person(session, check_address(plain_email(email) or ""))
    if person is None:
        return
    secret = issue(session, "sign_in", person=person, browser=browser, next_path=next_path)
    with force_locale(person.language):
        subject = gettext("Votre lien pour entrer")
        text = gettext(
            "Bonjour %(name)s,\n\n"
            "Voici votre lien pour entrer. Ouvrez-le dans le navigateur où vous l’avez demandé. "
            "Il marche une fois, pendant 15 minutes.\n\n%(link)s\n\n"
            "Vous n’avez rien demandé ? Ne faites rien : sans votre navigateur, ce lien ne sert "
            "à personne.",
            name=person.name,
            link=link_of(config, secret),
        )
    queue_mail(session, person.email, subject, text)


def link_of(config: Config, secret: str) -> str:
    """Return the address that a mail shows."""
    return f"{config.base_url}/sign-in/{secret}"


def enter(session: Session, secret: str, browser: str) -> tuple[Person, str | None]:
    """Use a mailed link or an invitation up; return whose it is, and where it leads.

    Raises SecretExpired, SecretUsed or SecretElsewhere.
    """
    used = use(session, secret, "sign_in", "invitation", browser=browser)
    return session.get_one(Person, used.person_id), used.next_path


def landing(person: Person) -> str:
    """Return where somebody is at work: the treasury, the desk; or else her account."""
    roles = {membership.role for membership in person.memberships}
    if "treasurer" in roles:
        return "/treasury"
    return "/desk" if "host" in roles else "/account"
