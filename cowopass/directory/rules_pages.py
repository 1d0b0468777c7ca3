"""What the networks voted, in plain words. Open to anyone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from clearing.period import month_of
from cowopass import clock
from cowopass.directory.articles import Article, articles_of
from cowopass.directory.example import Example, example_of
from cowopass.directory.places import Members, list_members
from cowopass.directory.words import share_in_words
from cowopass.errors import NetworkUnknown
from cowopass.networks.models import Agreement, Network
from cowopass.passes.models import Plan
from cowopass.transaction import transaction
from cowopass.voting.charters import charter_on
from cowopass.voting.service import list_proposals
from cowopass.voting.viewing import view_proposal
from cowopass.voting.words import charter_words

blueprint = Blueprint("rules", __name__, url_prefix="/rules")
blueprint.add_app_template_filter(share_in_words, "share_in_words")


COUNTED = ("passed", "failed")
"""The states of a proposal whose votes are open to anyone."""


class Told(NamedTuple):
    """A version of an agreement, told. `month` (YYYY-MM) is its first, `until` its last if over."""

    agreement: Agreement
    home: Network
    host: Network
    month: str
    state: str
    articles: list[Article]
    example: Example | None


@blueprint.get("")
def index() -> str | Response:
    """List the networks; where there is one alone, show its rules."""
    with transaction(read_only=True) as session:
        networks = session.scalars(select(Network).order_by(Network.created_at)).all()
    if len(networks) == 1:
        return redirect(url_for("rules.show", slug=networks[0].slug))
    return render_template("directory/rules_index.html", networks=networks)


@blueprint.get("/<slug>")
def show(slug: str) -> str:
    """Show the agreements of a network: those in force with an example, past and future ones."""
    with transaction(read_only=True) as session:
        networks = {one.network.slug: one for one in list_members(session)}
        if slug not in networks:
            raise NetworkUnknown(slug)
        told = _tell_all(session, slug, networks)
        counted = [one for one in list_proposals(session, slug) if one.state in COUNTED]
        votes = [view_proposal(session, one, None, ()) for one in counted]
        today = clock.today(networks[slug].network.timezone)
        charter = charter_words(charter_on(session, slug, today)._asdict())
    return render_template(
        "directory/rules.html",
        network=networks[slug].network,
        spaces=networks[slug].spaces,
        in_force=[one for one in told if one.state == "in_force"],
        others=[one for one in told if one.state != "in_force"],
        votes=votes,
        charter=charter,
    )


def _tell_all(session: Session, slug: str, networks: dict[str, Members]) -> list[Told]:
    """Return every version, the network's own rules first, then those with others; latest first."""
    versions = session.scalars(
        select(Agreement)
        .where((Agreement.home == slug) | (Agreement.host == slug))
        .order_by(Agreement.effective_from.desc(), Agreement.id)
    ).all()
    today = clock.today(networks[slug].network.timezone)
    begun = [one for one in versions if one.effective_from <= today]
    in_force = {(one.home, one.host): one for one in reversed(begun)}
    plans = session.scalars(select(Plan).where(Plan.is_offered).order_by(Plan.id)).all()
    told = []
    for version in sorted(versions, key=lambda one: one.home != one.host):
        if in_force.get((version.home, version.host)) is version:
            state = "in_force"
        else:
            state = "past" if version.effective_from <= today else "future"
        told.append(_tell(version, state, networks, plans, today))
    return told


def _tell(
    version: Agreement, state: str, networks: dict[str, Members], plans: Sequence[Plan], today: date
) -> Told:
    home, host = networks[version.home], networks[version.host]
    return Told(
        version,
        home.network,
        host.network,
        month_of(version.effective_from),
        state,
        articles_of(version, host.network.currency),
        example_of(version, home.spaces, host.spaces, plans, today)
        if state == "in_force"
        else None,
    )
