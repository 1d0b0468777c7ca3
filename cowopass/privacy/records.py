"""What is held on a holder: all of it told as a file, and what can be forgotten, forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.database import Base
from cowopass.desk.models import CheckIn
from cowopass.errors import HolderAmbiguous, HolderUnknown
from cowopass.ledger.models import Dispute, DisputeMessage
from cowopass.mail.models import Mail
from cowopass.mail.service import forget_mails_to
from cowopass.passes.life import revoke
from cowopass.passes.models import Pass, PassEvent, PassUsage, Phone, Ticket
from cowopass.passes.standing import FINAL
from cowopass.passes.tickets import cut_off
from cowopass.people.holders import plain_email
from cowopass.people.models import Holder, Person
from cowopass.settlement.dispute_mailing import HOLDER
from cowopass.spaces.models import Space

ERASED = "—"
"""What stands for a name that was erased."""

HOLDER_FIELDS = ("id", "home", "name", "email", "created_at")
PASS_FIELDS = (
    "id",
    "network",
    "home",
    "reference",
    "state",
    "starts_on",
    "ends_on",
    "volunteer",
    "price_paid_cents",
    "created_at",
)
EVENT_FIELDS = ("pass_id", "kind", "happened_at", "amount_cents", "reason")
TICKET_FIELDS = (
    "jti",
    "pass_id",
    "kind",
    "code",
    "issued_at",
    "expires_at",
    "revoked_at",
    "used_at",
    "recipient",
)
VISIT_FIELDS = (
    "id",
    "pass_id",
    "space",
    "at",
    "state",
    "code",
    "kind",
    "unit",
    "units",
    "reentry",
    "charge_cents",
    "top_up_cents",
    "override_reason",
    "void_reason",
)
USAGE_FIELDS = ("pass_id", "bucket", "units_used", "golden_used", "value_given_cents")
PHONE_FIELDS = ("pass_id", "jti", "bound_at")
MAIL_FIELDS = ("recipient", "subject", "queued_at", "sent_at")
DISPUTE_FIELDS = ("check_in", "opened_by", "reason", "opened_at", "state", "decision", "decided_at")


def find_holder(session: Session, named: str) -> Holder:
    """Return a holder by her id, the id of one of her passes, or her e-mail address.

    Raises HolderUnknown, also for one who was erased, and HolderAmbiguous when an address is that
    of several: each home knows its holders apart.
    """
    by_pass = select(Pass.holder_id).where(Pass.id == named)
    is_named = or_(
        Holder.id == named, Holder.id.in_(by_pass), Holder.email == (plain_email(named) or "")
    )
    found = session.scalars(
        select(Holder).where(is_named, Holder.erased_at.is_(None)).order_by(Holder.id)
    ).all()
    if not found:
        raise HolderUnknown(named)
    if len(found) > 1:
        raise HolderAmbiguous(named, [(holder.id, holder.home) for holder in found])
    return found[0]


def export_of(session: Session, holder: Holder) -> dict[str, Any]:
    """Return everything that is held on a holder, by the names of the columns it is in."""
    passes = _passes(session, holder)
    ids = [sold.id for sold in passes]
    visits = session.scalars(
        select(CheckIn).where(CheckIn.pass_id.in_(ids)).order_by(CheckIn.at, CheckIn.id)
    ).all()
    return {
        "exported_at": clock.now(),
        "holder": _told(holder, HOLDER_FIELDS),
        "passes": [{**_told(sold, PASS_FIELDS), "plan": sold.plan.name} for sold in passes],
        "visits": _all_told(visits, VISIT_FIELDS),
        **_of_passes(session, ids),
        "disputes": _disputes(session, [visit.id for visit in visits]),
        "mails": _mails(session, holder),
    }


def as_json(told: dict[str, Any]) -> str:
    """Return what is held on a holder as the text of a JSON file."""
    return json.dumps(told, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: object) -> str:
    """Write dates and instants as ISO 8601."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _of_passes(session: Session, ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what hangs on passes beside their visits."""
    events = select(PassEvent).where(PassEvent.pass_id.in_(ids)).order_by(PassEvent.id)
    tickets = select(Ticket).where(Ticket.pass_id.in_(ids)).order_by(Ticket.issued_at, Ticket.jti)
    usages = (
        select(PassUsage)
        .where(PassUsage.pass_id.in_(ids))
        .order_by(PassUsage.pass_id, PassUsage.bucket)
    )
    phones = select(Phone).where(Phone.pass_id.in_(ids)).order_by(Phone.bound_at, Phone.jti)
    return {
        "events": _all_told(session.scalars(events), EVENT_FIELDS),
        "tickets": _all_told(session.scalars(tickets), TICKET_FIELDS),
        "usages": _all_told(session.scalars(usages), USAGE_FIELDS),
        "phones": _all_told(session.scalars(phones), PHONE_FIELDS),
    }


def _disputes(session: Session, visits: list[str]) -> list[dict[str, Any]]:
    found = select(Dispute).where(Dispute.check_in.in_(visits)).order_by(Dispute.id)
    return _all_told(session.scalars(found), DISPUTE_FIELDS)


def _mails(session: Session, holder: Holder) -> list[dict[str, Any]]:
    if holder.email is None:
        return []
    found = select(Mail).where(Mail.recipient == holder.email).order_by(Mail.queued_at, Mail.id)
    return _all_told(session.scalars(found), MAIL_FIELDS)


def erase(session: Session, holder: Holder, *, end_passes: bool) -> None:
    """Forget a holder because she asks; links to her wallet open nothing, no phone shows a pass.

    The passes stay usable on paper, nameless, unless she ends them: then their tickets count no
    more, and nothing is given back. Visits stay until the purge, charges as long as accounts must.
    """
    for sold in _passes(session, holder):
        if sold.state in FINAL:
            continue
        if end_passes:
            revoke(session, sold.id, "ended by the holder")
        else:
            cut_off(session, sold.id, "live")
    forget(session, holder)
    home = session.get_one(Space, holder.home)
    record_act(session, "holder_erased", network=home.network, space=home.slug, subject=holder.id)


def forget(session: Session, holder: Holder) -> None:
    """Blank a holder's name and address, her guests, her mails, and words about her."""
    _forget_words(session, [sold.id for sold in _passes(session, holder)])
    if holder.email is not None and not _is_shared(session, holder):
        forget_mails_to(session, holder.email)
    holder.name, holder.email, holder.erased_at = ERASED, None, clock.now()


def _forget_words(session: Session, passes: list[str]) -> None:
    """Blank what people wrote about her passes and visits, her own words in disputes too."""
    session.execute(update(Ticket).where(Ticket.pass_id.in_(passes)).values(recipient=None))
    session.execute(delete(Phone).where(Phone.pass_id.in_(passes)))
    session.execute(update(PassEvent).where(PassEvent.pass_id.in_(passes)).values(reason=""))
    hers = (
        Dispute.check_in.in_(select(CheckIn.id).where(CheckIn.pass_id.in_(passes))),
        Dispute.opened_by == HOLDER,
        Dispute.state != "open",
    )
    session.execute(
        update(DisputeMessage)
        .where(
            DisputeMessage.dispute.in_(select(Dispute.id).where(*hers)),
            DisputeMessage.side == HOLDER,
        )
        .values(text="")
    )
    session.execute(update(Dispute).where(*hers).values(reason=""))
    session.execute(
        update(CheckIn)
        .where(CheckIn.pass_id.in_(passes))
        .values(override_reason=None, void_reason=None)
    )


def _is_shared(session: Session, holder: Holder) -> bool:
    """Say whether mails to her address may be for somebody else: at another home, or at a desk."""
    others = select(Holder.id).where(Holder.email == holder.email, Holder.id != holder.id)
    people = select(Person.id).where(Person.email == holder.email)
    return session.scalar(others.limit(1)) is not None or session.scalar(people) is not None


def _passes(session: Session, holder: Holder) -> list[Pass]:
    return list(
        session.scalars(
            select(Pass).where(Pass.holder_id == holder.id).order_by(Pass.created_at, Pass.id)
        )
    )


def _told(row: Base, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _all_told(rows: Iterable[Base], names: Iterable[str]) -> list[dict[str, Any]]:
    return [_told(row, names) for row in rows]
