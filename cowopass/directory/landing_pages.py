"""Where a phone's own camera lands on reading a ticket: `/t#…`. Open to anyone.

The ticket is in the fragment, which no browser sends: what is done with it is done in the page.
"""

from __future__ import annotations

from flask import Blueprint, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.errors import TokenRequired
from cowopass.passes.wallet import holder_of_request
from cowopass.people.callers import caller_of_request
from cowopass.spaces.models import Space
from cowopass.transaction import transaction

blueprint = Blueprint("landing", __name__)


@blueprint.get("/t")
@blueprint.get("/T")
def show() -> str:
    """Show what a ticket is, and to a host or a paired device the way to the check-in."""
    with transaction() as session:
        desks = _desks_of_request(session)
        has_wallet = holder_of_request(session) is not None
    return render_template("directory/landing.html", desks=desks, has_wallet=has_wallet)


def _desks_of_request(session: Session) -> list[Space]:
    """Return the spaces whose desk the one behind the request may use; nobody has none."""
    try:
        caller = caller_of_request(session)
    except TokenRequired:
        return []
    slugs = {
        grant.space for grant in caller.grants if grant.space and grant.role in {"host", "device"}
    }
    return list(session.scalars(select(Space).where(Space.slug.in_(slugs)).order_by(Space.name)))
