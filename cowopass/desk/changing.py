"""Counting another unit than was counted: the visit is taken back and made anew."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from clearing.line import Unit
from clearing.valuation import UNITS
from cowopass import clock
from cowopass.database import insert_claim
from cowopass.desk.anew import decide_anew, why_fixed
from cowopass.desk.answers import Answer, find_check_in, find_if_recorded
from cowopass.desk.decision import Refused
from cowopass.desk.extending import extend_check_in
from cowopass.desk.models import CheckIn
from cowopass.desk.recording import Admitted, Decided, record
from cowopass.desk.scans import Scan
from cowopass.desk.voiding import hold_check_in, void_check_in
from cowopass.errors import UnitFixed
from wallet.plan import units_needed


def other_units(answer: Answer) -> list[Unit]:
    """Return the units, the longest first, that a recorded visit could be counted as instead."""
    row, plan = answer.check_in, answer.plan
    if row.state != "accepted" or row.reentry or plan is None or row.pass_id is None:
        return []
    of_plan, is_golden = plan.terms.unit, row.kind == "golden"
    return [
        unit
        for unit in UNITS
        if unit != row.unit and units_needed(of_plan, unit, golden=is_golden) is not None
    ]


def change_unit(session: Session, check_in_id: str, unit: Unit, reason: str) -> Answer | Refused:
    """Count another unit for a visit, at its own time and prices; refused, it stands as it was.

    It is taken back for a reason, and made anew under an id that follows from both: asking again
    changes nothing more. A half-day that becomes a day is extended, and keeps its id. Raises
    CheckInUnknown, NotExtensible, or UnitFixed when nothing can change any more.
    """
    row = hold_check_in(session, check_in_id)
    new_id = str(uuid5(UUID(check_in_id), unit))
    if row.unit == unit and row.state == "accepted":
        return find_check_in(session, check_in_id)
    made_before = find_if_recorded(session, new_id)
    if made_before is not None:
        return made_before
    if (row.unit, unit) == ("half_day", "day"):
        return extend_check_in(session, check_in_id)
    why = why_fixed(session, row)
    if why is not None:
        raise UnitFixed(row.id, why)
    decided = decide_anew(session, row, unit)
    if decided is None:
        raise UnitFixed(row.id, "its pass is not known any more")
    if isinstance(decided, Refused):
        return decided
    void_check_in(session, row.id, reason)
    return _make_anew(session, row, new_id, decided)


def _make_anew(session: Session, row: CheckIn, new_id: str, admitted: Admitted) -> Answer:
    """Record a visit that was taken back as it was decided anew."""
    visit, answer, shown, place = admitted
    scan = Scan(
        id=new_id,
        body_hash=sha256(f"{row.id} as {answer.unit}".encode()).hexdigest(),
        space=place.space.slug,
        unit=answer.unit,
        override=row.override_reason,
        token_id=row.token_id,
    )
    now = clock.now()
    claim = {"id": scan.id, "body_hash": scan.body_hash, "state": "claimed"}
    insert_claim(session, CheckIn, {**claim, "at": row.at, "recorded_at": now})
    # The proof by which a phone showed the pass has counted, and counts no second time.
    shown = shown._replace(proof_hash=row.proof_hash)
    made = record(session, scan, Decided(visit, answer, shown, place), now)
    if made.state != "accepted":
        raise RuntimeError(f"the units of {row.id} were gone while its pass was held")
    return find_check_in(session, new_id)
