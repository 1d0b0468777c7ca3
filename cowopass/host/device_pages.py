"""Our devices: paired by a code that is shown here, listed, cut off."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cowopass.host.frame import desk_of
from cowopass.people.devices import cut_off_device, list_devices, make_pairing_url
from cowopass.transaction import transaction
from wallet.qr import qr_svg

blueprint = Blueprint("host_devices", __name__, url_prefix="/desk/<slug>/devices")


@blueprint.get("")
def show_devices(slug: str) -> str:
    """Show the devices that do this desk's work."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        devices = list_devices(session, desk.caller, slug)
        return render_template("host/devices.html", desk=desk, tab="space", devices=devices)


@blueprint.post("/pair")
def show_code(slug: str) -> Response:
    """Show a code for one device, good for five minutes. It is on this answer alone."""
    with transaction() as session:
        desk = desk_of(session, slug)
        url = make_pairing_url(
            session, current_app.extensions["cowopass.config"], desk.caller, slug
        )
        page = render_template(
            "host/pairing.html",
            desk=desk,
            tab="space",
            code=url.partition("#")[2],
            picture=qr_svg(url),
        )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/<device_id>/cut-off")
def cut_off(slug: str, device_id: str) -> Response:
    """Cut a device off, at once and for good."""
    with transaction() as session:
        cut_off_device(session, desk_of(session, slug).caller, slug, device_id)
    flash(gettext("Cet appareil est coupé."), "done")
    return redirect(url_for(".show_devices", slug=slug), 303)
