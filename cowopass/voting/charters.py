"""The charter of a network: how it votes. It comes with a network file, or by a vote."""

from __future__ import annotations

from datetime import date

from marshmallow import Schema, validate
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock, fields
from cowopass.acts.service import record_act
from cowopass.database import Outcome, assign
from cowopass.networks.models import Network
from cowopass.networks.terms import WHOLE
from cowopass.voting.models import Charter
from cowopass.voting.rules import CharterTerms

DEFAULT = CharterTerms()
"""How a network votes that has said nothing else."""


class CharterSchema(Schema):
    """How a network votes. Given whole: what is left out has the value told here."""

    quorum_bps = fields.WholeNumber(load_default=DEFAULT.quorum_bps, validate=WHOLE)
    majority_bps = fields.WholeNumber(load_default=DEFAULT.majority_bps, validate=WHOLE)
    voting_days = fields.WholeNumber(
        load_default=DEFAULT.voting_days, validate=validate.Range(1, 90)
    )
    notice_days = fields.WholeNumber(
        load_default=DEFAULT.notice_days, validate=validate.Range(0, 90)
    )


def charter_on(session: Session, network: str, day: date) -> CharterTerms:
    """Return how a network votes on a day."""
    found = session.scalar(
        select(Charter)
        .where(Charter.network == network, Charter.effective_from <= day)
        .order_by(Charter.effective_from.desc())
        .limit(1)
    )
    return DEFAULT if found is None else _terms_of(found)


def save_charter(
    session: Session,
    network: Network,
    terms: CharterTerms,
    effective_from: date | None = None,
    proposal: str | None = None,
) -> Outcome:
    """Write how a network votes from a day on, today if none is given.

    Votes that are open go on by the charter they were opened under.
    """
    day = effective_from or clock.today(network.timezone)
    if proposal is None and charter_on(session, network.slug, day) == terms:
        return "unchanged"
    columns = {**terms._asdict(), "proposal": proposal, "created_at": clock.now()}
    known = session.get(Charter, (network.slug, day))
    if known is None:
        session.add(Charter(network=network.slug, effective_from=day, **columns))
        session.flush()
    else:
        assign(known, columns)
    act = "charter_saved" if proposal is None else "charter_voted"
    record_act(session, act, network=network.slug, subject=day.isoformat())
    return "added" if known is None else "changed"


def list_charters(session: Session, network: str) -> list[Charter]:
    """Return every version of a network's charter, the latest first."""
    rows = session.scalars(
        select(Charter).where(Charter.network == network).order_by(Charter.effective_from.desc())
    )
    return list(rows)


def _terms_of(charter: Charter) -> CharterTerms:
    return CharterTerms(*(getattr(charter, name) for name in CharterTerms._fields))
