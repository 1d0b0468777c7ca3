"""A month that really happened, under a rule that is to be voted: who would have got what.

Nothing is written. Roaming caps and refusals can not be replayed: visits that another rule would
have refused, or allowed, are not in the records.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn, cast

from babel.dates import format_date
from babel.numbers import format_currency
from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.month import simulate
from clearing.netting import Netting, Plan, make_plan
from clearing.period import first_day, last_day, parse_month
from clearing.sums import Totals
from clearing.valuation import Terms, terms_from_json, terms_to_json
from cowopass.errors import AgreementMissing, DataInvalid
from cowopass.networks.agreements import agreement_on, own_agreement, terms_of
from cowopass.networks.models import Agreement, Network
from cowopass.settlement.months import read_lines
from cowopass.settlement.service import get_network
from cowopass.spaces.models import Space

NETTINGS: tuple[Netting, ...] = ("bilateral", "multilateral")


class _Trial(NamedTuple):
    """What is tried: on the charges of which agreements, and with which netting."""

    agreements: list[str]
    terms: Terms
    netting: Netting
    carry_forward_below_cents: int


def simulate_month(
    session: Session, slug: str, month: str, changes: Mapping[str, Any], language: str = "fr"
) -> dict[str, Any]:
    """Return a month's positions as they are and as they would be, side by side.

    `changes` are any of an agreement's fields; the others stay as they were in force that month.
    They are tried on the visits inside the network, or between the `home` and `host` they name.
    Amounts are in cents; each participant has a `sentence` in the language (`fr` or `en`).

    Raises NetworkUnknown, MonthInvalid, TermsInvalid, DataInvalid, AgreementMissing.
    """
    network = get_network(session, slug)
    parse_month(month)
    trial = _read_trial(session, slug, month, changes)
    lines = read_lines(session, slug, month)
    result = simulate(lines, trial.terms, agreements=trial.agreements)
    own = own_agreement(session, slug, month)
    recorded = _plan(slug, month, result.recorded, own.netting, own.carry_forward_below_cents)
    simulated = _plan(slug, month, result.totals, trial.netting, trial.carry_forward_below_cents)
    return {
        "network": slug,
        "period": month,
        "revalued": result.revalued,
        "kept": result.kept,
        "now": _summary(result.recorded, recorded),
        "then": _summary(result.totals, simulated),
        "positions": _compare(session, network, month, (result.recorded, result.totals), language),
    }


def tell_difference(
    name: str, month: str, now_cents: int, then_cents: int, currency: str, language: str
) -> str:
    """Return what would have changed for a participant, as a sentence.

    >>> tell_difference("La Rubanerie", "2026-09", 9000, 4880, "EUR", "en")
    'With this rule, La Rubanerie would have received €41.20 less in September 2026.'
    """
    words = _SENTENCES[language if language == "en" else "fr"]
    what = _kind_of_change(now_cents, then_cents)
    facts = {
        "name": name,
        "month": format_date(first_day(month), "MMMM yyyy", locale=language),
        "difference": _money(abs(then_cents - now_cents), currency, language),
        "now": _money(abs(now_cents), currency, language),
        "then": _money(abs(then_cents), currency, language),
    }
    return words[what].format_map(facts)


def _kind_of_change(now_cents: int, then_cents: int) -> str:
    if now_cents == then_cents:
        return "same"
    if min(now_cents, then_cents) < 0 < max(now_cents, then_cents):
        return "now_pays" if then_cents < 0 else "now_receives"
    side = "receives" if max(now_cents, then_cents) > 0 else "pays"
    return f"{side}_{'more' if abs(then_cents) > abs(now_cents) else 'less'}"


_SENTENCES: dict[str, dict[str, str]] = {
    "en": {
        "same": "With this rule, nothing would have changed for {name} in {month}.",
        "receives_more": "With this rule, {name} would have received {difference} more in {month}.",
        "receives_less": "With this rule, {name} would have received {difference} less in {month}.",
        "pays_more": "With this rule, {name} would have paid {difference} more in {month}.",
        "pays_less": "With this rule, {name} would have paid {difference} less in {month}.",
        "now_pays": (
            "With this rule, {name} would have paid {then} in {month} instead of receiving {now}."
        ),
        "now_receives": (
            "With this rule, {name} would have received {then} in {month} instead of paying {now}."
        ),
    },
    "fr": {
        "same": "Avec cette règle, rien n’aurait changé pour {name} en {month}.",
        "receives_more": "Avec cette règle, {name} aurait reçu {difference} de plus en {month}.",
        "receives_less": "Avec cette règle, {name} aurait reçu {difference} de moins en {month}.",
        "pays_more": "Avec cette règle, {name} aurait payé {difference} de plus en {month}.",
        "pays_less": "Avec cette règle, {name} aurait payé {difference} de moins en {month}.",
        "now_pays": (
            "Avec cette règle, {name} aurait payé {then} en {month} au lieu de recevoir {now}."
        ),
        "now_receives": (
            "Avec cette règle, {name} aurait reçu {then} en {month} au lieu de payer {now}."
        ),
    },
}

_FUND_NAMES = {"en": "the network's fund", "fr": "la caisse du réseau"}


def _read_trial(session: Session, slug: str, month: str, changes: Mapping[str, Any]) -> _Trial:
    home, host = changes.get("home", slug), changes.get("host", slug)
    base = _in_force(session, home, host, month)
    own = own_agreement(session, slug, month)
    netting = changes.get("netting", own.netting)
    if netting not in NETTINGS:
        _refuse("netting", f"must be one of {', '.join(NETTINGS)}")
    carry = changes.get("carry_forward_below_cents", own.carry_forward_below_cents)
    if isinstance(carry, bool) or not isinstance(carry, int) or carry < 0:
        _refuse("carry_forward_below_cents", "must be a whole number of cents, 0 or more")
    versions = session.scalars(
        select(Agreement.id).where(Agreement.home == home, Agreement.host == host)
    )
    terms = terms_from_json({**terms_to_json(terms_of(base)), **changes})
    return _Trial(list(versions), terms, cast(Netting, netting), carry)


def _in_force(session: Session, home: str, host: str, month: str) -> Agreement:
    found = agreement_on(session, home, host, last_day(month))
    if found is None:
        raise AgreementMissing(home, host, month)
    return found


def _refuse(field: str, message: str) -> NoReturn:
    raise DataInvalid([{"path": f"agreement.{field}", "message": message}])


def _plan(slug: str, month: str, totals: Totals, netting: str, carry_below_cents: int) -> Plan:
    return make_plan(
        slug,
        month,
        totals,
        netting=cast(Netting, netting),
        carry_forward_below_cents=carry_below_cents,
    )


def _summary(totals: Totals, plan: Plan) -> dict[str, Any]:
    return {
        "gross_cents": totals.gross_cents,
        "fund_cents": totals.fund_cents,
        "charges": totals.charges,
        "transfers": len(plan.transfers),
        "moved_cents": sum(transfer.amount_cents for transfer in plan.transfers),
    }


def _compare(
    session: Session, network: Network, month: str, both: tuple[Totals, Totals], language: str
) -> list[dict[str, Any]]:
    now, then = (totals.positions for totals in both)
    names = _names(session, {*now, *then}, language)
    rows = []
    for participant in sorted({*now, *then}):
        now_cents, then_cents = now.get(participant, 0), then.get(participant, 0)
        rows.append(
            {
                "participant": participant,
                "name": names[participant],
                "now_cents": now_cents,
                "then_cents": then_cents,
                "difference_cents": then_cents - now_cents,
                "sentence": tell_difference(
                    names[participant], month, now_cents, then_cents, network.currency, language
                ),
            }
        )
    return rows


def _names(session: Session, slugs: set[str], language: str) -> dict[str, str]:
    """Return how people call the participants: spaces, other networks, the fund."""
    names = {slug: slug for slug in slugs} | {"fund": _FUND_NAMES[language]}
    for model in (Space, Network):
        rows = session.execute(select(model.slug, model.name).where(model.slug.in_(slugs)))
        names.update(rows.all())
    return names


def _money(cents: int, currency: str, language: str) -> str:
    """Return an amount as people read it in the language."""
    return format_currency(Decimal(cents) / 100, currency, locale=language)
