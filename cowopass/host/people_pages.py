"""Our people: who holds this desk, who is invited, who goes."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cowopass.errors import EmailInvalid, LastMember
from cowopass.host.frame import desk_of
from cowopass.people.team import Guest, Post, invite, list_members, remove
from cowopass.transaction import transaction

blueprint = Blueprint("host_people", __name__, url_prefix="/desk/<slug>/people")


@blueprint.get("")
def show_people(slug: str) -> str:
    """Show the hosts of the space, and a form to invite another one."""
    return _render(slug, {}, {})


@blueprint.post("")
def invite_host(slug: str) -> Response | tuple[str, int]:
    """Invite somebody by e-mail. The same address again sends the invitation again."""
    form = {name: request.form.get(name, "").strip() for name in ("email", "name")}
    config = current_app.extensions["cowopass.config"]
    try:
        with transaction() as session:
            caller = desk_of(session, slug).caller
            invited = invite(session, config, caller, Post("host", slug), Guest(**form))
            has_come = invited.accepted_at is not None
    except EmailInvalid:
        wrong = {"email": gettext("Cette adresse n’en est pas une : vérifiez-la.")}
        return _render(slug, form, wrong), 422
    if has_come:
        flash(gettext("Cette personne tient déjà le comptoir."), "done")
    else:
        flash(gettext("L’invitation part à %(email)s.", email=form["email"]), "done")
    return redirect(url_for(".show_people", slug=slug), 303)


@blueprint.post("/<person_id>/remove")
def remove_host(slug: str, person_id: str) -> Response:
    """Take the desk away from somebody, at once; the last one who has come stays."""
    try:
        with transaction() as session:
            caller = desk_of(session, slug).caller
            remove(session, caller, Post("host", slug), person_id)
    except LastMember:
        said = gettext("C’est la dernière personne du comptoir. Invitez-en d’abord une autre.")
        flash(said, "warning")
    else:
        flash(gettext("Cette personne ne tient plus le comptoir."), "done")
    return redirect(url_for(".show_people", slug=slug), 303)


def _render(slug: str, form: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        members = list_members(session, desk.caller, Post("host", slug))
        return render_template(
            "host/people.html",
            desk=desk,
            tab="space",
            members=members,
            form=form,
            errors=errors,
        )
