"""A dispute at a space's desk: what both sides say, and giving way or taking it back."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cowopass.errors import Conflict
from cowopass.host.day import names_of
from cowopass.host.frame import Desk, desk_of
from cowopass.language import spoken_language
from cowopass.problems import sentence
from cowopass.settlement.dispute_decisions import accept, against_whom, consent, withdraw
from cowopass.settlement.dispute_thread import (
    find_dispute,
    parties_of,
    read_thread,
    read_words,
    say,
)
from cowopass.transaction import transaction
from cowopass.web.forms import read_form_id

blueprint = Blueprint("host_disputes", __name__, url_prefix="/desk/<slug>/disputes/<dispute_id>")

Act = Callable[[Session, Desk, str], str]
"""Does something about a dispute with some words; returns what to say of it."""


@blueprint.get("")
def show(slug: str, dispute_id: str) -> str:
    """Show a dispute of this space's: all that was said, and what this side may do."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        dispute = find_dispute(session, desk.speaker, dispute_id)
        return render_template(
            "host/dispute.html",
            desk=desk,
            tab="visits",
            dispute=dispute,
            thread=read_thread(session, dispute),
            names=names_of(session, parties_of(dispute)),
            against=against_whom(dispute),
        )


@blueprint.post("")
def send_answer(slug: str, dispute_id: str) -> Response:
    """Say something; the same form sent twice says it once."""

    def act(session: Session, desk: Desk, words: str) -> str:
        say(session, desk.speaker, dispute_id, words, read_form_id())
        return str(gettext("C’est envoyé. L’autre lieu et la trésorerie le liront."))

    return _answer(slug, dispute_id, act, "text")


@blueprint.post("/accept")
def give_way(slug: str, dispute_id: str) -> Response:
    """Accept what the other side says: the line falls, and no treasurer is needed."""

    def act(session: Session, desk: Desk, words: str) -> str:
        accept(session, desk.speaker, dispute_id, words)
        return str(gettext("C’est accepté : la contestation est close."))

    return _answer(slug, dispute_id, act, "reason")


@blueprint.post("/withdraw")
def take_back(slug: str, dispute_id: str) -> Response:
    """Take back what this space contested: the line stands."""

    def act(session: Session, desk: Desk, words: str) -> str:
        withdraw(session, desk.speaker, dispute_id, words)
        return str(gettext("Votre contestation est retirée."))

    return _answer(slug, dispute_id, act, "reason")


@blueprint.post("/consent")
def agree(slug: str, dispute_id: str) -> Response:
    """Agree that a treasurer who comes from the other space decides."""
    with transaction() as session:
        consent(session, desk_of(session, slug).speaker, dispute_id)
    flash(gettext("C’est noté : la trésorerie peut trancher."), "done")
    return redirect(url_for(".show", slug=slug, dispute_id=dispute_id), 303)


def _answer(slug: str, dispute_id: str, act: Act, field: str) -> Response:
    """Do an act with the words of a field, say what came of it, and show the dispute again."""
    words = read_words(request.form, field)
    try:
        with transaction() as session:
            desk = desk_of(session, slug)
            if words:
                said, kind = act(session, desk, words), "done"
            else:
                said, kind = gettext("Écrivez quelques mots, puis envoyez."), "refused"
    except Conflict as refusal:
        said, kind = sentence(refusal.code, vars(refusal), spoken_language()), "refused"
    flash(said, kind)
    return redirect(url_for(".show", slug=slug, dispute_id=dispute_id, _anchor="thread"), 303)
