"""Recording the visits of a file: each batch is decided in order, then written at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.database import insert_many, upsert
from cowopass.desk.batch import NOTHING_USED, Batch, Known, PassState, SpaceState
from cowopass.desk.batch_loading import load_batch
from cowopass.desk.decision import Accepted, Refused, decide, monthly_price_cents
from cowopass.desk.facts import PastVisit, Visit
from cowopass.desk.models import CheckIn
from cowopass.desk.recording import answer_columns
from cowopass.desk.visits_file import ImportedVisit, Outcome
from cowopass.errors import NetworkUnknown
from cowopass.ledger.service import Charge, post_charges
from cowopass.networks.models import Network
from cowopass.passes.models import PassUsage
from cowopass.problems import sentence
from wallet.plan import bucket


class Scope(NamedTuple):
    """Whose visits may be imported: a host network's, or those of one of its spaces alone."""

    network: str
    space: str | None = None


class _Written(NamedTuple):
    """What a batch writes: check-in rows, charges, and the pass buckets that changed."""

    check_ins: list[dict[str, Any]]
    charges: list[Charge]
    usages: set[tuple[str, str]]


def import_batch(
    session: Session, scope: Scope, rows: list[ImportedVisit | Outcome]
) -> list[Outcome]:
    """Record a batch of rows in order and return what became of each.

    Raises NetworkUnknown. Rows that were malformed come back as they are.
    """
    network = session.get(Network, scope.network)
    if network is None:
        raise NetworkUnknown(scope.network)
    visits = [row for row in rows if isinstance(row, ImportedVisit)]
    days = [clock.local_day(visit.at, network.timezone) for visit in visits]
    batch = load_batch(session, network.slug, visits, days)
    now = clock.now()
    written = _Written([], [], set())
    decided = {
        visit.line: _record(batch, scope, visit, on, now, written)
        for visit, on in zip(visits, days, strict=True)
    }
    _save(session, batch, written)
    return [row if isinstance(row, Outcome) else decided[row.line] for row in rows]


def _record(
    batch: Batch, scope: Scope, row: ImportedVisit, on: date, now: datetime, written: _Written
) -> Outcome:
    """Decide one row, keep the batch's facts true, and note what is to be written."""
    if scope.space is not None and row.space != scope.space:
        return _refused(row, "role_forbidden")
    known = batch.known.get(row.id)
    if known is not None:
        return _repeated(row, known)
    shown = batch.passes.get((row.home, row.reference))
    if shown is None:
        return _refused(row, "pass_unknown")
    space = batch.spaces.get(row.space)
    if space is None or not space.takes_part(on):
        return _refused(row, "space_unknown")
    visit = Visit(row.at, on, row.unit, row.golden, "import")
    facts = shown.facts(visit)
    agreement = batch.agreement(shown.network, on)
    past = tuple(shown.visits.get(batch.window(on), ()))
    answer = decide(visit, facts, past, space.facts(on), agreement, now)
    batch.known[row.id] = _known(row, answer)
    written.check_ins.append(_check_in_row(row, shown, visit, answer, now))
    if isinstance(answer, Refused):
        return _refused(row, answer.code, answer.facts)
    shown.visits.setdefault(batch.window(on), []).append(_past(space, visit, answer))
    _count(shown, visit, answer, written)
    if answer.valuation is not None:
        price = monthly_price_cents(facts)
        written.charges.append(_charge(row, shown, space, visit, answer, price))
    return Outcome(row.line, row.id, "accepted")


def _past(space: SpaceState, visit: Visit, answer: Accepted) -> PastVisit:
    charge = answer.valuation.charge_cents if answer.valuation else 0
    return PastVisit(space.slug, visit.on, answer.away, visit.golden, answer.reentry, charge)


def _count(shown: PassState, visit: Visit, answer: Accepted, written: _Written) -> None:
    """Keep the pass's usage true for the rows that follow."""
    if not answer.units:
        return
    name = bucket(shown.plan.kind, visit.on)
    units, golden, value = shown.usages.get(name, NOTHING_USED)
    if visit.golden:
        shown.usages[name] = (units, golden + answer.units, value)
    else:
        shown.usages[name] = (units + answer.units, golden, value + answer.pass_value_cents)
    written.usages.add((shown.id, name))


def _charge(
    row: ImportedVisit,
    shown: PassState,
    space: SpaceState,
    visit: Visit,
    answer: Accepted,
    monthly_price: int | None,
) -> Charge:
    assert answer.valuation is not None and answer.agreement is not None  # noqa: S101, PT018 (away)
    return Charge(
        check_in=row.id,
        on=visit.on,
        unit=answer.unit,
        golden=visit.golden,
        home=shown.home,
        home_network=shown.network,
        host=space.slug,
        host_network=space.network,
        pass_id=shown.id,
        valuation=answer.valuation,
        monthly_price_cents=monthly_price,
        agreement=answer.agreement,
        notes=("imported",),
    )


def _check_in_row(
    row: ImportedVisit, shown: PassState, visit: Visit, answer: Accepted | Refused, now: datetime
) -> dict[str, Any]:
    """Return the row to insert; every key is always there, so one statement takes them all."""
    common = {
        "id": row.id,
        "body_hash": row.body_hash,
        "space": row.space,
        "home": shown.home,
        "pass_id": shown.id,
        "kind": "golden" if row.golden else "normal",
        "source": "import",
        "at": row.at,
        "on": visit.on,
        "recorded_at": now,
        "unit": row.unit,
    }
    return {**common, **answer_columns(answer, bucket(shown.plan.kind, visit.on))}


def _save(session: Session, batch: Batch, written: _Written) -> None:
    """Write charges, check-ins and usages. The passes are locked, so usages are absolute."""
    lines = post_charges(session, written.charges)
    for row in written.check_ins:
        row["line_id"] = lines.get(row["id"])
    insert_many(session, CheckIn, written.check_ins)
    by_id = {state.id: state for state in batch.passes.values()}
    usages = [
        dict(zip(_USAGE_COLUMNS, (pass_id, name, *by_id[pass_id].usages[name]), strict=True))
        for pass_id, name in sorted(written.usages)
    ]
    if usages:
        upsert(session, PassUsage, usages)


_USAGE_COLUMNS = ("pass_id", "bucket", "units_used", "golden_used", "value_given_cents")


def _known(row: ImportedVisit, answer: Accepted | Refused) -> Known:
    if isinstance(answer, Refused):
        return Known(row.body_hash, "refused", answer.code)
    return Known(row.body_hash, "accepted", None)


def _repeated(row: ImportedVisit, known: Known) -> Outcome:
    """Answer a row whose id is recorded: the same again, or a conflict."""
    if known.body_hash != row.body_hash:
        return _refused(row, "idempotency_conflict")
    if known.state == "refused" and known.code is not None:
        return _refused(row, known.code)
    return Outcome(row.line, row.id, "repeated")


def _refused(row: ImportedVisit, code: str, facts: Mapping[str, Any] | None = None) -> Outcome:
    return Outcome(row.line, row.id, "refused", code, sentence(code, facts))
