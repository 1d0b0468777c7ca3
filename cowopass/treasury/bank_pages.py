"""The network and its spaces' banks: files to pay by."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cowopass.bank.payment_files import payment_file
from cowopass.errors import CurrencyForeign, PartyIncomplete
from cowopass.language import spoken_language
from cowopass.problems import sentence
from cowopass.transaction import transaction
from cowopass.treasury.frame import treasury_of

blueprint = Blueprint("treasury_bank", __name__, url_prefix="/treasury/<network>")


@blueprint.get("/<month>/payment-files/<space>")
def send_payment_file(network: str, month: str, space: str) -> Answer:
    """Send what a space still owes as a file for its bank, or say on the month why not."""
    try:
        with transaction(read_only=True) as session:
            treasury_of(session, network)
            content = payment_file(session, network, month, space)
    except (CurrencyForeign, PartyIncomplete) as refusal:
        said = sentence(refusal.code, vars(refusal), spoken_language())
    else:
        if content is not None:
            return as_file(content, f"{network}-{month}-{space}.xml")
        said = gettext("Ce lieu n’a plus rien à payer.")
    flash(said, "refused")
    address = url_for("treasury.show_month", network=network, month=month, _anchor="transfers")
    return redirect(address, 303)


def as_file(content: bytes, name: str) -> Response:
    """Return an XML file to keep."""
    answer = Response(content, mimetype="application/xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
