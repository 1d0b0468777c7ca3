"""The visits of a day, and each of them: taken back with a reason, or counted otherwise."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from clearing.valuation import UNITS
from cowopass.desk.answers import Answer
from cowopass.desk.changing import change_unit, other_units
from cowopass.desk.decision import Refused
from cowopass.desk.voiding import void_check_in
from cowopass.desk.words import first_name, say
from cowopass.errors import CheckInUnknown, Conflict
from cowopass.host.day import (
    day_asked,
    earned_cents,
    names_of,
    neighbours,
    read_day,
    read_visit,
)
from cowopass.host.frame import Desk, desk_of
from cowopass.host.wording import count_units
from cowopass.language import spoken_language
from cowopass.problems import sentence
from cowopass.transaction import transaction

blueprint = Blueprint("host_day", __name__, url_prefix="/desk/<slug>")

LONGEST_REASON = 500

blueprint.add_app_template_filter(earned_cents)
blueprint.add_app_template_filter(first_name)
blueprint.add_app_template_filter(other_units)


@blueprint.app_template_filter("said")
def show_said(answer: Answer) -> str:
    """Say what the desk said about a visit."""
    return say(answer, spoken_language())


@blueprint.get("/today")
def show_day(slug: str) -> str | Response:
    """Show today, or the day of `?on=`: seats, visits, and what they earned."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        on = day_asked(request.args.get("on"), desk.today)
        try:
            day = read_day(session, desk, on, request.args.get("after") or None)
        except CheckInUnknown:
            return redirect(url_for(".show_day", slug=slug), 303)
        before, after = neighbours(on, desk.today)
        return render_template(
            "host/today.html", desk=desk, tab="visits", day=day, before=before, after=after
        )


@blueprint.get("/visits/<uuid:check_in_id>")
def show_visit(slug: str, check_in_id: str) -> str:
    """Show a visit, and what can be done about it."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        answer = read_visit(session, desk, str(check_in_id))
        names = names_of(session, [answer.check_in.home])
    return _render(desk, answer, names)


@blueprint.post("/visits/<uuid:check_in_id>/void")
def void(slug: str, check_in_id: str) -> Response | tuple[str, int]:
    """Take a visit back, with the reason that its line keeps."""
    reason = " ".join(request.form.get("reason", "").split())[:LONGEST_REASON]
    try:
        with transaction() as session:
            desk = desk_of(session, slug)
            answer = read_visit(session, desk, str(check_in_id))
            if not reason:
                names = names_of(session, [answer.check_in.home])
                said = {"reason": gettext("Écrivez pourquoi, en quelques mots.")}
                return _render(desk, answer, names, said), 422
            void_check_in(session, str(check_in_id), reason)
    except Conflict as error:
        return _back(slug, check_in_id, sentence(error.code, vars(error), spoken_language()))
    return _back(
        slug, check_in_id, gettext("Le passage est annulé, ses unités sont rendues."), "done"
    )


@blueprint.post("/visits/<uuid:check_in_id>/unit")
def count_otherwise(slug: str, check_in_id: str) -> Response:
    """Count another unit for a visit: it is taken back and made anew, or extended to a day."""
    unit = request.form.get("unit", "")
    reason = gettext("Autre durée choisie au comptoir")
    try:
        with transaction() as session:
            desk = desk_of(session, slug)
            if unit not in UNITS:
                return _back(slug, check_in_id, gettext("Choisissez une durée."))
            day = read_visit(session, desk, str(check_in_id)).check_in.on
            answer = change_unit(session, str(check_in_id), unit, reason)
    except Conflict as error:
        return _back(slug, check_in_id, sentence(error.code, vars(error), spoken_language()))
    if isinstance(answer, Refused):
        return _back(slug, check_in_id, sentence(answer.code, language=spoken_language()))
    said = gettext("Ce passage compte maintenant pour %(unit)s.", unit=count_units(1, unit))
    if "day" in request.form:
        flash(said, "done")
        return redirect(url_for(".show_day", slug=slug, on=day), 303)
    return _back(slug, answer.check_in.id, said, "done")


def _render(
    desk: Desk, answer: Answer, names: dict[str, str], errors: dict[str, str] | None = None
) -> str:
    return render_template(
        "host/visit.html",
        desk=desk,
        tab="visits",
        answer=answer,
        row=answer.check_in,
        names=names,
        errors=errors or {},
    )


def _back(slug: str, check_in_id: str, said: str, kind: str = "warning") -> Response:
    flash(said, kind)
    return redirect(url_for(".show_visit", slug=slug, check_in_id=check_in_id), 303)
