"""What a treasurer does: review, lock, record payments, give up a debt, decide a dispute.

Every act is a form that is sent and answered with a redirect, so that it works without scripts and
a page that is loaded again does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cowopass.running import current_config
from cowopass.settlement.dispute_decisions import decide
from cowopass.settlement.lock import lock_period, review_period
from cowopass.settlement.payments import Bill, record_bounce, record_payment, write_off
from cowopass.transaction import transaction
from cowopass.treasury.forms import TOLD, read_amount, read_day, read_reason, tell
from cowopass.treasury.frame import Treasury, treasury_of
from cowopass.treasury.mailing import remind, send_drafts
from cowopass.web.formats import amount, month_name
from cowopass.web.forms import read_form_id

blueprint = Blueprint("treasury_acts", __name__, url_prefix="/treasury/<network>/<month>")

Act = Callable[[Session, Treasury], str]
"""Does something, and says what was done."""


@blueprint.post("/review")
def review(network: str, month: str) -> Response:
    """Let the spaces read their drafts."""

    def act(session: Session, _: Treasury) -> str:
        review_period(session, network, month)
        return str(gettext("%(month)s est en relecture.", month=month_name(month).capitalize()))

    return _answer(network, month, act)


@blueprint.post("/statements")
def send_statements(network: str, month: str) -> Response:
    """Send the spaces the drafts that they have not got yet."""

    def act(session: Session, treasury: Treasury) -> str:
        config = current_config()
        sent = send_drafts(session, config, treasury, month)
        if not sent:
            return str(gettext("Aucun relevé à envoyer."))
        return str(ngettext("%(num)d relevé envoyé.", "%(num)d relevés envoyés.", sent))

    return _answer(network, month, act, "statements")


@blueprint.post("/statements/<space>/reminders")
def remind_space(network: str, month: str, space: str) -> Response:
    """Send a space once more the draft that it has got, once a day."""

    def act(session: Session, treasury: Treasury) -> str:
        config = current_config()
        if not remind(session, config, treasury, month, space):
            return str(
                gettext(
                    "Rien à relancer : ce lieu l’a été aujourd’hui, ou son relevé est à envoyer."
                )
            )
        return str(gettext("%(space)s est relancé.", space=treasury.participants[space].name))

    return _answer(network, month, act, "statements")


@blueprint.post("/lock")
def lock(network: str, month: str) -> Response:
    """Lock a month for good; a second click finds it locked."""

    def act(session: Session, treasury: Treasury) -> str:
        treasury.caller.must_settle(network)
        lock_period(session, current_config(), network, month)
        return str(gettext("%(month)s est verrouillé.", month=month_name(month).capitalize()))

    return _answer(network, month, act)


@blueprint.post("/transfers/<transfer>/payments")
def pay(network: str, month: str, transfer: str) -> Response:
    """Record money seen on a bank statement, whole or in part."""

    def act(session: Session, treasury: Treasury) -> str:
        treasury.caller.must_settle(network)
        cents = read_amount(request.form.get("amount", ""))
        paid_on = read_day(request.form.get("paid_on", ""))
        bill = Bill(network, month, transfer)
        record_payment(session, bill, cents, paid_on, read_form_id())
        return str(
            gettext("Noté : %(amount)s payés.", amount=amount(cents, treasury.network.currency))
        )

    return _answer(network, month, act, "transfers")


@blueprint.post("/payments/<uuid:payment>/bounce")
def bounce(network: str, month: str, payment: UUID) -> Response:
    """Record that the bank gave a payment back."""

    def act(session: Session, treasury: Treasury) -> str:
        treasury.caller.must_settle(network)
        bounced_on = read_day(request.form.get("bounced_on", ""))
        reason = read_reason(request.form)
        bounced = record_bounce(session, network, month, str(payment), bounced_on, reason).payment
        return str(
            gettext(
                "Noté : %(amount)s revenus, à payer de nouveau.",
                amount=amount(bounced.amount_cents, treasury.network.currency),
            )
        )

    return _answer(network, month, act, "transfers")


@blueprint.post("/transfers/<transfer>/write-off")
def give_up(network: str, month: str, transfer: str) -> Response:
    """Give up what is left of a transfer, with a reason and who bears it."""

    def act(session: Session, treasury: Treasury) -> str:
        treasury.caller.must_settle(network)
        recorded = write_off(
            session,
            Bill(network, month, transfer),
            reason=read_reason(request.form),
            borne_by="fund" if request.form.get("borne_by") == "fund" else "creditor",
            payment_id=read_form_id(),
        )
        given_up = amount(recorded.payment.amount_cents, treasury.network.currency)
        return str(gettext("Noté : %(amount)s abandonnés.", amount=given_up))

    return _answer(network, month, act, "transfers")


@blueprint.post("/disputes/<dispute>/uphold")
def uphold(network: str, month: str, dispute: str) -> Response:
    """Decide that a contested line falls."""

    def act(session: Session, treasury: Treasury) -> str:
        decide(session, treasury.caller, dispute, "upheld", read_reason(request.form))
        return str(gettext("Contestation retenue : la ligne tombe."))

    return _answer(network, month, act, "disputes")


@blueprint.post("/disputes/<dispute>/refuse")
def refuse(network: str, month: str, dispute: str) -> Response:
    """Decide that a contested line stands."""

    def act(session: Session, treasury: Treasury) -> str:
        decide(session, treasury.caller, dispute, "refused", read_reason(request.form))
        return str(gettext("Contestation écartée : la ligne reste."))

    return _answer(network, month, act, "disputes")


def _answer(network: str, month: str, act: Act, anchor: str | None = None) -> Response:
    """Do an act, say what came of it, and go back to the month; what is refused is undone."""
    with transaction() as session:
        treasury = treasury_of(session, network)
        try:
            with session.begin_nested():
                said, kind = act(session, treasury), "done"
        except TOLD as refusal:
            said, kind = tell(refusal, treasury), "refused"
    flash(said, kind)
    address = url_for("treasury.show_month", network=network, month=month, _anchor=anchor)
    return redirect(address, 303)
