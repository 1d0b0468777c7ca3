"""The people of a network: who keeps its treasury, who is invited, who goes."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cowopass.errors import SpaceUnknown
from cowopass.people.inviting import invite_by_form, remove_by_form
from cowopass.people.team import Guest, Post, list_members
from cowopass.running import current_config
from cowopass.transaction import transaction
from cowopass.treasury.frame import Treasury, treasury_of
from cowopass.web.forms import read_form_id

blueprint = Blueprint("treasury_people", __name__, url_prefix="/treasury/<network>/people")


@blueprint.get("")
def show_people(network: str) -> str:
    """Show the treasurers of the network, and a form to invite another one."""
    return _render(network, {}, {})


@blueprint.post("")
def invite_treasurer(network: str) -> Response | tuple[str, int]:
    """Invite somebody by e-mail. The same address again sends the invitation again."""
    form = {name: request.form.get(name, "").strip() for name in ("email", "name", "space")}
    config = current_config()
    with transaction() as session:
        treasury = treasury_of(session, network)
        guest = Guest(form["email"], form["name"], space=_space_of(treasury, form["space"]))
        post = Post("treasurer", network)
        said = invite_by_form(session, config, treasury.caller, post, guest, read_form_id())
    if said.errors:
        return _render(network, form, said.errors), 422
    flash(said.text, said.kind)
    return redirect(url_for(".show_people", network=network), 303)


@blueprint.post("/<person_id>/remove")
def remove_treasurer(network: str, person_id: str) -> Response:
    """Take the treasury away from somebody, at once; the last one who has come stays."""
    with transaction() as session:
        caller = treasury_of(session, network).caller
        said = remove_by_form(session, caller, Post("treasurer", network), person_id)
    flash(said.text, said.kind)
    return redirect(url_for(".show_people", network=network), 303)


def _space_of(treasury: Treasury, slug: str) -> str | None:
    """Return the space that somebody comes from, if any. Raises SpaceUnknown."""
    if slug and slug not in {space.slug for space in treasury.spaces}:
        raise SpaceUnknown(slug)
    return slug or None


def _render(network: str, form: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network)
        members = list_members(session, treasury.caller, Post("treasurer", network))
        return render_template(
            "treasury/people.html", treasury=treasury, members=members, form=form, errors=errors
        )
