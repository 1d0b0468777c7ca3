"""The documents of a month that are made in the background: asked for, claimed, made, kept.

A job that is claimed is one process's for a while. What it makes is kept file by file, so that a
process that dies loses no more than the file it was making, and the next one goes on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from clearing.period import parse_month
from cowopass import clock
from cowopass.bank.payment_files import payment_file
from cowopass.database import insert_claim, upsert
from cowopass.documents.edition import Edition
from cowopass.documents.kinds import Listing, Wanted
from cowopass.documents.lacks import Lack
from cowopass.documents.models import Document, DocumentJob
from cowopass.errors import DocumentUnknown
from cowopass.settlement.models import Payment, Transfer
from cowopass.settlement.service import get_network
from cowopass.settlement.transfers import list_dues

LEASE = timedelta(minutes=2)
"""How long a job is left to a process that says nothing more of it."""

MOST_TRIES = 3
"""A job that was begun so often without an end is given up: something is wrong with it."""


class Key(NamedTuple):
    """A network and a month, YYYY-MM: there is one job for each."""

    network: str
    month: str


def ask_documents(session: Session, network: str, month: str) -> None:
    """Ask for the documents of a month; what is being worked on goes on, and is looked over again.

    Raises NetworkUnknown and MonthInvalid.
    """
    get_network(session, network)
    key = Key(network, parse_month(month))
    now = clock.now()
    row = {
        "network": key.network,
        "period": key.month,
        "asked_at": now,
        "claimed_until": None,
        "finished_at": None,
        "tries": 0,
        "total": 0,
        "done": 0,
        "lacks": [],
    }
    if insert_claim(session, DocumentJob, row):
        return
    job = session.get_one(DocumentJob, key, with_for_update=True, populate_existing=True)
    if not is_running(job):
        job.asked_at, job.finished_at, job.claimed_until = now, None, None
    job.tries = 0


def find_job(session: Session, network: str, month: str) -> DocumentJob | None:
    """Return what was asked for last, None when nothing ever was."""
    return session.get(DocumentJob, Key(network, month))


def has_moved_since(session: Session, job: DocumentJob) -> bool:
    """Return whether a payment was noted after a job was asked for: kept entries lack it."""
    moved = (
        select(Payment.id)
        .join(Transfer, Transfer.id == Payment.transfer_id)
        .where(
            Transfer.network == job.network,
            Transfer.period == job.period,
            Payment.recorded_at > job.asked_at,
        )
    )
    return session.scalar(moved.limit(1)) is not None


def is_running(job: DocumentJob) -> bool:
    """Return whether a job waits for its turn or is worked on, and is not given up."""
    is_held = job.claimed_until is not None and job.claimed_until > clock.now()
    return job.finished_at is None and (is_held or job.tries < MOST_TRIES)


def has_due(session: Session) -> bool:
    """Return whether a job waits for a process."""
    return session.scalar(select(DocumentJob.network).where(_is_due()).limit(1)) is not None


def claim_due(session: Session) -> Key | None:
    """Hold a job that waits, and return which; None when there is none.

    The caller commits before it works: a process that dies leaves the job to the next one.
    """
    job = session.scalar(
        select(DocumentJob)
        .where(_is_due())
        .order_by(DocumentJob.asked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if job is None:
        return None
    job.tries += 1
    job.claimed_until = clock.now() + LEASE
    return Key(job.network, job.period)


def begin(session: Session, key: Key, listing: Listing, edition: Edition) -> list[Wanted]:
    """Note what a job is about, forget what is no longer wanted, and return what is to be made."""
    paths = {wanted.path for wanted in listing.wanted}
    rows = session.execute(select(Document.path, Document.edition).where(_of(key)))
    kept = {row.path: row.edition for row in rows}
    gone = kept.keys() - paths
    if gone:
        session.execute(delete(Document).where(_of(key), Document.path.in_(gone)))
    left = [wanted for wanted in listing.wanted if kept.get(wanted.path) != edition.of(wanted)]
    job = session.get_one(DocumentJob, key)
    job.total, job.done = len(listing.wanted), len(listing.wanted) - len(left)
    job.lacks = [lack._asdict() for lack in listing.lacks]
    return left


def keep(
    session: Session, key: Key, wanted: Wanted, edition: Edition, made: bytes | Lack | None
) -> None:
    """Keep a document, or note why it can not be made; the job is held a while longer."""
    job = session.get_one(DocumentJob, key)
    job.done += 1
    job.claimed_until = clock.now() + LEASE
    if isinstance(made, bytes):
        row = {
            "network": key.network,
            "period": key.month,
            "path": wanted.path,
            "space": wanted.space,
            "edition": edition.of(wanted),
            "size": len(made),
            "content": made,
            "made_at": clock.now(),
        }
        upsert(session, Document, [row])
        return
    # What was made of other records would no longer be right.
    session.execute(delete(Document).where(_of(key), Document.path == wanted.path))
    if made is not None:
        job.lacks = [*job.lacks, made._asdict()]


def finish(session: Session, key: Key) -> None:
    """Note that all is made that can be; who asked meanwhile has it looked over once more.

    Something may have changed after the work began.
    """
    job = session.get_one(DocumentJob, key, with_for_update=True, populate_existing=True)
    job.claimed_until = None
    if job.tries:
        job.finished_at = clock.now()


def list_documents_of(session: Session, network: str, month: str) -> list[Document]:
    """Return the documents of a month that are kept, without their content, by path.

    A payment file is left out once all that it pays was seen.
    """
    found = select(Document).where(_of(Key(network, month))).order_by(Document.path)
    owing = {due.debtor for due in list_dues(session, network, month) if due.left_cents}
    return [one for one in session.scalars(found) if not one.is_payment or one.space in owing]


def content_of(session: Session, document: Document) -> bytes:
    """Return what a document says now. Raises DocumentUnknown when that is nothing any more.

    A payment file is written anew of what is left to pay: one that was kept may have been paid
    since, and would be paid a second time. Raises as `payment_file` does.
    """
    if not document.is_payment or document.space is None:
        return document.content
    content = payment_file(session, document.network, document.period, document.space)
    if content is None:
        raise DocumentUnknown(document.path)
    return content


def find_document(session: Session, network: str, month: str, path: str) -> Document:
    """Return a document that is kept. Raises DocumentUnknown."""
    document = session.get(Document, (network, month, path))
    if document is None:
        raise DocumentUnknown(path)
    return document


def _of(key: Key) -> ColumnElement[bool]:
    return and_(Document.network == key.network, Document.period == key.month)


def _is_due() -> ColumnElement[bool]:
    return and_(
        DocumentJob.finished_at.is_(None),
        DocumentJob.tries < MOST_TRIES,
        or_(DocumentJob.claimed_until.is_(None), DocumentJob.claimed_until <= clock.now()),
    )
