"""The forms of a page on which a place's people are invited and removed: what they do and say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask_babel import gettext
from sqlalchemy.orm import Session

from cowopass.config import Config
from cowopass.errors import EmailInvalid, LastMember
from cowopass.people.access import Caller
from cowopass.people.team import Guest, Post, invite, remove


class Said(NamedTuple):
    """What is said after a form: a flash of a kind, or a sentence for each field that is wrong."""

    text: str = ""
    kind: str = "done"
    errors: Mapping[str, str] = {}


def invite_by_form(
    session: Session,
    config: Config,
    caller: Caller,
    post: Post,
    guest: Guest,
    form_id: str | None = None,
) -> Said:
    """Invite somebody by e-mail; the same address again sends the invitation again.

    Not so a second click: `form_id` is the form's own, new each time it is shown.
    Raises what `invite` raises, except EmailInvalid: then nothing is written, and `errors` says so.
    """
    try:
        invited = invite(session, config, caller, post, guest, form_id)
    except EmailInvalid:
        return Said(errors={"email": gettext("Cette adresse n’en est pas une : vérifiez-la.")})
    if invited.accepted_at is None:
        return Said(gettext("L’invitation part à %(email)s.", email=guest.email))
    return Said(
        gettext("Cette personne tient déjà le comptoir.")
        if post.role == "host"
        else gettext("Cette personne tient déjà la trésorerie.")
    )


def remove_by_form(session: Session, caller: Caller, post: Post, person_id: str) -> Said:
    """Take a role away from somebody, at once; the last one who has come stays."""
    is_host = post.role == "host"
    try:
        remove(session, caller, post, person_id)
    except LastMember:
        last = (
            gettext("C’est la dernière personne du comptoir. Invitez-en d’abord une autre.")
            if is_host
            else gettext(
                "C’est la dernière personne de la trésorerie. Invitez-en d’abord une autre."
            )
        )
        return Said(last, "warning")
    return Said(
        gettext("Cette personne ne tient plus le comptoir.")
        if is_host
        else gettext("Cette personne ne tient plus la trésorerie.")
    )
