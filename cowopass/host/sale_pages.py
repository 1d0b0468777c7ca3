"""Selling a pass at the desk, in less than half a minute, with or without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cowopass.errors import IdempotencyConflict
from cowopass.host.frame import Desk, desk_of
from cowopass.host.passes import pass_of_desk
from cowopass.host.sale import (
    SaleForm,
    SaleRefused,
    blank_form,
    form_of,
    plans_on_sale,
    seconds_taken,
    sell_by_form,
)
from cowopass.passes.standing import standing_of
from cowopass.passes.tickets import latest_ticket, picture_links
from cowopass.passes.wallet import wallet_url
from cowopass.running import current_config
from cowopass.transaction import transaction
from wallet.qr import qr_svg

blueprint = Blueprint("host_sale", __name__, url_prefix="/desk/<slug>/passes")


@blueprint.get("/sell")
def show_form(slug: str) -> Response:
    """Show what the space sells, and a form for one pass, of the formula of `?plan=` if any.

    A browser may keep the page, so that the back button shows the very form that has sold, which
    sells nothing more; whoever comes by a link gets a new one. It is sent to another address, since
    a browser drops what it kept of the address that a form is sent to.
    """
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        form = blank_form(desk, request.args.get("plan", ""))
        answer = make_response(_render(session, desk, form, {}))
    answer.set_etag(form.id)
    answer.headers["Cache-Control"] = "private, max-age=0"
    return answer


@blueprint.post("")
def sell(slug: str) -> Response | tuple[str, int]:
    """Sell a pass, once, and go to what its holder needs; what is wrong is said at its field."""
    form = form_of(request.form)
    with transaction() as session:
        desk = desk_of(session, slug)
        try:
            answered = sell_by_form(session, current_config(), desk, form)
        except SaleRefused as refused:
            return _render(session, desk, form, refused.errors), 422
        except IdempotencyConflict:
            flash(_already_sold(), "warning")
            return _render(session, desk, form._replace(id=blank_form(desk).id), {}), 409
    seconds = None if answered.is_repeated else seconds_taken(form)
    pass_id = answered.result.sold.id
    return redirect(url_for(".show_sold", slug=slug, pass_id=pass_id, seconds=seconds), 303)


@blueprint.get("/<pass_id>/sold")
def show_sold(slug: str, pass_id: str) -> str:
    """Show a pass that was just sold: its code for her phone, its paper, its letter."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        sold = pass_of_desk(session, desk, pass_id)
        ticket = latest_ticket(session, pass_id)
        return render_template(
            "host/sold.html",
            desk=desk,
            tab="passes",
            sold=sold,
            standing=standing_of(session, sold),
            code=qr_svg(wallet_url(current_config(), sold.holder)),
            ticket=ticket,
            paper=picture_links(current_config(), ticket)["pdf"] if ticket else None,
            seconds=request.args.get("seconds", type=int),
            are_mails_shown=current_config().are_mails_shown,
        )


def _render(session: Session, desk: Desk, form: SaleForm, errors: Mapping[str, str]) -> str:
    plans = plans_on_sale(session, desk.space.slug)
    if len(plans) == 1 and not form.plan:
        form = form._replace(plan=plans[0].code)
    return render_template(
        "host/sell.html", desk=desk, tab="passes", plans=plans, form=form, errors=errors
    )


def _already_sold() -> str:
    return str(
        gettext(
            "Ce formulaire a déjà vendu un pass. "
            "Pour en vendre un autre, touchez « Vendre » encore une fois."
        )
    )
