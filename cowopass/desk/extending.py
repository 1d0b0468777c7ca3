"""Turning a half-day into a day: as if it were taken back and scanned anew, as a day."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.desk.answers import Answer, find_check_in
from cowopass.desk.decision import Accepted, Refused, decide
from cowopass.desk.facts import UNPAID, Source, Unpaid, Visit
from cowopass.desk.loading import (
    Scene,
    Shown,
    load_rates,
    load_scene_of_pass,
    load_scene_of_ticket,
    load_visits,
    pass_facts,
    space_facts,
)
from cowopass.desk.models import CheckIn
from cowopass.desk.occupancy import Place
from cowopass.desk.recording import Admitted, accepted_columns, notes_of, post, spend_units
from cowopass.desk.voiding import hold_check_in, record_visit_act
from cowopass.errors import NotExtensible
from cowopass.ledger.claims import claims_of
from cowopass.ledger.disputes import open_dispute_of
from cowopass.ledger.service import reverse_charges
from cowopass.passes.models import Ticket
from cowopass.passes.usage import Used


def extend_check_in(session: Session, check_in_id: str) -> Answer | Refused:
    """Turn a half-day into a day, at the prices of the first scan; refused, the half-day stands.

    The charge is reversed and written anew. Extending again changes nothing. Raises
    CheckInUnknown, or NotExtensible for what is no half-day that counts.
    """
    row = hold_check_in(session, check_in_id)
    if row.state == "accepted" and row.unit == "day" and not row.reentry:
        return find_check_in(session, check_in_id)
    _refuse_unless_extensible(session, row)
    answer = _scan_anew(session, row)
    if not isinstance(answer, Refused):
        record_visit_act(session, "visit_extended", row)
    return answer if isinstance(answer, Refused) else find_check_in(session, check_in_id)


def _refuse_unless_extensible(session: Session, row: CheckIn) -> None:
    if row.state != "accepted":
        raise NotExtensible(row.id, f"it is {row.state}")
    if row.reentry:
        raise NotExtensible(row.id, "it is a re-entry: extend the visit that was counted")
    if row.unit != "half_day":
        raise NotExtensible(row.id, "only a half-day can become a day")
    # First the dispute, which waits for a decision under way; what it decided is read after it.
    if open_dispute_of(session, row.id) is not None:
        raise NotExtensible(row.id, "its charge is contested")
    standings = {claim.standing for claim in claims_of(session, row.id)}
    if row.line_id is not None and "live" not in standings:
        raise NotExtensible(row.id, "a dispute of its charge was upheld")


def _scan_anew(session: Session, row: CheckIn) -> Accepted | Refused:
    """Decide on the visit as a day and, when it is accepted, write what that changes."""
    scene = _scene_of(session, row)
    shown, place = scene.shown, scene.place_at(row.at)
    if shown is None or place is None:
        raise NotExtensible(row.id, "its pass is not known any more")
    # A visit that is extended has happened: only the pass can refuse it.
    source: Source = "offline" if row.overused else "import"
    golden, unpaid = row.kind == "golden", _unpaid(session, row)
    visit = Visit(row.at, place.on, "day", golden, source, unpaid=unpaid)
    answer = _decide_as_day(session, row, visit, shown, place)
    if isinstance(answer, Refused):
        return answer
    return _write(session, row, Admitted(visit, answer, shown, place))


def _unpaid(session: Session, row: CheckIn) -> Unpaid | None:
    """Return why the visit was recorded at 0: as a day it is so too."""
    notes = find_check_in(session, row.id).notes
    return next((note for note in UNPAID if note in notes), None)


def _scene_of(session: Session, row: CheckIn) -> Scene:
    """Load the scene of the first scan; a visit reported by file has no ticket."""
    if row.jti is not None:
        ticket = Ticket.jti == row.jti
        return load_scene_of_ticket(session, ticket, row.space or "", hold=True)
    return load_scene_of_pass(session, row.pass_id or "", row.space or "")


def _decide_as_day(
    session: Session, row: CheckIn, visit: Visit, shown: Shown, place: Place
) -> Accepted | Refused:
    """Decide without the half-day; its ticket was judged when it was scanned."""
    rates = load_rates(session, shown, place, hold=False)
    month, _ = load_visits(session, shown.sold.id, place, with_people=False)
    others = tuple(past for key, past in month.items() if key != row.id)
    facts = pass_facts(shown, _without(rates.used, row), place.on, None)._replace(ticket=None)
    space = space_facts(visit, place, rates.prices, [])
    return decide(visit, facts, others, space, rates.agreement, clock.now())


def _without(used: Used, row: CheckIn) -> Used:
    """Return what is used of the pass beside this visit."""
    if row.kind == "golden":
        return used._replace(golden=used.golden - row.units)
    return used._replace(
        units=used.units - row.units, given_cents=used.given_cents - _counted_cents(row)
    )


def _counted_cents(row: CheckIn) -> int:
    """Return the value that the visit's units took; an overused visit took none."""
    return (row.pass_value_cents or 0) if row.units else 0


def _write(session: Session, row: CheckIn, admitted: Admitted) -> Accepted | Refused:
    answer = admitted.answer
    more_units = answer.units - row.units
    more_cents = (answer.pass_value_cents if answer.units else 0) - _counted_cents(row)
    if (more_units or more_cents) and not spend_units(session, admitted, more_units, more_cents):
        return Refused("no_units_left")
    reverse_charges(session, row.id)
    row.line_id = post(session, row.id, admitted, (*notes_of(admitted), "extended"))
    for name, value in accepted_columns(answer).items():
        setattr(row, name, value)
    row.bucket = admitted.shown.bucket_on(admitted.visit.on)
    session.flush()
    return answer
