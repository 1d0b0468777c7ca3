"""Our devices: paired by a code that is shown here, listed, cut off."""

from __future__ import annotations

from flask import (
    Blueprint,
    current_app,
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

from cowopass.host.frame import Desk, desk_of
from cowopass.people.devices import cut_off_device, list_devices, make_pairing_code
from cowopass.transaction import transaction
from wallet.code import show_code as show_symbols
from wallet.qr import qr_svg

blueprint = Blueprint("host_devices", __name__, url_prefix="/desk/<slug>/devices")


@blueprint.get("")
def show_devices(slug: str) -> str:
    """Show the devices that do this desk's work; `?new=` names one that was just paired."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        devices = list_devices(session, desk.caller, slug)
        new = request.args.get("new")
        return render_template(
            "host/devices.html", desk=desk, tab="space", devices=devices, new=new
        )


@blueprint.post("/pair")
def show_code(slug: str) -> Response:
    """Show a code for one device, good for ten minutes. It is on this answer alone."""
    with transaction() as session:
        desk = desk_of(session, slug)
        code = show_symbols(make_pairing_code(session, desk.caller, slug))
        # Behind a `#`, so that no log has it.
        address = f"{current_app.extensions['cowopass.config'].base_url}/desk/pair#{code}"
        page = render_template(
            "host/pairing.html",
            desk=desk,
            tab="space",
            code=code,
            picture=qr_svg(address),
            newest=_newest(session, desk),
        )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/newest")
def show_newest(slug: str) -> dict[str, str | None]:
    """Say which device was paired last, for a page that waits for the next one."""
    with transaction(read_only=True) as session:
        return {"device": _newest(session, desk_of(session, slug))}


def _newest(session: Session, desk: Desk) -> str | None:
    devices = list_devices(session, desk.caller, desk.space.slug)
    return devices[-1].id if devices else None


@blueprint.post("/<device_id>/cut-off")
def cut_off(slug: str, device_id: str) -> Response:
    """Cut a device off, at once and for good."""
    with transaction() as session:
        cut_off_device(session, desk_of(session, slug).caller, slug, device_id)
    flash(gettext("Cet appareil est coupé."), "done")
    return redirect(url_for(".show_devices", slug=slug), 303)
