"""Checking in: claim the id, load the facts, decide, save. Twelve statements at the most."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.config import Config
from cowopass.database import insert_claim
from cowopass.desk.answers import Answer, find_check_in, find_if_recorded
from cowopass.desk.decision import Accepted, Refused, decide
from cowopass.desk.facts import Visit
from cowopass.desk.loading import (
    Shown,
    load_rates,
    load_visits,
    pass_facts,
    space_facts,
    takes_part,
)
from cowopass.desk.models import CheckIn
from cowopass.desk.occupancy import Place
from cowopass.desk.offline import as_known, knowledge_of, note_entry, why_unpaid
from cowopass.desk.recording import Decided, admitted_of, notes_of, record, row_of
from cowopass.desk.scans import Scan
from cowopass.desk.showing import Seen, look
from cowopass.desk.voiding import record_visit_act
from cowopass.errors import IdempotencyConflict
from cowopass.ledger.periods import forgotten_until
from cowopass.passes.standing import handed_over


def check_in(session: Session, config: Config, scan: Scan) -> Answer:
    """Record what happens when a ticket is shown; a refusal is recorded too, and returned again.

    Raises IdempotencyConflict when the id came before with another body.
    """
    now = clock.now()
    is_first = _claim(session, scan, now)
    if scan.entry is not None:
        note_entry(session, scan.entry, scan, now)
    if not is_first:
        return _first_answer(find_check_in(session, scan.id), scan)
    decided = _decide(session, config, scan, now, hold=True)
    row = record(session, scan, decided, now)
    if isinstance(decided.answer, Accepted) and decided.answer.overridden:
        record_visit_act(session, "visit_let_in", row)
    if scan.source != "desk" and row.line_id is not None:
        # Only its line says that it came late, into another month than its own.
        return find_check_in(session, scan.id)._replace(is_repeated=False)
    return _answer(row, decided)


def preview(session: Session, config: Config, scan: Scan) -> Answer:
    """Return what `check_in` would answer; nothing is written, and nobody waits for it.

    Raises IdempotencyConflict when the id came before with another body.
    """
    recorded = find_if_recorded(session, scan.id)
    if recorded is not None:
        return _first_answer(recorded, scan)
    now = clock.now()
    decided = _decide(session, config, scan, now, hold=False)
    return _answer(CheckIn(**row_of(scan, decided, now)), decided)


def _claim(session: Session, scan: Scan, now: datetime) -> bool:
    """Take the id, or say that somebody has it: looking first would lose a race."""
    row = {
        "id": scan.id,
        "body_hash": scan.body_hash,
        "state": "claimed",
        "at": now,
        "recorded_at": now,
    }
    return insert_claim(session, CheckIn, row)


def _first_answer(found: Answer, scan: Scan) -> Answer:
    if found.check_in.body_hash != scan.body_hash:
        raise IdempotencyConflict(scan.id)
    return found


def _decide(session: Session, config: Config, scan: Scan, now: datetime, *, hold: bool) -> Decided:
    """Load what the protocol asks for, in its order, and decide."""
    at = scan.happened_at(now)
    seen = look(session, config, scan, at, hold=hold)
    shown = seen.scene.shown
    place = seen.scene.place_at(at)
    on = place.on if place else at.date()
    golden = shown is not None and (shown.is_golden or scan.golden)
    visit = Visit(at, on, scan.unit, golden, scan.source, override=scan.override is not None)
    if scan.entry is not None and scan.entry.refused is not None:
        return Decided(visit, Refused(scan.entry.refused), shown, place)
    if seen.refused is not None or shown is None:
        return Decided(visit, seen.refused or Refused("pass_unknown"), shown, place)
    if place is None or not takes_part(place.space, on):
        return Decided(visit, Refused("space_unknown", {"name": scan.space}), shown, place)
    return _decide_visit(session, scan, visit, seen, shown, place, now, hold=hold)


def _decide_visit(  # noqa: PLR0913 (what is known so far of a visit)
    session: Session,
    scan: Scan,
    visit: Visit,
    seen: Seen,
    shown: Shown,
    place: Place,
    now: datetime,
    *,
    hold: bool,
) -> Decided:
    """Decide on a pass and a place that are known. A space is held only if it limits something."""
    limits = (place.seats, place.space.visitors_per_day)
    is_limited = visit.source == "desk" and any(limit is not None for limit in limits)
    is_offline = visit.source == "offline"
    rates = load_rates(session, shown, place, hold=hold and (is_limited or is_offline))
    month, people = load_visits(session, shown.sold.id, place, with_people=is_limited)
    facts = pass_facts(shown, rates.used, visit.on, seen.starts_at)
    if visit.golden and not shown.is_golden:
        # Those that are out are promised to the guests who carry them.
        key = shown.sold.id, shown.bucket_on(visit.on)
        promised = handed_over(session, [key]).get(key, 0)
        facts = facts._replace(golden_used=facts.golden_used + promised)
    space = space_facts(visit, place, rates.prices, people)
    if is_offline:
        forgotten = forgotten_until(session, place.network.slug)
        space = space._replace(forgotten_until=forgotten)
        knowledge = knowledge_of(session, scan, visit.at)
        facts = as_known(session, facts, shown, knowledge)
        unpaid = why_unpaid(session, visit, knowledge, shown, place, rates.agreement, now)
        visit = visit._replace(unpaid=unpaid)
    answer = decide(visit, facts, tuple(month.values()), space, rates.agreement, now)
    return Decided(visit, answer, shown, place)


def _answer(row: CheckIn, decided: Decided) -> Answer:
    shown, place = decided.shown, decided.place
    return Answer(
        row,
        shown.holder_name if shown else None,
        shown.plan if shown else None,
        place.network.currency if place else None,
        notes=_notes_told(decided),
    )


def _notes_told(decided: Decided) -> tuple[str, ...]:
    """Return what is told of how a charge came about; without a charge, nothing."""
    admitted = admitted_of(decided)
    if admitted is None or admitted.answer.valuation is None:
        return ()
    notes = notes_of(admitted)
    return (*notes, "liability_capped") if admitted.answer.valuation.capped else notes
