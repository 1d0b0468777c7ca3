"""The way to a desk: whoever works at one space is there at once, others choose."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cowopass.people.access import Caller
from cowopass.people.callers import caller_of_request
from cowopass.spaces.models import Space
from cowopass.transaction import transaction

blueprint = Blueprint("host_choice", __name__)


@blueprint.get("/desk")
def choose_space() -> Response | str:
    """Go to the desk of the caller's space, or show those to choose from."""
    with transaction(read_only=True) as session:
        spaces = _spaces_of(session, caller_of_request(session))
    if len(spaces) == 1:
        return redirect(f"/desk/{spaces[0].slug}", 303)
    return render_template("host/choose.html", spaces=spaces)


def _spaces_of(session: Session, caller: Caller) -> list[Space]:
    """Return the spaces whose desk a caller may work at; the operator may at all."""
    statement = select(Space).order_by(Space.name, Space.slug)
    if not caller.is_operator:
        served = {grant.space for grant in caller.grants if grant.role in {"host", "device"}}
        statement = statement.where(Space.slug.in_(served))
    return list(session.scalars(statement))
