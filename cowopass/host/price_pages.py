"""Our prices: in force, announced and past; a new one from a day on."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cowopass.host.frame import desk_of
from cowopass.host.pricing import PriceRefused, list_prices, set_price, take_back
from cowopass.transaction import transaction

blueprint = Blueprint("host_prices", __name__, url_prefix="/desk/<slug>/prices")


@blueprint.get("")
def show_prices(slug: str) -> str:
    """Show what visitors pay, what they will, and what they paid before."""
    return _render(slug, {}, {})


@blueprint.post("")
def add_price(slug: str) -> Response | tuple[str, int]:
    """Announce a price from a day on; what is wrong is said at its field."""
    form = {name: request.form.get(name, "") for name in ("unit", "amount", "starts_on")}
    try:
        with transaction() as session:
            set_price(session, desk_of(session, slug), **form)
    except PriceRefused as refused:
        return _render(slug, form, refused.errors), 422
    flash(gettext("Le tarif est noté."), "done")
    return redirect(url_for(".show_prices", slug=slug), 303)


@blueprint.post("/<int:price_id>/take-back")
def take_price_back(slug: str, price_id: int) -> Response:
    """Take an announced price back."""
    try:
        with transaction() as session:
            take_back(session, desk_of(session, slug), price_id)
    except PriceRefused as refused:
        flash(refused.errors["price"], "warning")
    else:
        flash(gettext("Ce tarif n’aura pas lieu."), "done")
    return redirect(url_for(".show_prices", slug=slug), 303)


def _render(slug: str, form: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        return render_template(
            "host/prices.html",
            desk=desk,
            tab="space",
            units=list_prices(desk.space.prices, desk.today),
            form=form,
            errors=errors,
        )
