"""Her data: all of it in a file, or forgotten."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from cowopass import clock
from cowopass.nomad.blueprint import blueprint
from cowopass.nomad.frame import wallet_of
from cowopass.passes.wallet import forget_wallet
from cowopass.privacy.records import as_json, erase, export_of
from cowopass.transaction import transaction


@blueprint.get("/data")
def data() -> str:
    """Say what is held on her, and offer it as a file, or its erasure."""
    with transaction(read_only=True) as session:
        return render_template("nomad/data.html", wallet=wallet_of(session))


@blueprint.get("/data/export.json")
def export_data() -> Response:
    """Send everything that is held on her as one JSON file."""
    with transaction(read_only=True) as session:
        wallet = wallet_of(session)
        told = as_json(export_of(session, wallet.holder))
        name = f"cowopass-{clock.today(wallet.network.timezone)}.json"
    answer = Response(told, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/data/erase")
def confirm_erasure() -> str:
    """Say what will be erased and what stays, before anything is."""
    with transaction(read_only=True) as session:
        return render_template("nomad/erase.html", wallet=wallet_of(session), error="")


@blueprint.post("/data/erase")
def erase_data() -> AnyResponse | tuple[str, int]:
    """Erase, once she has ticked that she means it."""
    with transaction() as session:
        wallet = wallet_of(session)
        if "sure" not in request.form:
            error = gettext("Cochez la case pour confirmer.")
            return render_template("nomad/erase.html", wallet=wallet, error=error), 422
        erase(session, wallet.holder, end_passes="end_passes" in request.form)
    flash(gettext("C’est effacé. Ce pass ne s’ouvre plus sur aucun téléphone."), "done")
    answer = redirect(url_for("wallet.show"), 303)
    forget_wallet(answer)
    return answer
