"""A trial of a rule on a network's months, as its page shows it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import current_app
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from cowopass.errors import AgreementMissing
from cowopass.language import spoken_language
from cowopass.networks.agreements import own_agreement
from cowopass.networks.models import Agreement
from cowopass.settlement.service import list_months
from cowopass.settlement.simulation import MOST_MONTHS, simulate_months
from cowopass.settlement.simulation_words import Span
from cowopass.web.formats import month_name
from cowopass.whatif.rule_form import RuleForm, preset_queries, read_rule

HALF_BAR = 96
"""The length of the longest bar on either side of zero, in the units of its drawing."""

_OPEN = frozenset({"open"})


class Bar(NamedTuple):
    """A position as a bar from zero, which stands at 100, to the left or to the right."""

    x: float
    width: float


class Row(NamedTuple):
    """A participant's position on both sides, in cents, drawn and told in a sentence."""

    participant: str
    name: str
    now_cents: int
    then_cents: int
    difference_cents: int
    sentence: str
    now: Bar
    then: Bar


class Trial(NamedTuple):
    """What the page of a trial shows. Without an agreement in force there is nothing to try.

    `rows` go from who wins most to who loses most. `document` is None until a rule can be read.
    """

    months: list[str]
    span: Span
    in_force: Agreement | None
    form: RuleForm | None
    error: str
    document: dict[str, Any] | None
    rows: list[Row]

    @property
    def winners(self) -> list[Row]:
        """The participants for whom the rule is better, who wins most first."""
        return [row for row in self.rows if row.difference_cents > 0]

    @property
    def losers(self) -> list[Row]:
        """The participants for whom the rule is worse, who loses most first."""
        return [row for row in self.rows[::-1] if row.difference_cents < 0]

    @property
    def presets(self) -> list[tuple[str, str]]:
        """The rules that have a name, each with the query that tries it instead."""
        return preset_queries(self.form.typed if self.form else {}, self.span)

    def of(self, participant: str) -> Row | None:
        """Return the row of a participant; None if it has no line in these months."""
        return next((row for row in self.rows if row.participant == participant), None)


def try_rule(session: Session, network: str, asked: Mapping[str, str]) -> Trial:
    """Return what an address asks to try: `first` and `last` are months, the rest is the rule.

    Without months it is the last one that is over and has lines. Nothing is written.
    """
    months = list_months(session, network)
    names = [each["period"] for each in months]
    span = _span(asked, months)
    in_force = _agreement(session, network, span.last)
    if in_force is None:
        return Trial(names, span, None, None, "", None, [])
    form = read_rule(asked, in_force)
    error = _error(span)
    if error or form.errors:
        return Trial(names, span, in_force, form, error, None, [])
    try:
        document = simulate_months(session, network, span, form.changes, spoken_language())
    except AgreementMissing as missing:
        error = gettext(
            "Aucune convention n’était en vigueur en %(month)s.", month=month_name(missing.month)
        )
        return Trial(names, span, in_force, form, error, None, [])
    return Trial(names, span, in_force, form, "", document, rows_of(document["positions"]))


def rows_of(positions: list[dict[str, Any]]) -> list[Row]:
    """Return positions drawn on one scale, from who wins most to who loses most."""
    largest = max(
        (abs(row[side]) for row in positions for side in ("now_cents", "then_cents")), default=0
    )
    rows = [
        Row(**row, now=_bar(row["now_cents"], largest), then=_bar(row["then_cents"], largest))
        for row in positions
    ]
    return sorted(rows, key=lambda row: (-row.difference_cents, row.participant))


def proposal_address(votes: str, changes: Mapping[str, Any]) -> str | None:
    """Return where these changes are put to the vote, None where nothing can be put to the vote.

    `votes` is the address of the votes of a network or of a space.
    """
    address = f"{votes}/new"
    try:
        current_app.url_map.bind("").match(address, "GET")
    except HTTPException:
        return None
    agreement = json.dumps(changes, separators=(",", ":"))
    return f"{address}?{urlencode({'agreement': agreement})}"


def kind_names() -> dict[str, str]:
    """Return what the kinds of passes are called."""
    return {
        "unlimited": gettext("Illimité, par mois"),
        "quota": gettext("Forfait par mois"),
        "book": gettext("Carnet"),
        "single": gettext("À l’unité"),
        "golden": gettext("Ticket d’or"),
        "unknown": gettext("Inconnue : noms effacés"),
    }


def _bar(cents: int, largest: int) -> Bar:
    width = round(HALF_BAR * abs(cents) / (largest or 1), 2)
    return Bar(100 if cents >= 0 else round(100 - width, 2), width)


def _span(asked: Mapping[str, str], months: list[dict[str, Any]]) -> Span:
    """Return the months asked for, as far as the network has them."""
    known = {each["period"] for each in months}
    usual = next(
        (each["period"] for each in months if each["lines"] and each["state"] not in _OPEN),
        months[0]["period"],
    )
    last = asked.get("last", "")
    last = last if last in known else usual
    first = asked.get("first", "")
    return Span(first if first in known else last, last)


def _error(span: Span) -> str:
    if span.last < span.first:
        return str(gettext("Le dernier mois vient avant le premier."))
    if len(list(span.months())) > MOST_MONTHS:
        return str(gettext("Choisissez %(most)s mois au plus.", most=MOST_MONTHS))
    return ""


def _agreement(session: Session, network: str, month: str) -> Agreement | None:
    try:
        return own_agreement(session, network, month)
    except AgreementMissing:
        return None
