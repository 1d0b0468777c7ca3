"""A dispute before its treasurer: what both sides say, asking them, and deciding."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cowopass.errors import DisputeDecided, IdempotencyConflict, RoleForbidden
from cowopass.ledger.disputes import missing_consent
from cowopass.ledger.models import Dispute
from cowopass.settlement.dispute_thread import (
    Author,
    find_dispute,
    read_thread,
    read_words,
    say,
)
from cowopass.transaction import transaction
from cowopass.treasury.forms import tell
from cowopass.treasury.frame import Treasury, treasury_of
from cowopass.web.forms import read_form_id

blueprint = Blueprint(
    "treasury_disputes", __name__, url_prefix="/treasury/<network>/disputes/<dispute_id>"
)


@blueprint.get("")
def show(network: str, dispute_id: str) -> str:
    """Show a dispute with all that was said, and the form to decide it."""
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network)
        dispute = find_dispute(session, treasury.caller, dispute_id)
        _must_judge(treasury, dispute)
        return render_template(
            "treasury/dispute.html",
            treasury=treasury,
            dispute=dispute,
            thread=read_thread(session, dispute),
            names={slug: one.name for slug, one in treasury.participants.items()},
            waits_for=missing_consent(treasury.caller, dispute),
        )


@blueprint.post("")
def send_answer(network: str, dispute_id: str) -> Response:
    """Say something as the treasurer; the same form sent twice says it once."""
    words = read_words(request.form, "text")
    with transaction() as session:
        treasury = treasury_of(session, network)
        _must_judge(treasury, find_dispute(session, treasury.caller, dispute_id))
        message_id = read_form_id()
        try:
            if words:
                say(session, treasury.caller, dispute_id, words, message_id, Author("treasurer"))
                said, kind = gettext("C’est envoyé. Les deux lieux le liront."), "done"
            else:
                said, kind = gettext("Écrivez quelques mots, puis envoyez."), "refused"
        except (DisputeDecided, IdempotencyConflict) as refusal:
            said, kind = tell(refusal, treasury), "refused"
    flash(said, kind)
    address = url_for(".show", network=network, dispute_id=dispute_id, _anchor="thread")
    return redirect(address, 303)


def _must_judge(treasury: Treasury, dispute: Dispute) -> None:
    """Let pass the treasurer of the network where the visit was. Raises RoleForbidden."""
    if dispute.network != treasury.network.slug:
        raise RoleForbidden(f"the role treasurer of the network `{dispute.network}`")
