"""Turning a half-day into a day: as if it were taken back and scanned anew, as a day."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cowopass.desk.anew import counted_cents, decide_anew, why_fixed
from cowopass.desk.answers import Answer, find_check_in
from cowopass.desk.decision import Refused
from cowopass.desk.models import CheckIn
from cowopass.desk.recording import Admitted, accepted_columns, notes_of, post, spend_units
from cowopass.desk.voiding import hold_check_in, record_visit_act
from cowopass.errors import NotExtensible
from cowopass.ledger.service import reverse_charges


def extend_check_in(session: Session, check_in_id: str) -> Answer | Refused:
    """Turn a half-day into a day, at the prices of the first scan; refused, the half-day stands.

    The charge is reversed and written anew. Extending again changes nothing. Raises
    CheckInUnknown, or NotExtensible for what is no half-day that counts.
    """
    row = hold_check_in(session, check_in_id)
    if row.state == "accepted" and row.unit == "day" and not row.reentry:
        return find_check_in(session, check_in_id)
    why = why_fixed(session, row)
    if why is None and row.unit != "half_day":
        why = "only a half-day can become a day"
    if why is not None:
        raise NotExtensible(row.id, why)
    decided = decide_anew(session, row, "day")
    if decided is None:
        raise NotExtensible(row.id, "its pass is not known any more")
    refused = decided if isinstance(decided, Refused) else _write(session, row, decided)
    if refused is not None:
        return refused
    record_visit_act(session, "visit_extended", row)
    return find_check_in(session, check_in_id)


def _write(session: Session, row: CheckIn, admitted: Admitted) -> Refused | None:
    """Take what a day takes more, and charge anew; without those units, refuse."""
    answer = admitted.answer
    more_units = answer.units - row.units
    more_cents = (answer.pass_value_cents if answer.units else 0) - counted_cents(row)
    if (more_units or more_cents) and not spend_units(session, admitted, more_units, more_cents):
        return Refused("no_units_left")
    reverse_charges(session, row.id)
    row.line_id = post(session, row.id, admitted, (*notes_of(admitted), "extended"))
    for name, value in accepted_columns(answer).items():
        setattr(row, name, value)
    row.bucket = admitted.shown.bucket_on(admitted.visit.on)
    session.flush()
    return None
