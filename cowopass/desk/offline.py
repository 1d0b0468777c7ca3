"""Who bears a mistake made without network, and as of when a pass is judged.

The server discards nothing. The host is paid for what came within a week, under a bundle that held,
and for so many paper tickets a day; anything beyond is recorded at 0, and says why.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cowopass.database import insert_or_ignore
from cowopass.desk.bundle import fresh_since
from cowopass.desk.facts import AgreementFacts, PassFacts, Unpaid, Visit
from cowopass.desk.journal import Entry
from cowopass.desk.loading import Shown
from cowopass.desk.models import CheckIn, JournalEntry
from cowopass.desk.occupancy import Place
from cowopass.desk.scans import Scan
from cowopass.passes.standing import state_at

_IN_TIME: Final = timedelta(days=7)


class Knowledge(NamedTuple):
    """What a desk could know at a visit: what was known at `as_of`.

    `is_stale`: it named a bundle that did not hold then, or none.
    """

    as_of: datetime
    is_stale: bool


def knowledge_of(session: Session, scan: Scan, at: datetime) -> Knowledge:
    """Return what a desk could know at a visit, by the bundle that its journal names."""
    if scan.entry is None:
        return Knowledge(at, is_stale=False)
    number = scan.entry.bundle
    issued_at = None if number is None else fresh_since(session, scan.space, number, at)
    return Knowledge(issued_at or at, is_stale=issued_at is None)


def as_known(session: Session, facts: PassFacts, shown: Shown, knowledge: Knowledge) -> PassFacts:
    """Return the facts of a pass with its state, and its ticket's, as a desk could know them."""
    state = state_at(session, shown.sold, knowledge.as_of)
    if facts.ticket is None or shown.ticket is None:
        return facts._replace(state=state)
    revoked_at = shown.ticket.revoked_at
    is_revoked = revoked_at is not None and revoked_at <= knowledge.as_of
    return facts._replace(state=state, ticket=facts.ticket._replace(is_revoked=is_revoked))


def why_unpaid(  # noqa: PLR0913 (all that may speak against paying)
    session: Session,
    visit: Visit,
    knowledge: Knowledge,
    shown: Shown,
    place: Place,
    agreement: AgreementFacts | None,
    now: datetime,
) -> Unpaid | None:
    """Return why a visit is recorded at 0, or None when the home pays for it."""
    if now - visit.at > _IN_TIME:
        return "offline_late"
    if knowledge.is_stale:
        return "offline_bundle_stale"
    return "offline_limit" if _is_past_limit(session, shown, place, agreement) else None


def note_entry(session: Session, entry: Entry, scan: Scan, now: datetime) -> None:
    """Remember an entry's number: one that is missing, or comes for two check-ins, shows."""
    row = {
        "journal": entry.journal,
        "number": entry.number,
        "check_in": scan.id,
        "space": scan.space,
        "bundle": entry.bundle,
        "received_at": now,
    }
    insert_or_ignore(session, JournalEntry, [row])


def _is_past_limit(
    session: Session, shown: Shown, place: Place, agreement: AgreementFacts | None
) -> bool:
    """Say whether a space has had its day's number of paper tickets offline under an agreement.

    The space must be held, so that two desks that send at once do not both fill the last place.
    """
    if agreement is None or shown.proof_hash is not None:
        return False
    paper = session.scalar(
        select(func.count()).where(
            CheckIn.space == place.space.slug,
            CheckIn.on == place.on,
            CheckIn.source == "offline",
            CheckIn.state == "accepted",
            CheckIn.agreement == agreement.id,
            CheckIn.proof_hash.is_(None),
        )
    )
    return (paper or 0) >= agreement.offline_paper_per_day
