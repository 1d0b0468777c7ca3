"""A visit that was counted, decided anew for another unit: as if it had not been counted.

It was shown and judged when it was scanned; pass, day and prices are those of that moment.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from clearing.line import Unit
from cowopass import clock
from cowopass.desk.answers import find_check_in
from cowopass.desk.decision import Refused, decide
from cowopass.desk.facts import UNPAID, Source, Unpaid, Visit
from cowopass.desk.loading import (
    Scene,
    load_rates,
    load_scene_of_pass,
    load_scene_of_ticket,
    load_visits,
    pass_facts,
    space_facts,
)
from cowopass.desk.models import CheckIn
from cowopass.desk.recording import Admitted
from cowopass.ledger.claims import claims_of
from cowopass.ledger.disputes import open_dispute_of
from cowopass.ledger.periods import forgotten_until
from cowopass.passes.models import Ticket
from cowopass.passes.usage import Used


def why_fixed(session: Session, row: CheckIn) -> str | None:
    """Return why a visit can not be counted otherwise any more, None when it can."""
    if row.state != "accepted":
        return f"it is {row.state}"
    if row.reentry:
        return "it is a re-entry: change the visit that was counted"
    # First the dispute, which waits for a decision under way; what it decided is read after it.
    if open_dispute_of(session, row.id) is not None:
        return "its charge is contested"
    standings = {claim.standing for claim in claims_of(session, row.id)}
    if row.line_id is not None and "live" not in standings:
        return "a dispute of its charge was upheld"
    return None


def decide_anew(session: Session, row: CheckIn, unit: Unit) -> Admitted | Refused | None:
    """Decide on a counted visit as one of another unit; nothing is written.

    The pass is locked until the transaction ends. None where it is not known any more.
    """
    scene = _scene_of(session, row)
    shown, place = scene.shown, scene.place_at(row.at)
    if shown is None or place is None:
        return None
    # It has happened: only the pass can refuse it.
    source: Source = "offline" if row.overused else "import"
    golden, unpaid = row.kind == "golden", _unpaid(session, row)
    visit = Visit(row.at, place.on, unit, golden, source, unpaid=unpaid)
    rates = load_rates(session, shown, place, hold=False)
    month, _ = load_visits(session, shown.sold.id, place, with_people=False)
    others = tuple(past for key, past in month.items() if key != row.id)
    facts = pass_facts(shown, _without(rates.used, row), place.on, None)._replace(ticket=None)
    forgotten = forgotten_until(session, place.network.slug)
    space = space_facts(visit, place, rates.prices, [])._replace(forgotten_until=forgotten)
    answer = decide(visit, facts, others, space, rates.agreement, clock.now())
    if isinstance(answer, Refused):
        return answer
    # What is written says how the visit came, as its first line did.
    return Admitted(visit._replace(source=_source_of(row)), answer, shown, place)


def counted_cents(row: CheckIn) -> int:
    """Return the value that the visit's units took; an overused visit took none."""
    return (row.pass_value_cents or 0) if row.units else 0


def _scene_of(session: Session, row: CheckIn) -> Scene:
    """Load the scene of the first scan; a visit reported by file has no ticket."""
    if row.jti is not None:
        ticket = Ticket.jti == row.jti
        return load_scene_of_ticket(session, ticket, row.space or "", hold=True)
    return load_scene_of_pass(session, row.pass_id or "", row.space or "")


def _unpaid(session: Session, row: CheckIn) -> Unpaid | None:
    """Return why the visit was recorded at 0: of another unit it is so too."""
    notes = find_check_in(session, row.id).notes
    return next((note for note in UNPAID if note in notes), None)


def _without(used: Used, row: CheckIn) -> Used:
    """Return what is used of the pass beside this visit."""
    if row.kind == "golden":
        return used._replace(golden=used.golden - row.units)
    return used._replace(
        units=used.units - row.units, given_cents=used.given_cents - counted_cents(row)
    )


def _source_of(row: CheckIn) -> Source:
    sources: dict[str, Source] = {"offline": "offline", "import": "import"}
    return sources.get(row.source or "", "desk")
