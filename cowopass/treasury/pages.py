"""What a treasurer reads: her networks, a month, its lines, the months before."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from clearing.period import parse_month
from cowopass.documents.payment_codes import show_iban
from cowopass.transaction import transaction
from cowopass.treasury.bank import sources_of
from cowopass.treasury.bills import list_papers, list_payers
from cowopass.treasury.frame import networks_of, treasury_of
from cowopass.treasury.history import view_history
from cowopass.treasury.lines import Filters, find_lines
from cowopass.treasury.month import month_at_hand, view_month
from cowopass.treasury.stages import stage_name
from cowopass.treasury.statement import view_statement
from cowopass.web.cursors import cursor_asked

blueprint = Blueprint("treasury", __name__, url_prefix="/treasury")
blueprint.add_app_template_filter(stage_name)
blueprint.add_app_template_filter(show_iban)


@blueprint.get("")
def choose_network() -> str | Response:
    """Show whose treasurer she is; with one network, go there."""
    with transaction(read_only=True) as session:
        networks = networks_of(session)
    if len(networks) == 1:
        return redirect(url_for("treasury.show_network", network=networks[0].slug), 303)
    return render_template("treasury/networks.html", networks=networks)


@blueprint.get("/<network>")
def show_network(network: str) -> Response:
    """Go to the month that needs an act, else to the running one."""
    with transaction(read_only=True) as session:
        treasury_of(session, network)
        month = month_at_hand(session, network)
    return redirect(url_for("treasury.show_month", network=network, month=month), 303)


@blueprint.get("/<network>/<month>")
def show_month(network: str, month: str) -> str:
    """Show a month on one screen."""
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network)
        view = view_month(session, treasury, month)
        papers = list_papers(session, treasury, month, view.facts["transfers"])
        payments = [payment.id for paper in papers for payment in paper.payments]
        return render_template(
            "treasury/month.html",
            treasury=treasury,
            month=month,
            view=view,
            papers=papers,
            sources=sources_of(session, treasury, payments),
            payers=list_payers(treasury, view.facts["transfers"]),
        )


@blueprint.get("/<network>/<month>/lines")
def show_lines(network: str, month: str) -> str:
    """Show the lines behind a figure, with their sum."""
    filters = _read_filters()
    after = cursor_asked("after") or 0
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network)
        page = find_lines(session, network, parse_month(month), filters, after)
        return render_template(
            "treasury/lines.html",
            treasury=treasury,
            month=month,
            filters=filters,
            asked=_asked(filters),
            page=page,
        )


@blueprint.get("/<network>/<month>/statements/<space>")
def show_statement(network: str, month: str, space: str) -> str:
    """Show a space's statement, to the treasurer and to the space's own host."""
    after = cursor_asked("after") or 0
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network, statement_of=space)
        statement = view_statement(session, network, month, space)
        page = find_lines(session, network, month, Filters(participant=space), after)
        return render_template(
            "treasury/statement.html",
            treasury=treasury,
            month=month,
            space=space,
            statement=statement,
            page=page,
        )


@blueprint.get("/<network>/<month>/lock")
def confirm_lock(network: str, month: str) -> str:
    """Say what locking does, and ask once more."""
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network)
        view = view_month(session, treasury, month)
        return render_template("treasury/lock.html", treasury=treasury, month=month, view=view)


@blueprint.get("/<network>/months")
def show_months(network: str) -> str:
    """Show the months of a network, the latest first, with the trend."""
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network)
        history = view_history(session, network)
        return render_template("treasury/months.html", treasury=treasury, history=history)


def _read_filters() -> Filters:
    asked = request.args
    return Filters(
        participant=asked.get("participant", ""),
        debtor=asked.get("debtor", ""),
        creditor=asked.get("creditor", ""),
        kind=asked.get("kind", ""),
        late=bool(asked.get("late")),
        visits=tuple(asked.getlist("visit")),
    )


def _asked(filters: Filters) -> dict[str, Any]:
    """Return the filters as the query of an address."""
    asked: dict[str, Any] = {**filters._asdict(), "late": "1" if filters.late else ""}
    asked["visit"] = list(asked.pop("visits"))
    return {name: value for name, value in asked.items() if value}
