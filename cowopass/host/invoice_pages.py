"""A space's invoices of a month: those it gave, those it received, those it has to send itself."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from clearing.errors import MonthInvalid
from clearing.period import month_of, next_month, parse_month, previous_month
from cowopass.errors import PeriodNotLocked
from cowopass.host.day import names_of
from cowopass.host.frame import Desk, desk_of
from cowopass.invoicing.models import Invoice
from cowopass.invoicing.planning import Draft
from cowopass.invoicing.service import list_invoices_of, show_invoices
from cowopass.invoicing.showing import of_spaces
from cowopass.invoicing.words import lack_words
from cowopass.transaction import transaction

blueprint = Blueprint("host_invoices", __name__, url_prefix="/desk/<slug>/invoices")


class Papers(NamedTuple):
    """A month's invoices of a space, and in words what it lacks; empty before the lock."""

    given: list[Invoice]
    received: list[Invoice]
    drafts: list[Draft]
    lacks: list[str]
    is_locked: bool


@blueprint.get("")
def show(slug: str) -> str:
    """Show the invoices of the month of `?month=`, else of the one before the running one."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        running = month_of(desk.today)
        month = _month_asked(running)
        papers = _read(session, desk, month)
        issuers = [one.issuer for one in papers.received]
        recipients = [one.recipient for one in papers.given]
        return render_template(
            "host/invoices.html",
            desk=desk,
            tab="visits",
            month=month,
            papers=papers,
            names=names_of(session, [*issuers, *recipients]),
            before=previous_month(month),
            after=next_month(month) if month < running else None,
        )


def _month_asked(running: str) -> str:
    """Return the month of the query; one that is none, or to come, is the last one over."""
    try:
        return min(parse_month(request.args["month"]), running)
    except (KeyError, MonthInvalid):
        return previous_month(running)


def _read(session: Session, desk: Desk, month: str) -> Papers:
    slug = desk.space.slug
    ours = [one for one in list_invoices_of(session, slug) if one.period == month]
    given = [one for one in ours if one.issuer == slug]
    received = [one for one in ours if one.recipient == slug]
    try:
        issued = of_spaces(show_invoices(session, desk.network.slug, month), {slug})
    except PeriodNotLocked:
        return Papers(given, received, [], [], is_locked=False)
    words = lack_words()
    lacks = [words[each.what] for each in issued.missing]
    return Papers(given, received, issued.drafts, lacks, is_locked=True)
