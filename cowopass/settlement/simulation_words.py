"""What a rule would have changed, in the sentence that a space wants to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from babel.dates import format_date
from babel.numbers import format_currency

from clearing.period import first_day, next_month
from clearing.valuation import Rule

RuleName = Literal["host_price", "midpoint", "pass_value", "free"]

NAMED_RULES: Mapping[RuleName, Mapping[str, Any]] = {
    "host_price": {"kind": "difference_share", "share_bps": 10_000, "cap_at_host_price": True},
    "midpoint": {"kind": "difference_share", "share_bps": 5_000, "cap_at_host_price": True},
    "pass_value": {"kind": "difference_share", "share_bps": 0, "cap_at_host_price": True},
    "free": {"kind": "flat", "amounts_cents": {"day": 0, "half_day": 0, "hour": 0}},
}
"""The rules that spaces have a name for, as an agreement's `rule`."""

_NAMES_BY_SHARE: Mapping[int, RuleName] = {0: "pass_value", 5_000: "midpoint", 10_000: "host_price"}

_ARTICLE = re.compile(r"(?:L[ea]s? |L[’'])")


class Span(NamedTuple):
    """Months (YYYY-MM) from `first` to `last`, both among them."""

    first: str
    last: str

    def months(self) -> Iterator[str]:
        """Yield the months in order."""
        month = self.first
        while month <= self.last:
            yield month
            month = next_month(month)


def name_of(rule: Rule) -> RuleName | None:
    """Return the name that spaces have for a rule, None when it has none.

    >>> name_of(Rule("difference_share", share_bps=5000))
    'midpoint'
    """
    if rule.kind == "flat":
        return None if any((rule.amounts_cents or {}).values()) else "free"
    return _NAMES_BY_SHARE.get(rule.share_bps)


def tell_difference(  # noqa: PLR0913  (the facts of one sentence)
    name: str,
    month: str,
    now_cents: int,
    then_cents: int,
    currency: str,
    language: str,
    *,
    until: str | None = None,
    rule: RuleName | None = None,
) -> str:
    """Return what would have changed for a participant, as a sentence.

    It is about a month, or the months `until` another one; `rule` is named where it has a name.

    >>> tell_difference("La Rubanerie", "2026-09", 9000, 4880, "EUR", "en")
    'With this rule, La Rubanerie would have received €41.20 less in September 2026.'
    """
    spoken = language if language == "en" else "fr"
    what = _kind_of_change(now_cents, then_cents)
    facts = {
        "rule": _RULES[spoken][rule],
        "name": name if spoken == "en" else _within_a_sentence(name),
        "when": _when(Span(month, until or month), spoken),
        "difference": _money(abs(then_cents - now_cents), currency, spoken),
        "now": _money(abs(now_cents), currency, spoken),
        "then": _money(abs(then_cents), currency, spoken),
    }
    return _SENTENCES[spoken][what].format_map(facts)


def _kind_of_change(now_cents: int, then_cents: int) -> str:
    if now_cents == then_cents:
        return "same"
    if min(now_cents, then_cents) < 0 < max(now_cents, then_cents):
        return "now_pays" if then_cents < 0 else "now_receives"
    side = "receives" if max(now_cents, then_cents) > 0 else "pays"
    return f"{side}_{'more' if abs(then_cents) > abs(now_cents) else 'less'}"


def _within_a_sentence(name: str) -> str:
    """Write the article of a French name small, as it is said: `le Comptoir`."""
    return name[0].lower() + name[1:] if _ARTICLE.match(name) else name


def _when(span: Span, language: str) -> str:
    first, last = first_day(span.first), first_day(span.last)
    until = format_date(last, "MMMM yyyy", locale=language)
    if first == last:
        return {"en": f"in {until}", "fr": f"en {until}"}[language]
    since = format_date(first, "MMMM" if first.year == last.year else "MMMM yyyy", locale=language)
    de = "d’" if since[0] in "ao" else "de "
    return {"en": f"from {since} to {until}", "fr": f"{de}{since} à {until}"}[language]


def _money(cents: int, currency: str, language: str) -> str:
    """Return an amount as people read it in the language."""
    return format_currency(Decimal(cents) / 100, currency, locale=language)


_RULES: dict[str, dict[RuleName | None, str]] = {
    "en": {
        None: "With this rule",
        "host_price": "With the host price rule",
        "midpoint": "With the midpoint rule",
        "pass_value": "With the rule of what the pass brought in",
        "free": "With free reciprocity",
    },
    "fr": {
        None: "Avec cette règle",
        "host_price": "Avec la règle du tarif d’accueil",
        "midpoint": "Avec la règle du point milieu",
        "pass_value": "Avec la règle de ce que le pass a rapporté",
        "free": "Avec la réciprocité gratuite",
    },
}

_SENTENCES: dict[str, dict[str, str]] = {
    "en": {
        "same": "{rule}, nothing would have changed for {name} {when}.",
        "receives_more": "{rule}, {name} would have received {difference} more {when}.",
        "receives_less": "{rule}, {name} would have received {difference} less {when}.",
        "pays_more": "{rule}, {name} would have paid {difference} more {when}.",
        "pays_less": "{rule}, {name} would have paid {difference} less {when}.",
        "now_pays": "{rule}, {name} would have paid {then} {when} instead of receiving {now}.",
        "now_receives": "{rule}, {name} would have received {then} {when} instead of paying {now}.",
    },
    "fr": {
        "same": "{rule}, rien n’aurait changé pour {name} {when}.",
        "receives_more": "{rule}, {name} aurait reçu {difference} de plus {when}.",
        "receives_less": "{rule}, {name} aurait reçu {difference} de moins {when}.",
        "pays_more": "{rule}, {name} aurait payé {difference} de plus {when}.",
        "pays_less": "{rule}, {name} aurait payé {difference} de moins {when}.",
        "now_pays": "{rule}, {name} aurait payé {then} {when} au lieu de recevoir {now}.",
        "now_receives": "{rule}, {name} aurait reçu {then} {when} au lieu de payer {now}.",
    },
}
