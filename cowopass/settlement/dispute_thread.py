"""A dispute as a conversation: what was said by whom, until it ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.acts.actor import present_actor
from cowopass.database import insert_claim
from cowopass.errors import (
    AgreementMissing,
    DisputeDecided,
    DisputeUnknown,
    IdempotencyConflict,
    RoleForbidden,
)
from cowopass.ledger.models import Dispute, DisputeMessage, Period
from cowopass.networks.agreements import own_agreement
from cowopass.networks.models import Network
from cowopass.people.access import Caller
from cowopass.people.models import Person
from cowopass.settlement.dispute_mailing import HOLDER, OPERATOR, tell_others
from cowopass.settlement.disputes import dispute_document, hold_dispute

LONGEST_MESSAGE = 1000


class Author(NamedTuple):
    """For whom somebody speaks: `side` as in DisputeMessage, and which space, if one."""

    side: str
    space: str | None = None


class Said(NamedTuple):
    """Something said in a dispute; `person` is the name of who wrote it, where it is known.

    `kind` is `opened`, `message`, or how it ended: `upheld`, `refused`, `accepted`, `withdrawn`.
    """

    kind: str
    author: Author
    person: str | None
    text: str
    at: datetime


class Thread(NamedTuple):
    """A dispute with all that was said, the oldest first.

    Answers are awaited until `answer_by`, a local day; then a treasurer decides without waiting.
    `days_left` counts down to it; it is None once the dispute has ended.
    """

    dispute: Dispute
    said: list[Said]
    answer_by: date
    days_left: int | None


def find_dispute(session: Session, caller: Caller, dispute_id: str) -> Dispute:
    """Return a dispute to one of its parties. Raises DisputeUnknown and RoleForbidden."""
    dispute = session.get(Dispute, dispute_id)
    if dispute is None:
        raise DisputeUnknown(dispute_id)
    author_of(caller, dispute)
    return dispute


def author_of(caller: Caller, dispute: Dispute) -> Author:
    """Return for whom a caller speaks in a dispute: a space of hers first, then its network.

    Raises RoleForbidden for who is no party, nor its treasurer.
    """
    for side in ("host", "home"):
        space = getattr(dispute, side)
        if space is not None and space in caller.hosted:
            return Author(side, space)
    if dispute.opened_by in caller.hosted:
        return Author("space", dispute.opened_by)
    if caller.is_operator:
        return Author(OPERATOR)
    if caller.keeps(dispute.network):
        return Author("treasurer")
    raise RoleForbidden("the role host at one of the two spaces, or treasurer of their network")


def say(
    session: Session,
    caller: Caller,
    dispute_id: str,
    text: str,
    message_id: str | None = None,
    author: Author | None = None,
) -> tuple[DisputeMessage, bool]:
    """Add a message to an open dispute; return it, and whether it is new.

    `author` is given where a page speaks for one side. The same id again is the same message, once.
    Raises DisputeUnknown, RoleForbidden, DisputeDecided, and IdempotencyConflict for the same id
    with other words.
    """
    dispute = hold_dispute(session, dispute_id)
    return _add(session, dispute, author or author_of(caller, dispute), text, message_id)


def say_as_holder(
    session: Session, dispute_id: str, text: str, message_id: str | None = None
) -> tuple[DisputeMessage, bool]:
    """Add a message of the holder's, whose visit the caller has seen it to be. As `say`."""
    dispute = hold_dispute(session, dispute_id)
    return _add(session, dispute, Author(HOLDER), text, message_id)


def parties_of(dispute: Dispute) -> list[str]:
    """Return the slugs of the spaces that a dispute is about or was opened by."""
    named = (dispute.host, dispute.home, dispute.opened_by)
    return sorted({slug for slug in named if slug and slug not in {HOLDER, OPERATOR}})


def read_words(form: Mapping[str, str], field: str) -> str:
    """Return what somebody typed into a form, its lines kept; no longer than a message may be."""
    lines = (" ".join(line.split()) for line in form.get(field, "").splitlines())
    return "\n".join(lines).strip()[:LONGEST_MESSAGE]


def read_thread(session: Session, dispute: Dispute) -> Thread:
    """Return a dispute with all that was said in it."""
    messages = list_messages(session, dispute.id)
    names = _names(session, messages)
    said = [
        Said("opened", _opener(dispute), None, dispute.reason, dispute.opened_at),
        *(
            Said(
                "message",
                Author(message.side, message.space),
                names.get(message.person or ""),
                message.text,
                message.written_at,
            )
            for message in messages
        ),
    ]
    if dispute.decided_at is not None:
        said.append(_ending(dispute, dispute.decided_at))
    answer_by = _answer_by(session, dispute)
    left = (answer_by - clock.today(_zone(session, dispute))).days
    is_open = dispute.state == "open"
    return Thread(dispute, said, answer_by, max(left, 0) if is_open else None)


def thread_document(thread: Thread) -> dict[str, Any]:
    """Return a conversation as the API shows it."""
    return {
        "dispute": dispute_document(thread.dispute),
        "answer_by": thread.answer_by,
        "days_left": thread.days_left,
        "said": [{**each._asdict(), **each.author._asdict()} for each in thread.said],
    }


def list_messages(session: Session, dispute_id: str) -> list[DisputeMessage]:
    """Return the messages of a dispute, the oldest first."""
    return list(
        session.scalars(
            select(DisputeMessage)
            .where(DisputeMessage.dispute == dispute_id)
            .order_by(DisputeMessage.written_at, DisputeMessage.id)
        )
    )


def _add(
    session: Session, dispute: Dispute, author: Author, text: str, message_id: str | None
) -> tuple[DisputeMessage, bool]:
    actor = present_actor()
    row = {
        "id": message_id or str(uuid4()),
        "dispute": dispute.id,
        "side": author.side,
        "space": author.space,
        "person": actor.id if actor.kind == "person" else None,
        "text": text,
        "written_at": clock.now(),
    }
    known = session.get(DisputeMessage, row["id"])
    if known is None and dispute.state != "open":
        raise DisputeDecided(dispute.id, dispute.state)
    is_new = known is None and insert_claim(session, DisputeMessage, row)
    message = session.get_one(DisputeMessage, row["id"])
    if not is_new and (message.dispute, message.side, message.text) != (
        dispute.id,
        author.side,
        text,
    ):
        raise IdempotencyConflict(str(row["id"]))
    if is_new:
        tell_others(session, dispute, by_holder=author.side == HOLDER)
    return message, is_new


def _opener(dispute: Dispute) -> Author:
    if dispute.opened_by in {HOLDER, OPERATOR}:
        return Author(dispute.opened_by)
    for side in ("host", "home"):
        if dispute.opened_by == getattr(dispute, side):
            return Author(side, dispute.opened_by)
    return Author("space", dispute.opened_by)


def _ending(dispute: Dispute, at: datetime) -> Said:
    """Return the last word: whose it is follows from how the dispute ended."""
    text = dispute.decision or ""
    if dispute.decided_by == "withdrawn":
        return Said("withdrawn", _opener(dispute), None, text, at)
    if dispute.decided_by == "accepted":
        is_home = dispute.opened_by == dispute.host
        author = Author("home", dispute.home) if is_home else Author("host", dispute.host)
        return Said("accepted", author, None, text, at)
    author = Author("treasurer") if dispute.decided_by else Author("host", dispute.host)
    return Said(dispute.state, author, None, text, at)


def _names(session: Session, messages: Iterable[DisputeMessage]) -> dict[str, str]:
    ids = {message.person for message in messages if message.person}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return dict(rows.all())


def _answer_by(session: Session, dispute: Dispute) -> date:
    """Return until when answers are awaited: the review days of the month's agreement.

    They run from when the dispute was opened, or from when the month went out for review.
    """
    zone = _zone(session, dispute)
    period = session.get(Period, (dispute.network, dispute.period))
    begun = [dispute.opened_at]
    if period is not None and period.reviewed_at is not None:
        begun.append(period.reviewed_at)
    try:
        days = own_agreement(session, dispute.network, dispute.period).review_days
    except AgreementMissing:
        days = 0
    return clock.local_day(max(begun), zone) + timedelta(days=days)


def _zone(session: Session, dispute: Dispute) -> str:
    return session.get_one(Network, dispute.network).timezone
