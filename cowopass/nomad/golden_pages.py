"""Golden tickets: given by a link, taken back while unused; and the page of the guest."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from cowopass.nomad.blueprint import blueprint
from cowopass.nomad.frame import wallet_of
from cowopass.nomad.golden import list_gifts, own_gift, state_of_gift, ticket_of_gift
from cowopass.passes.golden import hand_over
from cowopass.passes.paper import paper_ticket
from cowopass.passes.requests import Sold, answer_once
from cowopass.passes.standing import find_pass
from cowopass.passes.tickets import picture_links, revoke_ticket
from cowopass.people.holders import plain_name
from cowopass.running import current_config
from cowopass.spaces.models import Space
from cowopass.transaction import transaction
from cowopass.web.forms import read_form_id
from wallet.qr import qr_svg

LONGEST_NAME = 80


@blueprint.get("/golden")
def golden() -> str:
    """Show what golden tickets are left, of the pass asked for or of all, and those given."""
    with transaction(read_only=True) as session:
        wallet = wallet_of(session)
        return render_template(
            "nomad/golden.html",
            wallet=wallet,
            giving=[one for one in wallet.standings if one.golden_left and one.state == "active"],
            chosen=request.args.get("pass"),
            gifts=list_gifts(session, current_config(), wallet.holder),
            words={"copied": gettext("Lien copié.")},
        )


@blueprint.post("/golden")
def give_golden() -> AnyResponse:
    """Make a golden ticket to give. The form's own id keeps a second click from making two."""
    recipient = plain_name(request.form.get("recipient", ""))[:LONGEST_NAME] or None
    with transaction() as session:
        wallet = wallet_of(session)
        sold = wallet.find(request.form.get("pass", "")).sold
        answer_once(
            session,
            read_form_id() or abort(400),
            {"path": request.path, "pass": sold.id, "recipient": recipient},
            lambda: Sold(*hand_over(session, current_config(), sold.id, recipient)),
        )
    flash(gettext("Le ticket d’or est prêt : envoyez le lien."), "done")
    return redirect(url_for("wallet.golden"), 303)


@blueprint.post("/golden/<jti>/take-back")
def take_golden_back(jti: str) -> AnyResponse:
    """Take a golden ticket back that was not used; it can be given again."""
    with transaction() as session:
        ticket = own_gift(session, wallet_of(session).holder, jti)
        revoke_ticket(session, ticket.jti, "taken back by the holder")
    flash(gettext("Repris : le lien ne vaut plus rien, vous pouvez l’offrir à nouveau."), "done")
    return redirect(url_for("wallet.golden"), 303)


@blueprint.get("/gift/<link>")
def gift(link: str) -> str:
    """Show a guest the golden ticket that the link is: its code, where it is good, until when."""
    config = current_config()
    with transaction(read_only=True) as session:
        ticket = ticket_of_gift(session, config, link)
        paper = paper_ticket(session, config, ticket)
        sold = find_pass(session, ticket.pass_id)
        return render_template(
            "nomad/gift.html",
            paper=paper,
            state=state_of_gift(ticket),
            home=session.get_one(Space, sold.home),
            first_name=sold.holder.name.split(" ")[0],
            qr=qr_svg(paper.qr_text),
            pdf=picture_links(config, ticket)["pdf"],
        )
