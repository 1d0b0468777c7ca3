"""Loading, and locking, what a batch of reported visits is decided with, in a few statements."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clearing.line import Unit
from clearing.period import first_day, last_day, month_of
from cowopass.desk.batch import Batch, Known, PassState, SpaceState
from cowopass.desk.facts import AgreementFacts, PastVisit
from cowopass.desk.models import CheckIn
from cowopass.desk.visits_file import ImportedVisit
from cowopass.ledger.periods import forgotten_until
from cowopass.networks.agreements import terms_of
from cowopass.networks.models import Agreement
from cowopass.passes.models import Pass, PassUsage, Plan
from cowopass.spaces.membership import Standing
from cowopass.spaces.models import Price, Space
from wallet.plan import PlanTerms


def load_batch(
    session: Session, network: str, visits: list[ImportedVisit], days: list[date]
) -> Batch:
    """Load, and lock, what visits to spaces of a network on these local days need."""
    agreements = _load_agreements(session, network)
    batch = Batch(
        passes=_load_passes(session, visits),
        spaces=_load_spaces(session, network),
        agreements=agreements,
        known=_load_known(session, [visit.id for visit in visits]),
        has_caps=_has_caps(agreements),
    )
    by_id = {state.id: state for state in batch.passes.values()}
    if by_id:
        _load_usages(session, by_id)
        _load_visits(session, batch, by_id, days)
    return batch


def _load_passes(session: Session, visits: list[ImportedVisit]) -> dict[tuple[str, str], PassState]:
    wanted = {(visit.home, visit.reference) for visit in visits}
    homes, references = {home for home, _ in wanted}, {reference for _, reference in wanted}
    rows = session.execute(
        select(*_PASS_COLUMNS)
        .join(Plan, Plan.id == Pass.plan_id)
        .join(Space, Space.slug == Pass.home)
        .where(Pass.home.in_(homes), Pass.reference.in_(references))
        .order_by(Pass.id)
        .with_for_update(of=Pass)
    )
    return {(row.home, row.reference): _pass_state(row) for row in rows.all()}


_PASS_COLUMNS = (
    Pass.id,
    Pass.network,
    Pass.home,
    Pass.reference,
    Pass.state,
    Pass.starts_on,
    Pass.ends_on,
    Pass.price_paid_cents,
    Space.joins_on,
    Space.leaves_on,
    Space.suspended_on,
    Space.reinstated_on,
    Space.sold_days,
    Plan.kind,
    Plan.unit,
    Plan.units,
    Plan.validity_months,
    Plan.golden_tickets,
    Plan.notional_units,
    Plan.roaming,
)


def _pass_state(row: Any) -> PassState:  # noqa: ANN401 (a row of many columns)
    return PassState(
        id=row.id,
        network=row.network,
        home=row.home,
        state=row.state,
        plan=PlanTerms(
            row.kind,
            row.unit,
            row.units,
            row.validity_months,
            row.golden_tickets,
            row.notional_units,
            row.roaming,
        ),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        price_cents=row.price_paid_cents,
        home_standing=Standing(
            row.joins_on, row.leaves_on, row.suspended_on, row.reinstated_on, row.sold_days
        ),
    )


def _load_usages(session: Session, passes: dict[str, PassState]) -> None:
    rows = session.execute(
        select(
            PassUsage.pass_id,
            PassUsage.bucket,
            PassUsage.units_used,
            PassUsage.golden_used,
            PassUsage.value_given_cents,
        ).where(PassUsage.pass_id.in_(passes))
    )
    for pass_id, name, units, golden, value in rows:
        passes[pass_id].usages[name] = (units, golden, value)


def _has_caps(agreements: dict[str, list[tuple[date, AgreementFacts]]]) -> bool:
    """Say whether any agreement bounds what a pass may do, or cost, in a month."""
    return any(
        facts.roaming_days_per_month is not None or facts.terms.liability_cap_bps is not None
        for versions in agreements.values()
        for _, facts in versions
    )


def _load_visits(
    session: Session, batch: Batch, passes: dict[str, PassState], days: list[date]
) -> None:
    """Load the accepted visits of the passes that matter to visits of these local days."""
    earliest, latest = min(days), max(days)
    if batch.has_caps:
        earliest, latest = first_day(month_of(earliest)), last_day(month_of(latest))
    rows = session.execute(
        select(
            CheckIn.pass_id,
            CheckIn.space,
            CheckIn.on,
            CheckIn.home,
            CheckIn.kind,
            CheckIn.reentry,
            func.coalesce(CheckIn.charge_cents, 0),
        ).where(
            CheckIn.pass_id.in_(passes),
            CheckIn.on >= earliest,
            CheckIn.on <= latest,
            CheckIn.state == "accepted",
        )
    )
    for row in rows:
        # A visit that was accepted has a pass, a space and a day.
        pass_id, space, on, home, kind, reentry, charge = cast("_VisitRow", tuple(row))
        past = PastVisit(space, on, space != home, kind == "golden", reentry, charge)
        passes[pass_id].visits.setdefault(batch.window(on), []).append(past)


_VisitRow = tuple[str, str, date, str, str, bool, int]


def _load_spaces(session: Session, network: str) -> dict[str, SpaceState]:
    rows = session.execute(
        select(Space.slug, Space.network, Space.joins_on, Space.leaves_on).where(
            Space.network == network
        )
    )
    forgotten = forgotten_until(session, network)
    spaces = {row.slug: SpaceState(*row, forgotten) for row in rows}
    prices = session.execute(
        select(Price.space, Price.unit, Price.effective_from, Price.amount_cents)
        .where(Price.space.in_(spaces))
        .order_by(Price.effective_from.desc())
    )
    for space, unit, start, amount in prices:
        spaces[space].prices.setdefault(cast(Unit, unit), []).append((start, amount))
    return spaces


def _load_agreements(
    session: Session, network: str
) -> dict[str, list[tuple[date, AgreementFacts]]]:
    rows = session.scalars(
        select(Agreement).where(Agreement.host == network).order_by(Agreement.effective_from.desc())
    )
    found: dict[str, list[tuple[date, AgreementFacts]]] = {}
    for row in rows:
        facts = AgreementFacts(
            row.id, terms_of(row), row.roaming_days_per_month, row.offline_paper_per_day
        )
        found.setdefault(row.home, []).append((row.effective_from, facts))
    return found


def _load_known(session: Session, ids: list[str]) -> dict[str, Known]:
    rows = session.execute(
        select(CheckIn.id, CheckIn.body_hash, CheckIn.state, CheckIn.code).where(
            CheckIn.id.in_(ids)
        )
    )
    return {row.id: Known(row.body_hash, row.state, row.code) for row in rows}
