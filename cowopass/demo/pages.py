"""Doors into the demonstration: be a nomad, or the host or treasurer of any place, at one touch.

They are for development alone: in production nobody enters without a mail or a passkey.
"""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cowopass.demo.bank_statement import write_bank_statement
from cowopass.demo.nomads import find_nomad, list_nomads
from cowopass.demo.people import Door, find_demo_person, list_doors
from cowopass.passes.wallet import remember_wallet, wallet_link
from cowopass.people.browsers import name_browser
from cowopass.people.callers import SIGNED_IN, caller_of_request, set_cookie
from cowopass.people.models import Holder
from cowopass.people.sessions import begin_session
from cowopass.people.signing_in import landing
from cowopass.running import current_config
from cowopass.transaction import transaction

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


@blueprint.before_request
def refuse_in_production() -> None:
    """Open no door where real money hangs on it."""
    if _is_production():
        abort(404)


@blueprint.get("")
def show_doors() -> str:
    """Show every way in."""
    return render_template("demo/demo.html")


@blueprint.post("")
def enter() -> Response:
    """Sign in as one of the demonstration's people."""
    with transaction() as session:
        person = find_demo_person(session, request.form.get("person", ""))
        if person is None:
            abort(404)
        cookie = begin_session(session, person, "demo", name_browser(request.user_agent.string))
    answer = redirect(landing(person), 303)
    set_cookie(answer, SIGNED_IN, cookie)
    return answer


@blueprint.post("/wallet")
def open_wallet() -> Response:
    """Open the wallet of one of the demonstration's nomads, as her own link would."""
    with transaction(read_only=True) as session:
        nomad = find_nomad(session, request.form.get("nomad", ""))
        if nomad is None:
            abort(404)
        link = wallet_link(current_config(), nomad)
    answer = redirect(url_for("wallet.show"), 303)
    remember_wallet(answer, link)
    return answer


@blueprint.get("/bank-file/<network>/<month>")
def send_bank_file(network: str, month: str) -> Response:
    """Send a bank statement to try with, to the treasurer of the network."""
    with transaction(read_only=True) as session:
        caller_of_request(session).must_keep(network)
        content = write_bank_statement(session, network, month)
    if content is None:
        return redirect(url_for("treasury_bank.show_bank", network=network), 303)
    headers = {"Content-Disposition": f'attachment; filename="releve-{network}-{month}.xml"'}
    return Response(content, mimetype="application/xml", headers=headers)


@blueprint.app_template_global()
def is_development() -> bool:
    """Return whether examples may be shown that are not for production."""
    return not _is_production()


@blueprint.app_template_global()
def demo_nomads() -> list[Holder]:
    """Return the nomads of the demonstration, for any page to show; none in production."""
    if _is_production():
        return []
    with transaction(read_only=True) as session:
        return list_nomads(session)


@blueprint.app_template_global()
def demo_doors() -> list[Door]:
    """Return the ways into the demonstration, for any page to show; none in production."""
    if _is_production():
        return []
    with transaction(read_only=True) as session:
        return list_doors(session)


def _is_production() -> bool:
    return current_config().is_production
