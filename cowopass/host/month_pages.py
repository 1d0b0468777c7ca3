"""A space's month, and what its host says against it: a line contested, a line that is missing."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from clearing.errors import MonthInvalid
from clearing.line import Unit
from clearing.period import month_of, next_month, parse_month, previous_month
from cowopass.bank.payment_files import payment_file
from cowopass.desk.answers import Answer, find_check_in
from cowopass.errors import (
    CheckInUnknown,
    Conflict,
    CurrencyForeign,
    DataInvalid,
    PartyIncomplete,
    PeriodNotLocked,
)
from cowopass.host.day import names_of
from cowopass.host.frame import Desk, desk_of
from cowopass.host.month import Side, disputes_of, list_month, read_month
from cowopass.language import spoken_language
from cowopass.problems import sentence
from cowopass.settlement.disputes import MissingLine, contest, report_missing
from cowopass.spaces.models import Space
from cowopass.transaction import transaction
from cowopass.web.cursors import cursor_asked
from wallet.plan import UNITS

blueprint = Blueprint("host_month", __name__, url_prefix="/desk/<slug>/month")

LONGEST_REASON = 1000
SIDES = ("received", "ours", "late")


@blueprint.get("")
def show_month(slug: str) -> str:
    """Show the running month, or that of `?month=`: what it comes to, and its lines."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        running = month_of(desk.today)
        month = _month_asked(running)
        side, other = _side_asked(), request.args.get("with") or None
        before = cursor_asked("before") or 0
        lines, following = list_month(session, desk, month, side, other, before)
        disputes = disputes_of(session, desk, month)
        parties = [shown.other for shown in lines] + [dispute.home for dispute in disputes]
        return render_template(
            "host/month.html",
            desk=desk,
            tab="visits",
            page=read_month(session, desk, month),
            lines=lines,
            following=following,
            disputes=disputes,
            names=names_of(session, [*parties, *(dispute.host for dispute in disputes)]),
            side=side,
            other=other,
            before=previous_month(month),
            after=next_month(month) if month < running else None,
            is_running=month == running,
        )


@blueprint.get("/payment-file")
def send_payment_file(slug: str) -> Response:
    """Send what the space still owes of a month as a file for its bank, or say why not."""
    try:
        with transaction(read_only=True) as session:
            desk = desk_of(session, slug)
            month = _month_asked(month_of(desk.today))
            content = payment_file(session, desk.network.slug, month, slug)
    except (CurrencyForeign, PartyIncomplete, PeriodNotLocked) as refusal:
        flash(sentence(refusal.code, vars(refusal), spoken_language()), "warning")
        return redirect(url_for(".show_month", slug=slug, month=month), 303)
    if content is None:
        flash(gettext("Il n’y a plus rien à payer."), "done")
        return redirect(url_for(".show_month", slug=slug, month=month), 303)
    name = f"{desk.network.slug}-{month}-{slug}.xml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/xml", headers=headers)


@blueprint.get("/contest/<uuid:check_in_id>")
def ask_contest(slug: str, check_in_id: str) -> str:
    """Show the visit of a line, and ask what is wrong with it."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        return _render_contest(session, desk, _visit_of(session, desk, str(check_in_id)), {})


@blueprint.post("/contest/<uuid:check_in_id>")
def send_contest(slug: str, check_in_id: str) -> Response | tuple[str, int]:
    """Contest the charge of a visit; before the lock its amount is put aside."""
    reason = _reason()
    try:
        with transaction() as session:
            desk = desk_of(session, slug)
            answer = _visit_of(session, desk, str(check_in_id))
            if not reason:
                return _render_contest(session, desk, answer, _no_reason()), 422
            dispute, _ = contest(session, desk.speaker, str(check_in_id), reason)
            month, is_aside = dispute.period, dispute.withheld_line_id is not None
    except Conflict as error:
        flash(sentence(error.code, vars(error), spoken_language()), "warning")
        return redirect(url_for(".show_month", slug=slug), 303)
    flash(_contested(is_aside=is_aside), "done")
    return redirect(url_for(".show_month", slug=slug, month=month, _anchor="disputes"), 303)


@blueprint.get("/missing")
def ask_missing(slug: str) -> str:
    """Ask which visit is in no list."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        return _render_missing(session, desk, {"on": desk.today.isoformat(), "unit": "day"}, {})


@blueprint.post("/missing")
def send_missing(slug: str) -> Response | tuple[str, int]:
    """Say that a visit is missing: it is recorded for the treasurer, and nothing moves."""
    typed = {name: request.form.get(name, "") for name in ("space", "on", "unit", "reason")}
    with transaction() as session:
        desk = desk_of(session, slug)
        missing, errors = _read_missing(session, desk, typed)
        if missing is None:
            return _render_missing(session, desk, typed, errors), 422
        try:
            dispute, _ = report_missing(session, desk.speaker, missing)
        except DataInvalid:
            errors = {"on": gettext("Ce jour n’est pas encore venu.")}
            return _render_missing(session, desk, typed, errors), 422
        month = dispute.period
    flash(gettext("C’est noté. La trésorière ou le trésorier va trancher."), "done")
    return redirect(url_for(".show_month", slug=slug, month=month, _anchor="disputes"), 303)


def _month_asked(running: str) -> str:
    """Return the month that the address asks for, the running one when it names none."""
    try:
        return min(parse_month(request.args.get("month", running)), running)
    except MonthInvalid:
        return running


def _side_asked() -> Side | None:
    side = request.args.get("side")
    return cast(Side, side) if side in SIDES else None


def _visit_of(session: Session, desk: Desk, check_in_id: str) -> Answer:
    """Return a visit of one of this space's lines. Raises CheckInUnknown for any other."""
    answer = find_check_in(session, check_in_id)
    if desk.space.slug not in {answer.check_in.space, answer.check_in.home}:
        raise CheckInUnknown(check_in_id)
    return answer


def _read_missing(
    session: Session, desk: Desk, typed: dict[str, str]
) -> tuple[MissingLine | None, dict[str, str]]:
    """Return the visit that a form tells of, or a sentence for each field that is wrong."""
    errors = {}
    on = _day(typed["on"])
    reason = _reason()
    if typed["space"] not in {space.slug for space in _spaces(session, desk)}:
        errors["space"] = gettext("Choisissez le lieu.")
    if on is None:
        errors["on"] = gettext("Écrivez un jour qui existe, comme 2026-11-27.")
    if typed["unit"] not in UNITS:
        errors["unit"] = gettext("Choisissez une durée.")
    if not reason:
        errors |= _no_reason()
    if errors or on is None:
        return None, errors
    return MissingLine(typed["space"], on, cast(Unit, typed["unit"]), reason), {}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _spaces(session: Session, desk: Desk) -> list[Space]:
    """Return the spaces of the network, this one first."""
    spaces = session.scalars(
        select(Space).where(Space.network == desk.network.slug).order_by(Space.name)
    )
    return sorted(spaces, key=lambda space: space.slug != desk.space.slug)


def _render_contest(session: Session, desk: Desk, answer: Answer, errors: dict[str, str]) -> str:
    row = answer.check_in
    names = names_of(session, [row.space, row.home])
    return render_template(
        "host/contest.html",
        desk=desk,
        tab="visits",
        row=row,
        month=month_of(row.on or desk.today),
        names=names,
        errors=errors,
    )


def _render_missing(
    session: Session, desk: Desk, typed: dict[str, str], errors: dict[str, str]
) -> str:
    return render_template(
        "host/missing.html",
        desk=desk,
        tab="visits",
        spaces=_spaces(session, desk),
        typed=typed,
        errors=errors,
    )


def _reason() -> str:
    return " ".join(request.form.get("reason", "").split())[:LONGEST_REASON]


def _no_reason() -> dict[str, str]:
    return {"reason": gettext("Écrivez pourquoi, en quelques mots.")}


def _contested(*, is_aside: bool) -> str:
    if is_aside:
        return str(
            gettext("La ligne est contestée. Son montant est mis de côté jusqu’à la décision.")
        )
    return str(
        gettext(
            "La ligne est contestée. Ce mois est verrouillé : "
            "si elle tombe, elle sera reprise dans le mois en cours."
        )
    )
