"""The page of a month's invoices, and the button that issues them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from clearing.period import parse_month
from cowopass.errors import PasskeyRequired, PeriodNotLocked
from cowopass.invoicing.service import issue_month, show_invoices
from cowopass.transaction import transaction
from cowopass.treasury.forms import tell
from cowopass.treasury.frame import treasury_of
from cowopass.treasury.invoices import view_invoices

blueprint = Blueprint(
    "treasury_invoices", __name__, url_prefix="/treasury/<network>/<month>/invoices"
)


@blueprint.get("")
def show(network: str, month: str) -> str:
    """Show what was issued with a month, what waits, and who must give what."""
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network)
        view = view_invoices(session, treasury, parse_month(month))
        return render_template("treasury/invoices.html", treasury=treasury, month=month, view=view)


@blueprint.post("")
def issue(network: str, month: str) -> Response:
    """Issue what can be issued; a second click finds nothing more to do."""
    with transaction() as session:
        treasury = treasury_of(session, network)
        try:
            treasury.caller.must_settle(network)
            count = show_invoices(session, network, month).waiting
            issue_month(session, network, month)
            flash(_said(count), "done")
        except PasskeyRequired as refusal:
            flash(tell(refusal, treasury), "refused")
        except PeriodNotLocked:
            flash(gettext("Verrouillez d’abord le mois : ses factures en découlent."), "refused")
    return redirect(url_for(".show", network=network, month=month), 303)


def _said(count: int) -> str:
    if not count:
        return str(gettext("Rien à émettre de plus."))
    return str(ngettext("%(num)d facture émise.", "%(num)d factures émises.", count))
