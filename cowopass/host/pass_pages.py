"""A space's own passes: the list, each of them, and what the host does to it."""

from __future__ import annotations

from typing import Any, get_args
from uuid import uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cowopass.errors import Conflict, CowopassError, Invalid, TooManyCodes
from cowopass.host.acts import (
    ActName,
    AmountChanged,
    Order,
    acts_for,
    done,
    perform,
    refund_choices,
)
from cowopass.host.frame import Desk, desk_of
from cowopass.host.passes import pass_of_desk, read_pass, search_passes
from cowopass.host.wording import (
    count_units,
    describe_plan,
    is_monthly,
)
from cowopass.language import spoken_language
from cowopass.passes.binding_codes import request_binding_code
from cowopass.passes.letters import send_pass
from cowopass.passes.life import renewal_of
from cowopass.passes.models import Pass
from cowopass.passes.tickets import find_ticket, latest_ticket, picture_links, revoke_ticket
from cowopass.passes.wallet import wallet_url
from cowopass.problems import sentence
from cowopass.running import current_config
from cowopass.transaction import transaction
from cowopass.web.forms import read_form_id
from wallet.code import show_code
from wallet.qr import qr_svg

blueprint = Blueprint("host_passes", __name__, url_prefix="/desk/<slug>/passes")

ACT = f"/<pass_id>/<any({', '.join(get_args(ActName))}):act>"
LONGEST_REASON = 500
REFUSALS = (Conflict, Invalid)
"""What keeps an act from being done: it is said on the page, and the pass is as it was."""

for words in (count_units, describe_plan, show_code):
    blueprint.add_app_template_filter(words)
blueprint.add_app_template_test(is_monthly, "monthly")


@blueprint.get("")
def list_all(slug: str) -> str:
    """List the passes that the space sold, newest first, or find some of them."""
    wanted = request.args.get("q", "").strip()[:200]
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        page = search_passes(session, desk, wanted, request.args.get("after") or None)
        return render_template(
            "host/passes.html", desk=desk, tab="passes", page=page, wanted=wanted
        )


@blueprint.get("/<pass_id>")
def show(slug: str, pass_id: str) -> str:
    """Show a pass: what is left, its tickets, what happened to it, and what can be done."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        found = read_pass(session, desk, pass_id)
        paper = found.paper
        return render_template(
            "host/pass.html",
            desk=desk,
            tab="passes",
            found=found,
            sold=found.standing.sold,
            acts=acts_for(found.standing),
            paper_pdf=picture_links(current_config(), paper)["pdf"] if paper else None,
            golden_pdfs={
                one.jti: picture_links(current_config(), one)["pdf"]
                for one in found.golden
                if one.used_at is None and one.revoked_at is None
            },
        )


@blueprint.get("/<pass_id>/phone")
def show_phone(slug: str, pass_id: str) -> str:
    """Show the code by which the holder gets her pass on a phone."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        sold = pass_of_desk(session, desk, pass_id)
        code = qr_svg(wallet_url(current_config(), sold.holder))
        return render_template("host/phone.html", desk=desk, tab="passes", sold=sold, code=code)


@blueprint.post("/<pass_id>/phone")
def give_code(slug: str, pass_id: str) -> Response:
    """Make a code to read to the holder, by which her phone may carry the pass."""
    try:
        with transaction() as session:
            desk = desk_of(session, slug)
            pass_of_desk(session, desk, pass_id)
            code = request_binding_code(session, current_config(), pass_id).code
    except (*REFUSALS, TooManyCodes) as error:
        return _back(slug, pass_id, _say(error))
    shown = f"{code[:3]} {code[3:]}"
    flash(gettext("Code à taper sur son téléphone : %(code)s. Bon 15 minutes.", code=shown), "done")
    return redirect(url_for(".show_phone", slug=slug, pass_id=pass_id), 303)


@blueprint.post("/<pass_id>/mail")
def mail(slug: str, pass_id: str) -> Response:
    """Send the letter with the pass again; the same form sent twice sends it once."""
    with transaction() as session:
        desk = desk_of(session, slug)
        sold = pass_of_desk(session, desk, pass_id)
        ticket = latest_ticket(session, pass_id)
        config, request_id = current_config(), read_form_id()
        is_sent = ticket is not None and send_pass(session, config, sold, ticket, request_id)
    if not is_sent:
        return _back(slug, pass_id, gettext("Il n’y a pas d’adresse ou de billet à envoyer."))
    flash(gettext("La lettre part à %(email)s.", email=sold.holder.email), "done")
    return redirect(url_for(".show", slug=slug, pass_id=pass_id), 303)


@blueprint.get(ACT)
def ask(slug: str, pass_id: str, act: ActName) -> str | Response:
    """Say what an act comes to, and ask for a yes."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        sold = pass_of_desk(session, desk, pass_id)
        try:
            facts = _facts(session, desk, sold, act)
        except REFUSALS as error:
            return _back(slug, pass_id, _say(error))
        return render_template(
            "host/act.html",
            desk=desk,
            tab="passes",
            sold=sold,
            act=act,
            **facts,
        )


@blueprint.post(ACT)
def do(slug: str, pass_id: str, act: ActName) -> Response:
    """Do what was confirmed, once, and say so on the pass's own page."""
    order = _order_of(request.form)
    try:
        with transaction() as session:
            desk = desk_of(session, slug)
            sold = pass_of_desk(session, desk, pass_id)
            led_to = perform(session, current_config(), act, sold, order)
    except AmountChanged:
        flash(gettext("Le montant a changé entre-temps. Regardez-le encore une fois."), "warning")
        return redirect(url_for(".ask", slug=slug, pass_id=pass_id, act=act), 303)
    except REFUSALS as error:
        return _back(slug, pass_id, _say(error))
    flash(done(act), "done")
    # A new link is no use until the holder has it.
    page = ".show_phone" if act == "relink" else ".show"
    return redirect(url_for(page, slug=slug, pass_id=led_to), 303)


@blueprint.post("/<pass_id>/golden/<jti>/revoke")
def take_golden_back(slug: str, pass_id: str, jti: str) -> Response:
    """Take a golden ticket back that nobody used."""
    try:
        with transaction() as session:
            desk = desk_of(session, slug)
            pass_of_desk(session, desk, pass_id)
            if find_ticket(session, jti).pass_id != pass_id:
                abort(404)
            revoke_ticket(session, jti, "")
    except REFUSALS as error:
        return _back(slug, pass_id, _say(error))
    flash(gettext("Le ticket d’or est repris. Il peut être donné à quelqu’un d’autre."), "done")
    return redirect(url_for(".show", slug=slug, pass_id=pass_id), 303)


def _facts(session: Session, desk: Desk, sold: Pass, act: ActName) -> dict[str, Any]:
    """Return what the host must know before she says yes. Raises what the act would raise."""
    if act == "refund":
        return {"choices": refund_choices(session, sold, desk.today)}
    if act == "renew":
        return {"renewal": renewal_of(session, sold)}
    return {}


def _order_of(form: Any) -> Order:  # noqa: ANN401 (werkzeug's form)
    return Order(
        id=read_form_id() or str(uuid4()),
        reason=" ".join(form.get("reason", "").split())[:LONGEST_REASON],
        refund=form.get("refund", ""),
    )


def _say(error: CowopassError) -> str:
    return sentence(error.code, vars(error), spoken_language())


def _back(slug: str, pass_id: str, why: str) -> Response:
    flash(why, "warning")
    return redirect(url_for(".show", slug=slug, pass_id=pass_id), 303)
