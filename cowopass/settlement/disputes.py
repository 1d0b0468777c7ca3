"""Disputes: a space or a holder contests a line, and a treasurer decides.

What is contested before the lock is withheld from the positions until then. After the lock
nothing moves; if the dispute is upheld, a reversal enters the open period.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any, NamedTuple, cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clearing.line import Unit
from clearing.period import month_of
from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.desk.models import CheckIn
from cowopass.desk.voiding import hold_check_in
from cowopass.errors import (
    CheckInUnknown,
    DataInvalid,
    DisputeDecided,
    DisputeUnknown,
    NotDisputable,
    RoleForbidden,
)
from cowopass.ledger.claims import Claim, claims_of, withhold
from cowopass.ledger.disputes import open_dispute_of
from cowopass.ledger.models import Dispute
from cowopass.passes.models import Pass
from cowopass.people.access import Caller
from cowopass.settlement.dispute_mailing import HOLDER, OPERATOR, tell_others
from cowopass.settlement.service import get_network
from cowopass.spaces.models import Space
from cowopass.spaces.service import get_space


class MissingLine(NamedTuple):
    """A visit that a space says happened on a local day, and that is in no ledger."""

    space: str
    on: date
    unit: Unit
    reason: str


def contest(
    session: Session, caller: Caller, check_in_id: str, reason: str
) -> tuple[Dispute, bool]:
    """Open a dispute on the charge of a check-in; return it, and whether it is new.

    For hosts of its two spaces; one that is open is returned as it is. Raises CheckInUnknown,
    RoleForbidden, NotDisputable, and DisputeDecided when the treasurer has decided before.
    """
    check_in = hold_check_in(session, check_in_id)
    must_be_party(caller, check_in.home, check_in.space)
    return _open(session, check_in, _party(caller, check_in.home, check_in.space), reason)


def contest_as_holder(
    session: Session, holder_id: str, check_in_id: str, reason: str
) -> tuple[Dispute, bool]:
    """Open a dispute for the holder of the pass: it was not she who came. As `contest` otherwise.

    Raises CheckInUnknown too for a check-in of somebody else's pass.
    """
    check_in = hold_check_in(session, check_in_id)
    sold = session.get(Pass, check_in.pass_id) if check_in.pass_id else None
    if sold is None or sold.holder_id != holder_id:
        raise CheckInUnknown(check_in_id)
    return _open(session, check_in, HOLDER, reason)


def disputes_of(session: Session, check_in_ids: list[str]) -> dict[str, Dispute]:
    """Return the latest dispute about each of these check-ins that has one."""
    found = session.scalars(
        select(Dispute).where(Dispute.check_in.in_(check_in_ids)).order_by(Dispute.id)
    )
    return {cast(str, dispute.check_in): dispute for dispute in found}


def report_missing(session: Session, caller: Caller, missing: MissingLine) -> tuple[Dispute, bool]:
    """Record that a line is missing; return the dispute, and whether it is new. Nothing moves.

    For hosts of the network; the same from the same space is returned while it is open. Raises
    SpaceUnknown, RoleForbidden, and DataInvalid for a day to come.
    """
    space = get_space(session, missing.space)
    opened_by = _host_in(caller, space)
    if missing.on > clock.today(get_network(session, space.network).timezone):
        raise DataInvalid([{"path": "on", "message": "is still to come"}])
    dispute = _new_dispute(opened_by, space.network, missing.on, missing.reason)
    dispute.host, dispute.unit = missing.space, missing.unit
    dispute.home = opened_by if opened_by not in {missing.space, OPERATOR} else None
    same = _same_missing(session, dispute)
    if same is not None:
        return same, False
    session.add(dispute)
    record_dispute(session, "dispute_opened", dispute)
    session.flush()
    tell_others(session, dispute)
    return dispute, True


def list_disputes(
    session: Session,
    caller: Caller,
    network: str,
    *,
    state: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> tuple[list[Dispute], str | None]:
    """Return a network's disputes, oldest first, and where to go on; a host sees its space's.

    Those of its passes in other networks are among them. Raises NetworkUnknown, RoleForbidden.
    """
    get_network(session, network)
    caller.must_belong(network)
    ours = select(Space.slug).where(Space.network == network)
    statement = select(Dispute).where(or_(Dispute.network == network, Dispute.home.in_(ours)))
    if not caller.keeps(network):
        hosted = caller.hosted_in(network)
        statement = statement.where(or_(Dispute.home.in_(hosted), Dispute.host.in_(hosted)))
    if state is not None:
        statement = statement.where(Dispute.state == state)
    if after is not None:
        statement = statement.where(Dispute.id > after)
    found = list(session.scalars(statement.order_by(Dispute.id).limit(limit + 1)))
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def dispute_document(dispute: Dispute) -> dict[str, Any]:
    """Return a dispute as the API shows it; `withheld` is whether its amount was taken out."""
    names = (
        "id network period check_in home host on unit opened_by reason opened_at state decision"
        " decided_by decided_at consents"
    )
    return {
        **{name: getattr(dispute, name) for name in names.split()},
        "line": dispute.line_id,
        "withheld": dispute.withheld_line_id is not None,
    }


def record_dispute(session: Session, act: str, dispute: Dispute) -> None:
    """Note what became of a dispute, where the space visited reads it."""
    record_act(session, act, network=dispute.network, space=dispute.host, subject=dispute.id)


def _open(session: Session, check_in: CheckIn, opened_by: str, reason: str) -> tuple[Dispute, bool]:
    """Withhold what a check-in's charge moved, unless that was done before."""
    claim = _contestable(session, check_in)
    open_one = open_dispute_of(session, check_in.id)
    if open_one is not None:
        return open_one, False
    _check_undecided(session, check_in.id)
    held = {line.network: line.id for line in withhold(session, check_in.id)}
    network, on = claim.line.network, check_in.on or clock.now().date()
    dispute = _new_dispute(opened_by, network, on, reason)
    dispute.period, dispute.unit = claim.line.period, cast(str, claim.line.unit)
    dispute.check_in, dispute.line_id = check_in.id, claim.line.id
    dispute.withheld_line_id = held.get(claim.line.network)
    dispute.home, dispute.host = claim.line.home, cast(str, claim.line.host)
    session.add(dispute)
    record_dispute(session, "dispute_opened", dispute)
    session.flush()
    tell_others(session, dispute, by_holder=opened_by == HOLDER)
    return dispute, True


def _contestable(session: Session, check_in: CheckIn) -> Claim:
    """Return the charge to contest, in the host network's ledger. Raises NotDisputable."""
    if check_in.state != "accepted":
        raise NotDisputable(check_in.id, f"is {check_in.state}")
    if check_in.home == check_in.space:
        raise NotDisputable(check_in.id, "was a visit at home")
    claims = claims_of(session, check_in.id)
    for claim in claims:
        if claim.standing != "fallen" and claim.line.creditor == claim.line.host:
            return claim
    raise NotDisputable(check_in.id, "is not charged any more" if claims else "was a re-entry")


def _check_undecided(session: Session, check_in_id: str) -> None:
    decided = session.scalar(
        select(Dispute).where(Dispute.check_in == check_in_id, Dispute.state != "open").limit(1)
    )
    if decided is not None:
        raise DisputeDecided(decided.id, decided.state)


def must_be_party(caller: Caller, *spaces: str | None) -> None:
    """Let pass a host of one of the spaces, and the operator. Raises RoleForbidden."""
    if not (caller.is_operator or caller.hosted & set(spaces)):
        raise RoleForbidden("the role host at one of the two spaces")


def _party(caller: Caller, *spaces: str | None) -> str:
    """Return for which of the spaces a caller speaks: the first one that she is a host of."""
    return next((space for space in spaces if space in caller.hosted), OPERATOR)


def _host_in(caller: Caller, visited: Space) -> str:
    """Return for which space of the network a caller speaks. Raises RoleForbidden."""
    hosted = caller.hosted_in(visited.network)
    if not (caller.is_operator or hosted):
        raise RoleForbidden(f"the role host at a space of the network `{visited.network}`")
    return _party(caller, visited.slug, *sorted(hosted))


def hold_dispute(session: Session, dispute_id: str) -> Dispute:
    """Return a dispute that nobody else changes meanwhile. Raises DisputeUnknown."""
    dispute = session.get(Dispute, dispute_id, with_for_update=True, populate_existing=True)
    if dispute is None:
        raise DisputeUnknown(dispute_id)
    return dispute


def _same_missing(session: Session, dispute: Dispute) -> Dispute | None:
    return session.scalar(
        select(Dispute).where(
            Dispute.check_in.is_(None),
            Dispute.state == "open",
            Dispute.host == dispute.host,
            Dispute.on == dispute.on,
            Dispute.unit == dispute.unit,
            Dispute.opened_by == dispute.opened_by,
        )
    )


def _new_dispute(opened_by: str, network: str, on: date, reason: str) -> Dispute:
    now = clock.now()
    return Dispute(
        id=f"dis_{int(now.timestamp()):08x}{secrets.token_hex(6)}",
        network=network,
        period=month_of(on),
        on=on,
        opened_by=opened_by,
        reason=reason,
        opened_at=now,
        state="open",
        consents=[],
    )
