"""The wallet's second tab: where the pass was shown, and "this was not me"."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from cowopass.nomad.blueprint import blueprint
from cowopass.nomad.frame import wallet_of
from cowopass.nomad.visits import find_visit, list_visits
from cowopass.settlement.disputes import contest_as_holder
from cowopass.transaction import transaction

LONGEST_REASON = 500


@blueprint.get("/visits")
def visits() -> str:
    """List the visits of all passes of the wallet, newest first."""
    with transaction(read_only=True) as session:
        wallet = wallet_of(session)
        page = list_visits(session, wallet.holder, request.args.get("after"))
        return render_template("nomad/visits.html", wallet=wallet, page=page)


@blueprint.get("/visits/<uuid:check_in>")
def visit(check_in: UUID) -> str:
    """Show one visit, and what both sides say where it is contested."""
    with transaction(read_only=True) as session:
        wallet = wallet_of(session)
        found = find_visit(session, wallet.holder, str(check_in))
        return render_template("nomad/visit.html", wallet=wallet, visit=found, reason="", error="")


@blueprint.post("/visits/<uuid:check_in>/contest")
def contest_visit(check_in: UUID) -> AnyResponse | tuple[str, int]:
    """Say that it was not her, in words that both spaces and the treasurer read."""
    reason = " ".join(request.form.get("reason", "").split())
    with transaction() as session:
        wallet = wallet_of(session)
        found = find_visit(session, wallet.holder, str(check_in))
        error = _error_of(reason)
        if error:
            page = render_template(
                "nomad/visit.html", wallet=wallet, visit=found, reason=reason, error=error
            )
            return page, 422
        contest_as_holder(session, wallet.holder.id, str(check_in), reason)
    flash(gettext("C’est noté. La trésorière du réseau tranchera, vous le lirez ici."), "done")
    return redirect(url_for("wallet.visit", check_in=check_in), 303)


def _error_of(reason: str) -> str:
    """Return what is wrong with the words given; empty when they will do."""
    if not reason:
        return str(gettext("Dites en quelques mots ce qui ne va pas."))
    if len(reason) > LONGEST_REASON:
        return str(gettext("C’est trop long : %(most)s signes au plus.", most=LONGEST_REASON))
    return ""
