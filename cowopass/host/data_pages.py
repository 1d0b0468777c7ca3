"""A holder's data, when she asks her home for them: told to her, or erased.

The home is not shown where she went: the file goes to her own address. Only who gave none is handed
it by the desk.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from cowopass.acts.service import record_act
from cowopass.host.frame import Desk, desk_of
from cowopass.host.passes import pass_of_desk
from cowopass.mail.service import Attachment, queue_mail
from cowopass.passes.models import Pass
from cowopass.privacy.records import as_json, erase, export_of
from cowopass.transaction import transaction
from cowopass.web.forms import read_form_id

blueprint = Blueprint("host_data", __name__, url_prefix="/desk/<slug>/passes/<pass_id>/data")


@blueprint.get("")
def show(slug: str, pass_id: str, error: str = "") -> str:
    """Say what can be done for a holder who asks for her data."""
    with transaction(read_only=True) as session:
        desk, sold = _find(session, slug, pass_id)
        return render_template("host/data.html", desk=desk, tab="passes", sold=sold, error=error)


@blueprint.post("/mail")
def mail(slug: str, pass_id: str) -> AnyResponse:
    """Send a holder all that is held on her, to her own address; twice the same form, once."""
    with transaction() as session:
        desk, sold = _find(session, slug, pass_id)
        if sold.holder.email is None:
            abort(404)
        content = as_json(export_of(session, sold.holder)).encode()
        is_new = queue_mail(
            session,
            sold.holder.email,
            gettext("Vos données"),
            gettext(
                "Bonjour,\n\nVoici tout ce que %(space)s tient sur vous, dans le fichier joint.",
                space=desk.space.name,
            ),
            attachment=Attachment("cowopass.json", "application/json", content),
            dedupe_key=read_form_id(),
        )
        if is_new:
            _note(session, desk, sold)
    flash(gettext("Le fichier part à %(email)s.", email=sold.holder.email), "done")
    return redirect(url_for(".show", slug=slug, pass_id=pass_id), 303)


@blueprint.post("/file")
def hand_over(slug: str, pass_id: str) -> Response:
    """Hand a holder who has no address the file with all that is held on her."""
    with transaction() as session:
        desk, sold = _find(session, slug, pass_id)
        if sold.holder.email is not None:
            abort(404)
        told = as_json(export_of(session, sold.holder))
        _note(session, desk, sold)
    answer = Response(told, mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="cowopass.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/erase")
def erase_data(slug: str, pass_id: str) -> AnyResponse | tuple[str, int]:
    """Erase what names a holder, once the host has ticked that the holder means it.

    A second click finds it erased.
    """
    if "sure" not in request.form:
        return show(slug, pass_id, gettext("Cochez la case pour confirmer.")), 422
    with transaction() as session:
        sold = pass_of_desk(session, desk_of(session, slug), pass_id)
        if sold.holder.erased_at is None:
            erase(session, sold.holder, end_passes="end_passes" in request.form)
    flash(gettext("C’est effacé. Ses pass restent dans la liste, sans son nom."), "done")
    return redirect(url_for("host_passes.show", slug=slug, pass_id=pass_id), 303)


def _find(session: Session, slug: str, pass_id: str) -> tuple[Desk, Pass]:
    """Return the desk and a pass that it sold to somebody who is not erased."""
    desk = desk_of(session, slug)
    sold = pass_of_desk(session, desk, pass_id)
    if sold.holder.erased_at is not None:
        abort(404)
    return desk, sold


def _note(session: Session, desk: Desk, sold: Pass) -> None:
    record_act(
        session, "holder_told", network=sold.network, space=desk.space.slug, subject=sold.holder_id
    )
