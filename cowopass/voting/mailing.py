"""The mails of a vote: at the opening, before the end to who has not voted, and the result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.config import Config
from cowopass.mail.service import queue_mail
from cowopass.networks.models import Network
from cowopass.people.recipients import recipients_of
from cowopass.spaces.models import Space
from cowopass.voting.models import Proposal
from cowopass.voting.words import result_words, state_words, title_of
from cowopass.web.formats import day, local

Letter = Callable[[str, str], tuple[str, str]]
"""Returns subject and text, given what the proposal would do and where it is read."""


def mail_opening(session: Session, config: Config, proposal: Proposal) -> None:
    """Tell every voting space once that a vote is open."""
    until = _last_day(session, proposal)

    def letter(title: str, link: str) -> tuple[str, str]:
        text = gettext(
            "Bonjour,\n\nUne proposition est soumise au vote des lieux.\n\n%(title)s\n\n%(text)s"
            "\n\n"
            "Un lieu, une voix. Votez jusqu’au %(day)s ; vous pouvez changer d’avis d’ici là :\n"
            "%(link)s",
            title=title,
            text=proposal.text,
            day=until(),
            link=link,
        )
        return gettext("À voter : %(title)s", title=title), text

    _mail(session, config, proposal, "opened", _everybody(proposal), letter)


def mail_reminder(
    session: Session, config: Config, proposal: Proposal, voters: Mapping[str, list[str]]
) -> None:
    """Remind the voters once that have not voted."""
    until = _last_day(session, proposal)
    voted = {vote.space for vote in proposal.votes}

    def letter(title: str, link: str) -> tuple[str, str]:
        text = gettext(
            "Bonjour,\n\nVotre lieu n’a pas encore voté :\n\n%(title)s\n\nLe vote finit le "
            "%(day)s :\n%(link)s",
            title=title,
            day=until(),
            link=link,
        )
        return gettext("Il reste à voter : %(title)s", title=title), text

    waiting = [space for spaces in voters.values() for space in spaces if space not in voted]
    _mail(session, config, proposal, "reminded", waiting, letter)


def mail_result(session: Session, config: Config, proposal: Proposal) -> None:
    """Tell every space that could vote what came of it."""
    names = names_of(session, proposal)

    def letter(title: str, link: str) -> tuple[str, str]:
        state = state_words(proposal.state)
        text = gettext(
            "Bonjour,\n\n%(title)s\n\nLa proposition est %(state)s.\n%(result)s\n\n%(link)s",
            title=title,
            state=state,
            result="\n".join(result_words(proposal, names)),
            link=link,
        )
        return gettext("Résultat, %(state)s : %(title)s", state=state, title=title), text

    _mail(session, config, proposal, "counted", _everybody(proposal), letter)


def names_of(session: Session, proposal: Proposal) -> dict[str, str]:
    """Return the names of the networks and spaces that a proposal speaks of, by slug."""
    slugs = {proposal.network, proposal.partner, proposal.space, *_everybody(proposal)}
    found: dict[str, str] = {}
    for model in (Network, Space):
        rows = session.execute(select(model.slug, model.name).where(model.slug.in_(slugs)))
        found.update(rows.all())
    return found


def _everybody(proposal: Proposal) -> list[str]:
    return [space for spaces in proposal.electorate.values() for space in spaces]


def _last_day(session: Session, proposal: Proposal) -> Callable[[], str]:
    """Return what says the last day of a vote, in the language that is spoken then."""
    timezone = session.get_one(Network, proposal.network).timezone
    # The vote ends at midnight: its last moment is in the day before.
    last = local(proposal.closes_at - timedelta(seconds=1), timezone).date()
    return lambda: day(last)


def _mail(
    session: Session,
    config: Config,
    proposal: Proposal,
    event: str,
    slugs: Iterable[str],
    letter: Letter,
) -> None:
    names = names_of(session, proposal)
    spaces = session.scalars(select(Space).where(Space.slug.in_(slugs)).order_by(Space.slug))
    for slug, recipients in recipients_of(session, spaces).items():
        link = f"{config.base_url}/desk/{slug}/votes/{proposal.id}"
        for recipient in recipients:
            with force_locale(recipient.language):
                subject, text = letter(title_of(proposal, names), link)
            key = f"vote/{proposal.id}/{event}/{slug}/{recipient.email.lower()}"
            queue_mail(session, recipient.email, subject, text, dedupe_key=key[:200])
