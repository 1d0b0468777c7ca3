"""What a space sees of the passes it sold: the list to search, and one of them in full."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from cowopass.errors import PassUnknown
from cowopass.host.frame import Desk
from cowopass.passes.models import Pass, PassEvent, Ticket
from cowopass.passes.standing import Standing, find_pass, standing_of, standings_of
from cowopass.passes.tickets import tickets_of
from cowopass.people.models import Holder
from wallet.code import read_code
from wallet.errors import CodeInvalid

PAGE = 50
"""So many passes stand on a page."""


class PassPage(NamedTuple):
    """A page of a space's passes, newest first; `following` is where the next begins, if any."""

    standings: list[Standing]
    following: str | None


class PassInFull(NamedTuple):
    """A pass as its home sees it: where it stands, its tickets, and what happened to it."""

    standing: Standing
    tickets: list[Ticket]
    events: list[PassEvent]

    @property
    def paper(self) -> Ticket | None:
        """Its newest paper ticket that still counts."""
        counting = [one for one in self.tickets if one.kind == "paper" and not one.revoked_at]
        return max(counting, key=lambda one: (one.expires_at, one.issued_at), default=None)

    @property
    def golden(self) -> list[Ticket]:
        """The golden tickets that were handed over, newest first."""
        return [one for one in reversed(self.tickets) if one.kind == "golden"]


def search_passes(session: Session, desk: Desk, wanted: str, after: str | None) -> PassPage:
    """Return a page of the passes that a space sold: all, or those that a search finds.

    What is wanted is part of a holder's name, the code of a ticket, or the space's own reference.
    Raises PassUnknown when `after` is no pass of this space.
    """
    statement = select(Pass).where(Pass.home == desk.space.slug)
    if wanted:
        statement = statement.join(Holder, Holder.id == Pass.holder_id).where(_matches(wanted))
    if after is not None:
        last = pass_of_desk(session, desk, after)
        statement = statement.where(tuple_(Pass.created_at, Pass.id) < (last.created_at, last.id))
    statement = statement.options(joinedload(Pass.plan), joinedload(Pass.holder))
    order = (Pass.created_at.desc(), Pass.id.desc())
    found = list(session.scalars(statement.order_by(*order).limit(PAGE + 1)))
    page = found[:PAGE]
    return PassPage(standings_of(session, page), page[-1].id if len(found) > len(page) else None)


def pass_of_desk(session: Session, desk: Desk, pass_id: str) -> Pass:
    """Return a pass that this space sold. Raises PassUnknown for any other."""
    sold = find_pass(session, pass_id)
    if sold.home != desk.space.slug:
        raise PassUnknown(pass_id)
    return sold


def read_pass(session: Session, desk: Desk, pass_id: str) -> PassInFull:
    """Return all that a space may know of a pass it sold; not where its holder went.

    Raises PassUnknown.
    """
    sold = pass_of_desk(session, desk, pass_id)
    events = session.scalars(
        select(PassEvent).where(PassEvent.pass_id == pass_id).order_by(PassEvent.id.desc())
    )
    return PassInFull(standing_of(session, sold), tickets_of(session, pass_id), list(events))


def _matches(wanted: str) -> ColumnElement[bool]:
    # SQLite knows capitals of ASCII alone: `élodie` is looked for as `Élodie` too.
    ways = {wanted, wanted.title()}
    conditions: list[ColumnElement[bool]] = [
        Holder.name.icontains(way, autoescape=True) for way in sorted(ways)
    ]
    conditions.append(Pass.reference == wanted)
    try:
        code = read_code(wanted)
    except CodeInvalid:
        return or_(*conditions)
    return or_(*conditions, Pass.id.in_(select(Ticket.pass_id).where(Ticket.code == code)))
