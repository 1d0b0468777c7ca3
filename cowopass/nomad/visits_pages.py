"""The wallet's second tab: where the pass was shown, and "this was not me"."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from cowopass.errors import Conflict, DisputeUnknown
from cowopass.language import spoken_language
from cowopass.ledger.models import Dispute
from cowopass.nomad.blueprint import blueprint
from cowopass.nomad.frame import Wallet, wallet_of
from cowopass.nomad.visits import Visit, find_visit, list_visits
from cowopass.problems import sentence
from cowopass.settlement.dispute_decisions import withdraw_as_holder
from cowopass.settlement.dispute_mailing import HOLDER
from cowopass.settlement.dispute_thread import read_thread, read_words, say_as_holder
from cowopass.settlement.disputes import contest_as_holder
from cowopass.transaction import transaction
from cowopass.web.forms import read_form_id

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
        return _render(session, wallet, found)


@blueprint.post("/visits/<uuid:check_in>/contest")
def contest_visit(check_in: UUID) -> AnyResponse | tuple[str, int]:
    """Say that it was not her, in words that both spaces and the treasurer read."""
    reason = " ".join(request.form.get("reason", "").split())
    with transaction() as session:
        wallet = wallet_of(session)
        found = find_visit(session, wallet.holder, str(check_in))
        error = _error_of(reason)
        if error:
            return _render(session, wallet, found, reason=reason, error=error), 422
        contest_as_holder(session, wallet.holder.id, str(check_in), reason)
    flash(gettext("C’est noté. La trésorière du réseau tranchera, vous le lirez ici."), "done")
    return redirect(url_for("wallet.visit", check_in=check_in), 303)


@blueprint.post("/visits/<uuid:check_in>/answer")
def answer(check_in: UUID) -> AnyResponse:
    """Say something more in what she contested; the same form sent twice says it once."""

    def act(session: Session, dispute: Dispute, words: str) -> str:
        say_as_holder(session, dispute.id, words, read_form_id())
        return str(gettext("C’est envoyé. Les deux lieux et la trésorerie vous liront."))

    return _answer(check_in, act, "text")


@blueprint.post("/visits/<uuid:check_in>/withdraw")
def take_back(check_in: UUID) -> AnyResponse:
    """Take back what she contested: it was her after all."""

    def act(session: Session, dispute: Dispute, words: str) -> str:
        withdraw_as_holder(session, str(check_in), dispute, words)
        return str(gettext("Votre contestation est retirée."))

    return _answer(check_in, act, "reason")


def _answer(check_in: UUID, act: Callable[[Session, Dispute, str], str], field: str) -> AnyResponse:
    """Do an act about her own dispute with the words of a field, and say what came of it."""
    words = read_words(request.form, field)
    try:
        with transaction() as session:
            wallet = wallet_of(session)
            dispute = find_visit(session, wallet.holder, str(check_in)).dispute
            if dispute is None or dispute.opened_by != HOLDER:
                raise DisputeUnknown(str(check_in))
            if words:
                said, kind = act(session, dispute, words), "done"
            else:
                said, kind = gettext("Écrivez quelques mots, puis envoyez."), "refused"
    except Conflict as refusal:
        said, kind = sentence(refusal.code, vars(refusal), spoken_language()), "refused"
    flash(said, kind)
    return redirect(url_for("wallet.visit", check_in=check_in, _anchor="dispute"), 303)


def _render(
    session: Session, wallet: Wallet, found: Visit, reason: str = "", error: str = ""
) -> str:
    """Show a visit; what she contested herself is a conversation that she takes part in."""
    is_hers = found.dispute is not None and found.dispute.opened_by == HOLDER
    return render_template(
        "nomad/visit.html",
        wallet=wallet,
        visit=found,
        thread=read_thread(session, found.dispute) if found.dispute and is_hers else None,
        names={found.space.slug: found.space.name, wallet.home.slug: wallet.home.name},
        reason=reason,
        error=error,
    )


def _error_of(reason: str) -> str:
    """Return what is wrong with the words given; empty when they will do."""
    if not reason:
        return str(gettext("Dites en quelques mots ce qui ne va pas."))
    if len(reason) > LONGEST_REASON:
        return str(gettext("C’est trop long : %(most)s signes au plus.", most=LONGEST_REASON))
    return ""
