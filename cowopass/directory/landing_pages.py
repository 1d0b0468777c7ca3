"""Where a phone's own camera lands on reading a ticket: `/t#…`. Open to anyone.

The ticket is in the fragment, which no browser sends: what is done with it is done in the page.
"""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, render_template
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.directory.my_costs import pass_to_use
from cowopass.directory.words import units_in_words
from cowopass.errors import TokenRequired
from cowopass.passes.standing import local_today, standing_of
from cowopass.passes.wallet import holder_of_request
from cowopass.people.callers import caller_of_request
from cowopass.people.models import Holder
from cowopass.spaces.models import Space
from cowopass.transaction import transaction

blueprint = Blueprint("landing", __name__)


@blueprint.get("/t")
@blueprint.get("/T")
def show() -> str:
    """Show what a ticket is, and to a host or a paired device the way to the check-in."""
    with transaction() as session:
        desks = _desks_of_request(session)
        holder = holder_of_request(session)
        mine = _my_pass(session, holder) if holder else None
    return render_template(
        "directory/landing.html", desks=desks, has_wallet=holder is not None, mine=mine
    )


class MyPass(NamedTuple):
    """The pass of who looks: its plan's name, and what is left of it in words."""

    plan: str
    left: str


def _my_pass(session: Session, holder: Holder) -> MyPass | None:
    """Return the pass that she would use today, None when none can be."""
    home = session.get_one(Space, holder.home)
    sold = pass_to_use(session, holder, local_today(session, home.network))
    if sold is None:
        return None
    units_left = standing_of(session, sold).units_left
    terms = sold.plan.terms
    left = gettext("sans compter") if units_left is None else units_in_words(terms.unit, units_left)
    return MyPass(sold.plan.name, left)


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
