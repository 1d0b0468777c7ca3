"""Our plans: what is on sale, changed by a next version, taken off sale."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from cowopass.host.frame import desk_of
from cowopass.host.offer import (
    BLANK,
    TEXTS,
    PlanRefused,
    latest_version,
    list_offer,
    set_offered,
    typed_of,
    write_plan,
)
from cowopass.transaction import transaction

blueprint = Blueprint("host_plans", __name__, url_prefix="/desk/<slug>/plans")


@blueprint.get("")
def show_plans(slug: str) -> str:
    """Show what the space sells and sold, with how many passes of each version hold."""
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        return render_template(
            "host/plans.html", desk=desk, tab="space", plans=list_offer(session, desk)
        )


@blueprint.get("/new")
def show_new(slug: str) -> str:
    """Show the form of a new plan."""
    return _render(slug, "", BLANK, {})


@blueprint.post("/new")
def add_plan(slug: str) -> Response | tuple[str, int]:
    """Put a new plan on sale."""
    return _write(slug, "")


@blueprint.get("/<code>")
def show_plan(slug: str, code: str) -> str:
    """Show the form of a plan, as its latest version is."""
    with transaction(read_only=True) as session:
        plan = latest_version(session, desk_of(session, slug), code)
        if plan is None:
            raise NotFound
    return _render(slug, code, typed_of(plan), {})


@blueprint.post("/<code>")
def change_plan(slug: str, code: str) -> Response | tuple[str, int]:
    """Put the next version of a plan on sale; passes already sold keep theirs."""
    return _write(slug, code)


@blueprint.post("/<code>/stop")
def stop_selling(slug: str, code: str) -> Response:
    """Take a plan off sale."""
    return _offer(slug, code, is_offered=False)


@blueprint.post("/<code>/resume")
def resume_selling(slug: str, code: str) -> Response:
    """Put a plan on sale again, as it was."""
    return _offer(slug, code, is_offered=True)


def _offer(slug: str, code: str, *, is_offered: bool) -> Response:
    with transaction() as session:
        set_offered(session, desk_of(session, slug), code, is_offered=is_offered)
    flash(
        gettext("Cette formule est en vente.")
        if is_offered
        else gettext("Cette formule n’est plus en vente. Les pass vendus restent bons."),
        "done",
    )
    return redirect(url_for(".show_plans", slug=slug), 303)


def _write(slug: str, code: str) -> Response | tuple[str, int]:
    typed = {name: request.form.get(name, "").strip() for name in (*TEXTS, "roaming")}
    try:
        with transaction() as session:
            desk = desk_of(session, slug)
            if code and latest_version(session, desk, code) is None:
                raise NotFound
            write_plan(session, desk, typed, code)
    except PlanRefused as refused:
        return _render(slug, code, typed, refused.errors), 422
    flash(gettext("Cette formule est en vente."), "done")
    return redirect(url_for(".show_plans", slug=slug), 303)


def _render(slug: str, code: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    with transaction(read_only=True) as session:
        desk = desk_of(session, slug)
        return render_template(
            "host/plan.html", desk=desk, tab="space", code=code, typed=typed, errors=errors
        )
