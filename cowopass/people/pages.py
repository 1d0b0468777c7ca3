"""Pages to sign in and out: by a mailed link, without a password."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cowopass.errors import EmailInvalid, SecretElsewhere, SecretExpired, SecretUsed
from cowopass.language import spoken_language
from cowopass.people.browsers import name_browser
from cowopass.people.callers import (
    BROWSER,
    SIGNED_IN,
    drop_cookie,
    is_signed_in,
    person_of_request,
    read_cookie,
    session_of_request,
    set_cookie,
)
from cowopass.people.hashing import new_secret
from cowopass.people.menu_pages import signed_in
from cowopass.people.models import Person
from cowopass.people.once import LIFETIMES, look_at
from cowopass.people.paths import local_path
from cowopass.people.sessions import begin_session
from cowopass.people.signing_in import enter, landing, mail_link
from cowopass.problems import PROBLEMS, sentence
from cowopass.running import current_config
from cowopass.spaces.models import Space
from cowopass.spaces.service import present_spaces
from cowopass.transaction import transaction
from cowopass.web.rates import limiter, who_by_form

blueprint = Blueprint("sign_in", __name__)
blueprint.add_app_template_global(is_signed_in)
blueprint.add_app_template_global(signed_in)


@blueprint.context_processor
def weave_braid() -> dict[str, list[Space]]:
    """Give every page of signing in the spaces of its braid: nobody has chosen a place yet."""
    with transaction(read_only=True) as session:
        return {"spaces": present_spaces(session)}


@blueprint.get("/sign-in")
def ask() -> str | Response:
    """Ask for an address; who is signed in already goes on."""
    next_path = local_path(request.args.get("next"))
    with transaction(read_only=True) as session:
        person = person_of_request(session)
    if person is not None:
        return redirect(next_path or landing(person), 303)
    return render_template("people/sign-in.html", next_path=next_path, email="", wrong=None)


@blueprint.post("/sign-in")
@limiter.limit("30 per hour")
@limiter.limit("5 per 15 minutes", key_func=who_by_form("email"))
def send_link() -> Response:
    """Mail a link, if the address is known; the answer is the same if it is not."""
    email, next_path = request.form.get("email", ""), local_path(request.form.get("next"))
    browser = read_cookie(BROWSER) or new_secret()
    try:
        with transaction() as session:
            mail_link(session, current_config(), email, browser, next_path=next_path)
    except EmailInvalid:
        return _ask_again("email_invalid", next_path, email[:254])
    answer = redirect(url_for("sign_in.show_sent"), 303)
    set_cookie(answer, BROWSER, browser, int(LIFETIMES["sign_in"].total_seconds()))
    return answer


@blueprint.get("/sign-in/sent")
def show_sent() -> str:
    """Say where to look now."""
    return render_template("people/sent.html", are_mails_shown=current_config().are_mails_shown)


@blueprint.get("/sign-in/<secret>")
def show_link(secret: str) -> str | Response:
    """Show a button: a mail scanner that opens the link presses none, so it is not used up."""
    try:
        with transaction() as session:
            link = look_at(session, secret, "sign_in", "invitation", browser=read_cookie(BROWSER))
            is_invited = link.purpose == "invitation"
            person = session.get_one(Person, link.person_id)
    except (SecretExpired, SecretUsed, SecretElsewhere) as refusal:
        return _refused(refusal)
    return render_template("people/enter.html", person=person, is_invited=is_invited)


@blueprint.post("/sign-in/<secret>")
@limiter.limit("60 per hour")
def open_link(secret: str) -> Response:
    """Sign in by a mailed link; it is used up."""
    try:
        with transaction() as session:
            person, next_path = enter(session, secret, read_cookie(BROWSER))
            cookie = begin_session(session, person, "link", name_browser(request.user_agent.string))
    except (SecretExpired, SecretUsed, SecretElsewhere) as refusal:
        return _refused(refusal)
    answer = redirect(next_path or landing(person), 303)
    set_cookie(answer, SIGNED_IN, cookie)
    drop_cookie(answer, BROWSER)
    return answer


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session of this browser. Again changes nothing."""
    with transaction() as session:
        found = session_of_request(session)
        if found is not None:
            session.delete(found)
    answer = redirect(url_for("directory.front"), 303)
    drop_cookie(answer, SIGNED_IN)
    return answer


def _refused(refusal: SecretExpired | SecretUsed | SecretElsewhere) -> Response:
    """Say why a link does not work, and offer a new one; a second click on a used one goes on."""
    if isinstance(refusal, SecretUsed):
        with transaction(read_only=True) as session:
            person = person_of_request(session)
        if person is not None:
            return redirect(landing(person), 303)
    return _ask_again(refusal.code)


def _ask_again(code: str, next_path: str | None = None, email: str = "") -> Response:
    """Say what is wrong, above the form to ask for a link."""
    wrong = sentence(code, language=spoken_language())
    page = render_template("people/sign-in.html", next_path=next_path, email=email, wrong=wrong)
    return make_response(page, PROBLEMS[code].status)
