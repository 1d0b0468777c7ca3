"""Months that really happened, under a rule that is to be voted: who would have got what.

Nothing is written. Roaming caps and refusals can not be replayed: visits that another rule would
have refused, or allowed, are not in the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, NoReturn, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.netting import Netting, Plan, make_plan
from clearing.period import add_months, last_day, parse_month
from clearing.replay import Carries, Cost, Replay, Simulation
from clearing.sums import Totals
from clearing.valuation import Terms, terms_from_json, terms_to_json
from cowopass.errors import AgreementMissing, DataInvalid
from cowopass.ledger.models import Period, SettlementLine
from cowopass.ledger.rows import pseudonym
from cowopass.networks.agreements import agreement_on, own_agreement, terms_of
from cowopass.networks.models import Agreement, Network
from cowopass.passes.models import Pass
from cowopass.passes.models import Plan as PassPlan
from cowopass.settlement.months import read_leaving, read_lines
from cowopass.settlement.service import get_network
from cowopass.settlement.simulation_words import RuleName, Span, name_of, tell_difference
from cowopass.spaces.models import Space

NETTINGS: tuple[Netting, ...] = ("bilateral", "multilateral")

MOST_MONTHS = 24
"""So many months are replayed at most, so that an answer comes while someone waits for it."""

_FUND_NAMES = {"en": "the network's fund", "fr": "la caisse du réseau"}


class _Trial(NamedTuple):
    """What is tried in a month: on the charges of which agreements, and with which netting.

    `own` is the network's agreement with itself that is in force; `rule` is the name of the rule
    that is tried, None when it has none or is the one in force.
    """

    agreements: list[str]
    terms: Terms
    netting: Netting
    carry_forward_below_cents: int
    own: Agreement
    rule: RuleName | None


class _Replayed(NamedTuple):
    """A month on both sides, and how each side is settled."""

    month: str
    simulation: Simulation
    now: Plan
    then: Plan


def simulate_month(
    session: Session, slug: str, month: str, changes: Mapping[str, Any], language: str = "fr"
) -> dict[str, Any]:
    """Return a month as it is and as it would be. See `simulate_months`."""
    return simulate_months(session, slug, Span(month, month), changes, language)


def simulate_months(
    session: Session, slug: str, span: Span, changes: Mapping[str, Any], language: str = "fr"
) -> dict[str, Any]:
    """Return the positions of months as they are and as they would be, side by side.

    `changes` are any of an agreement's fields; the others stay as they were in force each month.
    They are tried on the visits inside the network, or between the `home` and `host` they name.
    Amounts are in cents; each participant has a `sentence` in the language (`fr` or `en`). Each
    side carries its own small amounts from month to month; a carry counts once in a position.

    Raises NetworkUnknown, MonthInvalid, TermsInvalid, DataInvalid, AgreementMissing.
    """
    network = get_network(session, slug)
    _check_span(span)
    trials = {month: _read_trial(session, slug, month, changes) for month in span.months()}
    replay = Replay(_answered(session, slug, span), _pass_kinds(session, slug, span))
    months = list(_replay(session, slug, trials, replay))
    both = tuple(_over(months, side) for side in ("recorded", "totals"))
    names = _names(session, {*both[0], *both[1]}, language)
    rules = {trial.rule for trial in trials.values()}
    rule = rules.pop() if len(rules) == 1 else None
    return {
        "network": slug,
        "period": span.first if span.first == span.last else None,
        "periods": span._asdict(),
        "rule": rule,
        "revalued": sum(each.simulation.revalued for each in months),
        "kept": sum(each.simulation.kept for each in months),
        "now": _sum_up(_summary(each.simulation.recorded, each.now) for each in months),
        "then": _sum_up(_summary(each.simulation.totals, each.then) for each in months),
        "positions": [
            {**row, **_tell(row, span, names, network.currency, language, rule)}
            for row in _compare(*both)
        ],
        "pass_kinds": [_cost(*key, cost) for key, cost in sorted(replay.costs.items())],
        "months": [_month(each) for each in months],
    }


def _check_span(span: Span) -> None:
    for month in span:
        parse_month(month)
    if span.last < span.first:
        _refuse("periods.last", f"comes before the first month, {span.first}")
    if span.last >= add_months(span.first, MOST_MONTHS):
        _refuse("periods", f"has more than {MOST_MONTHS} months")


def _replay(
    session: Session, slug: str, trials: Mapping[str, _Trial], replay: Replay
) -> Iterable[_Replayed]:
    """Replay months in order; each side hands what it carries to its next month."""
    carries = None
    for month, trial in trials.items():
        lines = read_lines(session, slug, month)
        simulation = replay.month(lines, trial.terms, agreements=trial.agreements, carries=carries)
        leaving = frozenset(read_leaving(session, slug, month))
        now = make_plan(
            slug,
            month,
            simulation.recorded,
            netting=cast(Netting, trial.own.netting),
            carry_forward_below_cents=trial.own.carry_forward_below_cents,
            leaving=leaving,
        )
        then = make_plan(
            slug,
            month,
            simulation.totals,
            netting=trial.netting,
            carry_forward_below_cents=trial.carry_forward_below_cents,
            leaving=leaving,
        )
        carries = Carries(now.carried, then.carried)
        yield _Replayed(month, simulation, now, then)


def _read_trial(session: Session, slug: str, month: str, changes: Mapping[str, Any]) -> _Trial:
    home, host = changes.get("home", slug), changes.get("host", slug)
    base = terms_of(_in_force(session, home, host, month))
    own = own_agreement(session, slug, month)
    netting = changes.get("netting", own.netting)
    if netting not in NETTINGS:
        _refuse("agreement.netting", f"must be one of {', '.join(NETTINGS)}")
    carry = changes.get("carry_forward_below_cents", own.carry_forward_below_cents)
    if isinstance(carry, bool) or not isinstance(carry, int) or carry < 0:
        _refuse("agreement.carry_forward_below_cents", "must be a whole number of cents, 0 or more")
    versions = session.scalars(
        select(Agreement.id).where(Agreement.home == home, Agreement.host == host)
    )
    terms = terms_from_json({**terms_to_json(base), **changes})
    rule = name_of(terms.rule)
    is_new = rule != name_of(base.rule)
    return _Trial(
        list(versions), terms, cast(Netting, netting), carry, own, rule if is_new else None
    )


def _in_force(session: Session, home: str, host: str, month: str) -> Agreement:
    found = agreement_on(session, home, host, last_day(month))
    if found is None:
        raise AgreementMissing(home, host, month)
    return found


def _refuse(path: str, message: str) -> NoReturn:
    raise DataInvalid([{"path": path, "message": message}])


def _answered(session: Session, slug: str, span: Span) -> set[str]:
    """Return the ids of the lines that lines of these months answer."""
    found = session.scalars(
        select(SettlementLine.reverses).where(
            SettlementLine.network == slug,
            SettlementLine.period.between(*span),
            SettlementLine.reverses.is_not(None),
        )
    )
    return {line for line in found if line is not None}


def _pass_kinds(session: Session, slug: str, span: Span) -> dict[str, str]:
    """Return the kind of pass behind each pseudonym of these months.

    Pseudonyms can be told as long as their month has its key: the purge destroys it.
    """
    keys = session.scalars(
        select(Period.pseudonym_key).where(
            Period.network == slug, Period.month.between(*span), Period.pseudonym_key.is_not(None)
        )
    ).all()
    passes = session.execute(
        select(Pass.id, PassPlan.kind).join(PassPlan).where(Pass.network == slug)
    ).all()
    return {pseudonym(key, pass_id): kind for key in keys if key for pass_id, kind in passes}


def _over(months: list[_Replayed], side: str) -> dict[str, int]:
    """Return the positions of months together: what was carried between them counts once."""
    positions: dict[str, int] = {}
    for place, each in enumerate(months):
        totals: Totals = getattr(each.simulation, side)
        for participant, cents in totals.positions.items():
            carried_in_cents = totals.carried_in_cents.get(participant, 0) if place else 0
            positions[participant] = positions.get(participant, 0) + cents - carried_in_cents
    return positions


def _compare(now: Mapping[str, int], then: Mapping[str, int]) -> Iterable[dict[str, Any]]:
    for participant in sorted({*now, *then}):
        now_cents, then_cents = now.get(participant, 0), then.get(participant, 0)
        yield {
            "participant": participant,
            "now_cents": now_cents,
            "then_cents": then_cents,
            "difference_cents": then_cents - now_cents,
        }


def _tell(
    row: Mapping[str, Any],
    span: Span,
    names: Mapping[str, str],
    currency: str,
    language: str,
    rule: RuleName | None,
) -> dict[str, str]:
    name, both = names[row["participant"]], (row["now_cents"], row["then_cents"])
    return {
        "name": name,
        "sentence": tell_difference(
            name, span.first, *both, currency, language, until=span.last, rule=rule
        ),
    }


def _month(each: _Replayed) -> dict[str, Any]:
    return {
        "period": each.month,
        "now": _summary(each.simulation.recorded, each.now),
        "then": _summary(each.simulation.totals, each.then),
        "positions": list(
            _compare(each.simulation.recorded.positions, each.simulation.totals.positions)
        ),
    }


def _cost(home: str, kind: str, cost: Cost) -> dict[str, Any]:
    return {
        "home": home,
        "kind": kind,
        **cost._asdict(),
        "difference_cents": cost.then_cents - cost.now_cents,
    }


def _summary(totals: Totals, plan: Plan) -> dict[str, int]:
    return {
        "gross_cents": totals.gross_cents,
        "fund_cents": totals.fund_cents,
        "charges": totals.charges,
        "transfers": len(plan.transfers),
        "moved_cents": sum(transfer.amount_cents for transfer in plan.transfers),
    }


def _sum_up(summaries: Iterable[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for summary in summaries:
        for name, figure in summary.items():
            total[name] = total.get(name, 0) + figure
    return total


def _names(session: Session, slugs: set[str], language: str) -> dict[str, str]:
    """Return how people call the participants: spaces, other networks, the fund."""
    names = {slug: slug for slug in slugs} | {"fund": _FUND_NAMES[language]}
    for model in (Space, Network):
        rows = session.execute(select(model.slug, model.name).where(model.slug.in_(slugs)))
        names.update(rows.all())
    return names
