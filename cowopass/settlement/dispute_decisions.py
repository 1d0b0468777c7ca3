"""How a dispute ends: a treasurer decides, the other side accepts, or who opened it withdraws.

An upheld line falls, a refused one stands. When it was the holder who said "this was not me", what
falls is the visit itself: its units go back to the pass.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from cowopass.desk.voiding import void_check_in
from cowopass.errors import ConsentMissing, DisputeDecided, RoleForbidden
from cowopass.ledger.claims import release, take_back
from cowopass.ledger.disputes import Decision, Ending, close_dispute, missing_consent
from cowopass.ledger.models import Dispute
from cowopass.people.access import Caller
from cowopass.settlement.dispute_mailing import HOLDER, OPERATOR, tell_others
from cowopass.settlement.disputes import hold_dispute, must_be_party, record_dispute


def consent(session: Session, caller: Caller, dispute_id: str) -> Dispute:
    """Record that a space agrees to be judged by a treasurer who belongs to the other one.

    Raises DisputeUnknown and RoleForbidden; to agree again changes nothing.
    """
    dispute = hold_dispute(session, dispute_id)
    must_be_party(caller, dispute.home, dispute.host)
    new = caller.hosted & {dispute.home, dispute.host} - set(dispute.consents)
    if new:
        dispute.consents = [*dispute.consents, *sorted(new)]
        record_dispute(session, "dispute_consented", dispute)
    return dispute


def decide(
    session: Session, caller: Caller, dispute_id: str, decision: Decision, reason: str
) -> Dispute:
    """Uphold a dispute (the line falls) or refuse it (the line stands), once.

    For the treasurer of the network where the visit was. The same decision again changes nothing.
    Raises DisputeUnknown, RoleForbidden, DisputeDecided and ConsentMissing.
    """
    dispute = hold_dispute(session, dispute_id)
    caller.must_keep(dispute.network)
    if dispute.state == decision:
        return dispute
    _must_be_open(dispute)
    other = missing_consent(caller, dispute)
    if other is not None:
        raise ConsentMissing(dispute.id, other)
    return _end(session, dispute, decision, reason, "treasurer")


def accept(session: Session, caller: Caller, dispute_id: str, reason: str) -> Dispute:
    """Agree, as the side that the dispute is against, that it is right: the line falls at once.

    No treasurer is needed, since who loses by it agrees. Again changes nothing. Raises
    DisputeUnknown, RoleForbidden and DisputeDecided.
    """
    dispute = hold_dispute(session, dispute_id)
    against = against_whom(dispute)
    if against is None or not caller.serves(against, "host"):
        raise RoleForbidden(f"the role host at `{against}`, which it is against")
    if dispute.state == "upheld" and dispute.decided_by == "accepted":
        return dispute
    _must_be_open(dispute)
    return _end(session, dispute, "upheld", reason, "accepted")


def withdraw(session: Session, caller: Caller, dispute_id: str, reason: str) -> Dispute:
    """Take a dispute back, as the space that opened it: the line stands.

    Again changes nothing. Raises DisputeUnknown, RoleForbidden and DisputeDecided.
    """
    dispute = hold_dispute(session, dispute_id)
    is_operators = dispute.opened_by == OPERATOR and caller.is_operator
    if not (is_operators or caller.serves(dispute.opened_by, "host")):
        raise RoleForbidden("the role host at the space that opened it")
    return _withdraw(session, dispute, reason)


def withdraw_as_holder(
    session: Session, check_in_id: str, dispute: Dispute, reason: str
) -> Dispute:
    """Take back what the holder of a pass contested; the caller has seen that the visit is hers.

    Raises DisputeUnknown, RoleForbidden and DisputeDecided.
    """
    held = hold_dispute(session, dispute.id)
    if held.opened_by != HOLDER or held.check_in != check_in_id:
        raise RoleForbidden("the holder who opened it")
    return _withdraw(session, held, reason, by_holder=True)


def against_whom(dispute: Dispute) -> str | None:
    """Return the space that would lose by a dispute, None where nobody is named.

    That is the host of the visit, whose claim would fall; but the home, where the host itself
    opened it. Of a line that is missing it is the other space than the one that misses it.
    """
    return dispute.home if dispute.opened_by == dispute.host else dispute.host


def _withdraw(
    session: Session, dispute: Dispute, reason: str, *, by_holder: bool = False
) -> Dispute:
    if dispute.state == "refused" and dispute.decided_by == "withdrawn":
        return dispute
    _must_be_open(dispute)
    return _end(session, dispute, "refused", reason, "withdrawn", by_holder=by_holder)


def _must_be_open(dispute: Dispute) -> None:
    if dispute.state != "open":
        raise DisputeDecided(dispute.id, dispute.state)


def _end(
    session: Session,
    dispute: Dispute,
    decision: Decision,
    reason: str,
    decided_by: Ending,
    *,
    by_holder: bool = False,
) -> Dispute:
    if dispute.check_in is not None:
        _settle(session, dispute, dispute.check_in, decision, reason)
    close_dispute(dispute, decision, reason, decided_by)
    how = decision if decided_by == "treasurer" else decided_by
    record_dispute(session, f"dispute_{how}", dispute)
    session.flush()
    tell_others(session, dispute, by_holder=by_holder)
    return dispute


def _settle(
    session: Session, dispute: Dispute, check_in: str, decision: Decision, reason: str
) -> None:
    if decision == "refused":
        release(session, check_in)
    elif dispute.opened_by == HOLDER:
        void_check_in(session, check_in, reason)
    else:
        take_back(session, check_in)
