"""Holders whose last pass is over and forgotten: their names go too."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from cowopass.desk.models import CheckIn
from cowopass.passes.models import Pass, PassEvent, Ticket
from cowopass.passes.references import forgotten_reference
from cowopass.people.models import Holder
from cowopass.privacy.ages import Due
from cowopass.privacy.records import forget
from cowopass.spaces.models import Space


def forget_holders(session: Session, due: Due) -> int:
    """Erase the holders of a network whose last pass ended before its due months did.

    Return how many. Their passes and charges stay, without names, and so do the months of a pass:
    what spaces owe each other is their accounts.
    """
    candidates = session.scalars(_over(due)).all()
    held = session.scalars(
        select(Holder).where(Holder.id.in_(candidates)).order_by(Holder.id).with_for_update()
    ).all()
    # Asked again once they are held: one may have bought a pass meanwhile.
    still = set(session.scalars(_over(due).where(Holder.id.in_(candidates))))
    gone = [holder for holder in held if holder.id in still]
    for holder in gone:
        forget(session, holder)
        _forget_passes(session, holder)
    return len(gone)


def forget_guests(session: Session, due: Due) -> int:
    """Blank to whom golden tickets were given that are used or over, and what was noted on passes.

    Return how many tickets named somebody.
    """
    of_network = select(Pass.id).where(Pass.network == due.network)
    is_over = or_(Ticket.expires_at <= due.ended_at, Ticket.used_at < due.ended_at)
    named = session.scalars(
        update(Ticket)
        .where(Ticket.pass_id.in_(of_network), Ticket.recipient.is_not(None), is_over)
        .values(recipient=None)
        .returning(Ticket.jti)
    ).all()
    session.execute(
        update(PassEvent)
        .where(
            PassEvent.pass_id.in_(of_network),
            PassEvent.happened_at < due.ended_at,
            PassEvent.reason != "",
        )
        .values(reason="")
    )
    return len(named)


def _over(due: Due) -> Select[str]:
    """Return the holders who are named, and whose passes are all over, refunded or not.

    A revoked pass may still be refunded until its end, so until then it is not over.
    """
    refunded_lately = select(PassEvent.id).where(
        PassEvent.pass_id == Pass.id,
        PassEvent.kind == "refunded",
        PassEvent.happened_at >= due.ended_at,
    )
    lasts = or_(
        and_(Pass.state != "refunded", Pass.ends_on > due.last_on),
        and_(Pass.state == "refunded", refunded_lately.exists()),
    )
    is_hers = Pass.holder_id == Holder.id
    visits = select(CheckIn.id).join(Pass, Pass.id == CheckIn.pass_id).where(is_hers)
    return (
        select(Holder.id)
        .join(Space, Space.slug == Holder.home)
        .where(
            Space.network == due.network,
            Holder.erased_at.is_(None),
            Holder.created_at < due.ended_at,
            ~select(Pass.id).where(is_hers, lasts).exists(),
            ~visits.exists(),
        )
    )


def _forget_passes(session: Session, holder: Holder) -> None:
    """Blank what her passes were shown by, and by which reference her home knew them."""
    passes: Sequence[Pass] = session.scalars(select(Pass).where(Pass.holder_id == holder.id)).all()
    for sold in passes:
        if sold.reference is not None:
            sold.reference = forgotten_reference(sold.home, sold.reference)
        session.execute(
            update(Ticket)
            .where(Ticket.pass_id == sold.id)
            .values(token="", revoked_at=func.coalesce(Ticket.revoked_at, Ticket.expires_at))
        )
