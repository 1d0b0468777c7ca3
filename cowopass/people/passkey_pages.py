"""What the passkey module of the pages asks: options to sign, and what was signed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cowopass.people.browsers import name_browser
from cowopass.people.callers import SIGNED_IN, session_required, set_cookie
from cowopass.people.models import Person
from cowopass.people.passkeys import (
    add_passkey,
    enter_by_passkey,
    refuse_unless_proven,
    registration_options,
    remove_passkey,
    sign_in_options,
)
from cowopass.people.paths import local_path
from cowopass.people.sessions import begin_session
from cowopass.people.signing_in import landing
from cowopass.running import current_config
from cowopass.transaction import transaction
from cowopass.web.blueprint import parse_json
from cowopass.web.rates import limiter

blueprint = Blueprint("passkeys", __name__)


@blueprint.post("/account/passkeys/options")
def show_registration_options() -> dict[str, Any]:
    """Answer what the browser needs to make a passkey."""
    with transaction() as session:
        return registration_options(session, current_config(), _person_who_may(session))


@blueprint.post("/account/passkeys")
def add() -> Response:
    """Keep the passkey that the browser made; answer where to go on."""
    with transaction() as session:
        person = _person_who_may(session)
        label = name_browser(request.user_agent.string)
        add_passkey(session, current_config(), person, _body(), label)
    flash(gettext("Votre clé d’accès est prête. La prochaine fois, entrez avec elle."), "done")
    return jsonify(next=url_for("account.show_account"))


@blueprint.post("/account/passkeys/remove")
def remove() -> Response:
    """Let a passkey count no more."""
    with transaction() as session:
        remove_passkey(session, _person_who_may(session), request.form.get("id", ""))
    flash(gettext("Cette clé d’accès ne marche plus."), "done")
    return redirect(url_for("account.show_account"), 303)


@blueprint.post("/sign-in/passkey/options")
@limiter.limit("120 per hour")
def show_sign_in_options() -> dict[str, Any]:
    """Answer what the browser needs to let somebody choose a passkey."""
    with transaction() as session:
        return sign_in_options(session, current_config())


@blueprint.post("/sign-in/passkey")
@limiter.limit("60 per hour")
def enter() -> Response:
    """Sign in whoever's passkey signed the challenge; answer where to go on."""
    browser = name_browser(request.user_agent.string)
    with transaction() as session:
        person = enter_by_passkey(session, current_config(), _body())
        cookie = begin_session(session, person, "passkey", browser)
    answer = jsonify(next=local_path(request.args.get("next")) or landing(person))
    set_cookie(answer, SIGNED_IN, cookie)
    return answer


def _person_who_may(session: Session) -> Person:
    """Return who is signed in and may change her passkeys. Raises TokenRequired or PasskeyKept."""
    present = session_required(session)
    refuse_unless_proven(session, current_config(), present)
    return present.person


def _body() -> dict[str, Any]:
    """Return the credential that was sent. Raises JsonInvalid."""
    body = parse_json(request.get_data())
    return body if isinstance(body, dict) else {}
