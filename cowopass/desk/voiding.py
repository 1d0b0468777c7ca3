"""Taking a check-in back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.desk.answers import Answer, find_check_in
from cowopass.desk.models import CheckIn
from cowopass.errors import CheckInNotAccepted, CheckInUnknown
from cowopass.ledger.service import reverse_charges
from cowopass.passes.golden import return_golden
from cowopass.passes.standing import lock_pass
from cowopass.passes.usage import Units, give_back, read_used
from cowopass.spaces.models import Space


def void_check_in(session: Session, check_in_id: str, reason: str) -> Answer:
    """Take an accepted check-in back: its units return and its charge is reversed.

    Its golden ticket is good again. Taking it back again changes nothing. Raises CheckInUnknown,
    or CheckInNotAccepted for a refusal.
    """
    row = hold_check_in(session, check_in_id)
    if row.state == "refused":
        raise CheckInNotAccepted(check_in_id)
    if row.state != "voided":
        _give_units_back(session, row)
        reverse_charges(session, row.id)
        row.state, row.void_reason, row.voided_at = "voided", reason, clock.now()
        record_visit_act(session, "visit_voided", row)
        session.flush()
    return _as_it_is(session, check_in_id)


def record_visit_act(session: Session, act: str, row: CheckIn) -> None:
    """Note in the log what was done to a visit."""
    space = session.get(Space, row.space) if row.space else None
    network = space.network if space else None
    record_act(session, act, network=network, space=row.space, subject=row.id)


def hold_check_in(session: Session, check_in_id: str) -> CheckIn:
    """Return a check-in that nobody else changes until the transaction ends.

    Raises CheckInUnknown.
    """
    row = session.get(CheckIn, check_in_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise CheckInUnknown(check_in_id)
    return row


def _give_units_back(session: Session, row: CheckIn) -> None:
    if row.pass_id is None or row.bucket is None or not row.units:
        return
    lock_pass(session, row.pass_id)
    is_golden = row.kind == "golden"
    value_cents = row.pass_value_cents or 0
    give_back(session, Units(row.pass_id, row.bucket, row.units, value_cents, golden=is_golden))
    if is_golden and row.jti is not None:
        return_golden(session, row.jti)


def _as_it_is(session: Session, check_in_id: str) -> Answer:
    """Return a check-in, with what is left of its pass now rather than when it was scanned."""
    found = find_check_in(session, check_in_id)
    row, plan = found.check_in, found.plan
    if plan is None or row.pass_id is None or row.bucket is None:
        return found
    used = read_used(session, row.pass_id, row.bucket)
    if row.kind == "golden":
        row.units_left = plan.golden_tickets - used.golden
    elif plan.units is not None:
        row.units_left = plan.units - used.units
    return found
