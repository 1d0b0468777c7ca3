"""Every visit made with a holder's passes: where, when, what it took, and who contests it."""

from __future__ import annotations

from typing import Literal, NamedTuple, cast

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from clearing.line import Unit
from cowopass.desk.models import CheckIn
from cowopass.errors import CheckInUnknown
from cowopass.language import spoken_language
from cowopass.ledger.models import Dispute
from cowopass.networks.models import Network
from cowopass.passes.models import Pass
from cowopass.people.models import Holder
from cowopass.problems import sentence
from cowopass.settlement.disputes import disputes_of
from cowopass.spaces.models import Space

PAGE = 30

Mark = Literal["accepted", "reentry", "refused"]


class Visit(NamedTuple):
    """A visit with the space where it was, and the latest dispute about it, if any."""

    check_in: CheckIn
    sold: Pass
    space: Space
    network: Network
    dispute: Dispute | None

    @property
    def mark(self) -> Mark:
        """The shape that shows what became of it."""
        if self.check_in.state != "accepted":
            return "refused"
        return "reentry" if self.check_in.reentry else "accepted"

    @property
    def unit(self) -> Unit:
        """The unit in which the pass counts."""
        return cast(Unit, self.sold.plan.unit)

    @property
    def may_contest(self) -> bool:
        """Whether a space was paid for it, so that there is something to contest."""
        is_paid = self.check_in.charge_cents is not None and self.check_in.state == "accepted"
        return is_paid and self.dispute is None

    @property
    def refusal(self) -> str:
        """Why it was refused, in a sentence."""
        return sentence(str(self.check_in.code), language=spoken_language())


class VisitPage(NamedTuple):
    """Some visits, newest first; `next` is the id of the last when there are more."""

    visits: list[Visit]
    next: str | None


def list_visits(session: Session, holder: Holder, after: str | None = None) -> VisitPage:
    """Return a page of a holder's visits, newest first, those refused and voided among them.

    `after` is the last visit of the page before. Raises CheckInUnknown for one that is not hers.
    """
    statement = _visits(holder).order_by(CheckIn.at.desc(), CheckIn.id.desc()).limit(PAGE + 1)
    if after is not None:
        last = find_visit(session, holder, after).check_in
        statement = statement.where(tuple_(CheckIn.at, CheckIn.id) < (last.at, last.id))
    found = _load(session, statement)
    page = found[:PAGE]
    return VisitPage(page, page[-1].check_in.id if len(found) > PAGE else None)


def find_visit(session: Session, holder: Holder, check_in_id: str) -> Visit:
    """Return one of a holder's visits. Raises CheckInUnknown."""
    found = _load(session, _visits(holder).where(CheckIn.id == check_in_id))
    if not found:
        raise CheckInUnknown(check_in_id)
    return found[0]


def _visits(holder: Holder) -> Select[CheckIn, Pass, Space, Network]:
    return (
        select(CheckIn, Pass, Space, Network)
        .join(Pass, Pass.id == CheckIn.pass_id)
        .join(Space, Space.slug == CheckIn.space)
        .join(Network, Network.slug == Space.network)
        .where(Pass.holder_id == holder.id)
    )


def _load(session: Session, statement: Select[CheckIn, Pass, Space, Network]) -> list[Visit]:
    rows = session.execute(statement).all()
    disputes = disputes_of(session, [row[0].id for row in rows])
    return [Visit(*row, disputes.get(row[0].id)) for row in rows]
