"""The network and its spaces' banks: files to pay by, statements that come in, reminders."""

from __future__ import annotations

import re

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as Answer

from cowopass.bank.importing import Upload, import_statement
from cowopass.bank.matched import confirm, ignore
from cowopass.bank.payment_files import payment_file
from cowopass.bank.reminders import save_schedule, send_reminders
from cowopass.errors import (
    BankEntryAmbiguous,
    BankEntrySettled,
    CowopassError,
    CurrencyForeign,
    DataInvalid,
    Invalid,
    PartyIncomplete,
    PasskeyRequired,
)
from cowopass.language import spoken_language
from cowopass.problems import sentence
from cowopass.running import current_config
from cowopass.transaction import transaction
from cowopass.treasury.bank import tell_import, view_bank
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
        said = _sentence(refusal)
    else:
        if content is not None:
            return as_file(content, f"{network}-{month}-{space}.xml")
        said = gettext("Ce lieu n’a plus rien à payer.")
    flash(said, "refused")
    address = url_for("treasury.show_month", network=network, month=month, _anchor="transfers")
    return redirect(address, 303)


@blueprint.get("/bank")
def show_bank(network: str) -> str:
    """Show what the banks told, and the form to bring more of it."""
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network)
        view = view_bank(session, treasury)
        return render_template("treasury/bank.html", treasury=treasury, view=view)


@blueprint.post("/bank")
def import_file(network: str) -> Answer:
    """Import a bank statement, and say what came of it."""
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    name = (sent.filename if sent else "") or ""
    try:
        with transaction() as session:
            treasury = treasury_of(session, network)
            treasury.caller.must_settle(network)
            account = request.form.get("account") or None
            imported = import_statement(session, network, Upload(content, name, account))
            said, kind = tell_import(imported, treasury.network.currency), "done"
    except (Invalid, PasskeyRequired) as refusal:
        said, kind = _sentence(refusal), "refused"
    return _back(network, said, kind)


@blueprint.post("/bank/entries/<entry>/confirm")
def confirm_entry(network: str, entry: str) -> Answer:
    """Match an entry to the transfers of the suggestion that was tapped."""
    try:
        with transaction() as session:
            treasury_of(session, network).caller.must_settle(network)
            confirm(session, network, entry, request.form.getlist("transfer"))
    except (BankEntryAmbiguous, BankEntrySettled, PasskeyRequired) as refusal:
        return _back(network, _sentence(refusal), "refused")
    return _back(network, gettext("C’est rapproché."), "done")


@blueprint.post("/bank/entries/<entry>/ignore")
def ignore_entry(network: str, entry: str) -> Answer:
    """Put an entry, or its surplus, aside."""
    try:
        with transaction() as session:
            treasury_of(session, network).caller.must_settle(network)
            ignore(session, network, entry)
    except (BankEntrySettled, PasskeyRequired) as refusal:
        return _back(network, _sentence(refusal), "refused")
    return _back(network, gettext("C’est mis de côté."), "done")


@blueprint.post("/bank/reminders")
def remind(network: str) -> Answer:
    """Send the reminders that are due today."""
    with transaction() as session:
        treasury_of(session, network)
        asked = send_reminders(session, current_config(), network)
    if not asked:
        return _back(network, gettext("Personne à relancer aujourd’hui."), "done")
    said = ngettext("%(num)d virement rappelé.", "%(num)d virements rappelés.", asked)
    return _back(network, said, "done")


@blueprint.post("/bank/schedule")
def set_schedule(network: str) -> Answer:
    """Set on which days after the lock reminders go out."""
    days = [int(number) for number in re.findall(r"\d{1,4}", request.form.get("days", ""))]
    try:
        with transaction() as session:
            treasury_of(session, network)
            days = save_schedule(session, network, days)
    except DataInvalid:
        said = gettext("Écrivez au plus dix nombres de jours, de 1 à 365, par exemple 15, 30, 45.")
        return _back(network, said, "refused")
    if not days:
        return _back(network, gettext("Noté : aucun rappel ne partira."), "done")
    said = gettext("Noté : rappels après %(days)s jours.", days=", ".join(map(str, days)))
    return _back(network, said, "done")


def as_file(content: bytes, name: str) -> Response:
    """Return an XML file to keep."""
    answer = Response(content, mimetype="application/xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _sentence(refusal: CowopassError) -> str:
    return sentence(refusal.code, vars(refusal), spoken_language())


def _back(network: str, said: str, kind: str) -> Answer:
    flash(said, kind)
    return redirect(url_for(".show_bank", network=network), 303)
