"""The page of somebody's own account: her name, her roles, where she is signed in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cowopass.language import LANGUAGES
from cowopass.people.callers import session_required
from cowopass.people.holders import plain_name
from cowopass.people.models import Person
from cowopass.people.passkeys import are_possible, list_passkeys
from cowopass.people.sessions import end_session, list_sessions
from cowopass.people.team import name_places
from cowopass.running import current_config
from cowopass.transaction import transaction

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
def show_account() -> str:
    """Show who is signed in, and where else she is."""
    with transaction(read_only=True) as session:
        present = session_required(session)
        person = present.person
        return render_template(
            "people/account.html",
            person=person,
            present=present.id,
            names=name_places(session, person.memberships),
            passkeys=list_passkeys(session, person),
            passkeys_are_possible=are_possible(current_config()),
            sessions=list_sessions(session, person),
        )


@blueprint.post("/name")
def rename() -> Response:
    """Keep another name, and the language of her mails."""
    name, language = plain_name(request.form.get("name", ""))[:200], request.form.get("language")
    with transaction() as session:
        person: Person = session_required(session).person
        person.name = name or person.name
        person.language = language if language in LANGUAGES else person.language
    flash(gettext("C’est noté."), "done")
    return redirect(url_for("account.show_account"), 303)


@blueprint.post("/sessions/<session_id>/end")
def end_other(session_id: str) -> Response:
    """Sign her out of one of her browsers."""
    with transaction() as session:
        end_session(session, session_required(session).person, session_id)
    flash(gettext("Ce navigateur est sorti."), "done")
    return redirect(url_for("account.show_account"), 303)
