"""Our people: who holds this desk, who is invited, who goes."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cowopass.host.frame import desk_of
from cowopass.people.inviting import invite_by_form, remove_by_form
from cowopass.people.team import Guest, Post, list_members
from cowopass.running import current_config
from cowopass.transaction import transaction
from cowopass.web.forms import read_form_id

blueprint = Blueprint("host_people", __name__, url_prefix="/desk/<slug>/people")


@blueprint.get("")
def show_people(slug: str) -> str:
    """Show the hosts of the space, and a form to invite another one."""
    return _render(slug, {}, {})


@blueprint.post("")
def invite_host(slug: str) -> Response | tuple[str, int]:
    """Invite somebody by e-mail. The same address again sends the invitation again."""
    form = {name: request.form.get(name, "").strip() for name in ("email", "name")}
    config = current_config()
    with transaction() as session:
        caller = desk_of(session, slug).caller
        post = Post("host", slug)
        guest = Guest(**form)
        said = invite_by_form(session, config, caller, post, guest, read_form_id())
    if said.errors:
        return _render(slug, form, said.errors), 422
    flash(said.text, said.kind)
    return redirect(url_for(".show_people", slug=slug), 303)


@blueprint.post("/<person_id>/remove")
def remove_host(slug: str, person_id: str) -> Response:
    """Take the desk away from somebody, at once; the last one who has come stays."""
    with transaction() as session:
        caller = desk_of(session, slug).caller
        said = remove_by_form(session, caller, Post("host", slug), person_id)
    flash(said.text, said.kind)
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
