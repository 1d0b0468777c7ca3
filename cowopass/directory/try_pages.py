"""What a network's rule would bring to a space that has not joined. Open to anyone."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, render_template, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from clearing.estimate import Estimate, estimate
from clearing.period import month_of
from clearing.valuation import Terms, terms_from_json, terms_to_json
from cowopass import clock
from cowopass.directory.places import list_members
from cowopass.errors import AgreementMissing, NetworkUnknown
from cowopass.networks.agreements import own_agreement, terms_of
from cowopass.networks.models import Network
from cowopass.settlement.simulation_words import NAMED_RULES
from cowopass.transaction import transaction
from cowopass.whatif.averages import averages_of
from cowopass.whatif.guess import KINDS, Guess, read_guess
from cowopass.whatif.rule_form import rule_names
from cowopass.whatif.trial import kind_names

blueprint = Blueprint("try_rules", __name__, url_prefix="/rules/<slug>/try")


class Side(NamedTuple):
    """A rule, and what a month comes to under it."""

    name: str
    estimate: Estimate


@blueprint.get("")
def show(slug: str) -> str:
    """Ask for prices and a guess of visits, and show the month they make under several rules."""
    with transaction(read_only=True) as session:
        networks = {one.network.slug: one for one in list_members(session)}
        if slug not in networks:
            raise NetworkUnknown(slug)
        network, spaces = networks[slug].network, networks[slug].spaces
        today = clock.today(network.timezone)
        averages = averages_of(session, slug, today)
        guess = read_guess(request.args, averages)
        terms = _in_force(session, network)
        return render_template(
            "directory/try.html",
            network=network,
            spaces=spaces,
            averages=averages,
            guess=guess,
            kinds={kind: kind_names()[kind] for kind in KINDS},
            terms=terms,
            sides=_sides(terms, guess) if terms and guess.received + guess.sent else [],
        )


def _in_force(session: Session, network: Network) -> Terms | None:
    month = month_of(clock.today(network.timezone))
    try:
        return terms_of(own_agreement(session, network.slug, month))
    except AgreementMissing:
        return None


def _sides(terms: Terms, guess: Guess) -> list[Side]:
    """Return the month under the rule in force, then under those that have a name."""
    rules = {gettext("La règle en vigueur"): terms}
    for name, words in rule_names().items():
        tried = terms_from_json({**terms_to_json(terms), "rule": NAMED_RULES[name]})
        if tried.rule != terms.rule:
            rules[words] = tried
    return [Side(name, estimate(rule, guess.received, guess.sent)) for name, rule in rules.items()]
