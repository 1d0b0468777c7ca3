"""Check-ins as they are recorded, and found again."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from cowopass.desk.models import CheckIn
from cowopass.errors import CheckInUnknown
from cowopass.ledger.models import SettlementLine
from cowopass.networks.models import Network
from cowopass.passes.models import Pass, Plan
from cowopass.people.models import Holder
from cowopass.spaces.models import Space


class Answer(NamedTuple):
    """A check-in as it is recorded, and what else is told of it: the holder's name, her plan.

    They are None where no pass is known, or no more; `currency` is None where no space is.
    `notes` are what its charge says of how it came about. `is_repeated`: it was recorded before.
    """

    check_in: CheckIn
    holder_name: str | None = None
    plan: Plan | None = None
    currency: str | None = None
    notes: tuple[str, ...] = ()
    is_repeated: bool = False

    @property
    def is_capped(self) -> bool:
        """Whether the month's liability cap made the charge smaller."""
        return "liability_capped" in self.notes


def find_check_in(session: Session, check_in_id: str) -> Answer:
    """Return a recorded check-in. Raises CheckInUnknown."""
    found = find_if_recorded(session, check_in_id)
    if found is None:
        raise CheckInUnknown(check_in_id)
    return found


def find_if_recorded(session: Session, check_in_id: str) -> Answer | None:
    """Return a check-in, or None when nothing is recorded under this id."""
    row = session.execute(_select_answers().where(CheckIn.id == check_in_id)).first()
    return _answer_of(row) if row else None


def list_check_ins(
    session: Session,
    space: str,
    first_on: date | None,
    last_on: date | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[Answer], str | None]:
    """Return a page of a space's check-ins, newest first, and the cursor of the next page.

    The days are local and both counted. Raises CheckInUnknown for a false cursor.
    """
    statement = _select_answers().where(CheckIn.space == space)
    if first_on is not None:
        statement = statement.where(CheckIn.on >= first_on)
    if last_on is not None:
        statement = statement.where(CheckIn.on <= last_on)
    if cursor is not None:
        last = find_check_in(session, cursor).check_in
        order = tuple_(CheckIn.on, CheckIn.at, CheckIn.id)
        statement = statement.where(order < (last.on, last.at, last.id))
    statement = statement.order_by(CheckIn.on.desc(), CheckIn.at.desc(), CheckIn.id.desc())
    answers = [_answer_of(row) for row in session.execute(statement.limit(limit + 1))]
    page = answers[:limit]
    return page, page[-1].check_in.id if len(answers) > limit else None


def _select_answers() -> Select[*tuple[Any, ...]]:
    return (
        select(CheckIn, Holder.name, Plan, Network.currency, SettlementLine.notes)
        .outerjoin(Pass, Pass.id == CheckIn.pass_id)
        .outerjoin(Plan, Plan.id == Pass.plan_id)
        .outerjoin(Holder, Holder.id == Pass.holder_id)
        .outerjoin(Space, Space.slug == CheckIn.space)
        .outerjoin(Network, Network.slug == Space.network)
        .outerjoin(SettlementLine, SettlementLine.id == CheckIn.line_id)
        .execution_options(populate_existing=True)
    )


def _answer_of(row: Any) -> Answer:  # noqa: ANN401 (a row of _select_answers)
    check_in, name, plan, currency, notes = row
    return Answer(
        check_in, name, plan, currency, notes=tuple((notes or "").split()), is_repeated=True
    )
