"""What a check-in is decided with, loaded in few statements: pass and space, rates, visits.

The pass is locked first; what is used of it is read in a later statement, since PostgreSQL reads
joined tables as they were before it waited for the lock. A space that limits its people is locked
after the pass, so that two desks never give away its last seat.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from clearing.line import Unit
from clearing.period import first_day, last_day, month_of
from cowopass.desk.facts import (
    AgreementFacts,
    PassFacts,
    PastVisit,
    SpaceFacts,
    TicketFacts,
    Visit,
)
from cowopass.desk.models import CheckIn
from cowopass.desk.occupancy import (
    PRESENCE_COLUMNS,
    Place,
    Presence,
    count_people,
    place_at,
    presence_of,
)
from cowopass.networks.agreements import terms_of
from cowopass.networks.models import Agreement, Network
from cowopass.passes.models import Pass, PassUsage, Plan, Ticket
from cowopass.passes.usage import Used
from cowopass.people.models import Holder
from cowopass.spaces.hours import is_open
from cowopass.spaces.membership import standing_of
from cowopass.spaces.models import Price, Space
from wallet.plan import bucket

# Made once: to make an alias of a wide table takes longer than to read a row of it.
_HOME, _HOST = aliased(Space), aliased(Space)
_VERSION = aliased(Agreement)


class Shown(NamedTuple):
    """A pass that is here, its holder's name and its home; `ticket` is None if none was shown.

    `proof_hash` is that of the proof by which a phone showed it.
    """

    sold: Pass
    plan: Plan
    holder_name: str
    home: Space
    ticket: Ticket | None = None
    proof_hash: str | None = None

    @property
    def is_golden(self) -> bool:
        """Whether it was shown by a golden ticket."""
        return self.ticket is not None and self.ticket.kind == "golden"

    def bucket_on(self, on: date) -> str:
        """Return whose units a visit uses: a golden ticket says itself whose allowance it is of."""
        month = self.ticket.golden_month if self.ticket is not None else None
        return month or bucket(self.plan.terms.kind, on)


class Scene(NamedTuple):
    """The pass shown, and the space visited with its network; each None if unknown here."""

    shown: Shown | None
    space: Space | None
    network: Network | None

    def place_at(self, at: datetime) -> Place | None:
        """Return where and on which local day a visit at an instant takes place."""
        if self.space is None or self.network is None:
            return None
        return place_at(self.space, self.network, at)


class Rates(NamedTuple):
    """What a visit on a day costs and uses: agreement, the host's prices, the bucket's usage."""

    agreement: AgreementFacts | None
    prices: Mapping[Unit, int]
    used: Used


def load_scene_of_ticket(
    session: Session, ticket: ColumnElement[bool], space: str, *, hold: bool
) -> Scene:
    """Return the pass of the ticket that fits a condition, and the space visited.

    To `hold` is to lock pass and ticket until the transaction ends.
    """
    statement = _scene(space).add_columns(Ticket).join(Ticket, Ticket.pass_id == Pass.id)
    if hold:
        statement = statement.with_for_update(of=[Pass, Ticket])
    return _scene_of(session, statement.where(ticket), space)


def load_scene_of_pass(session: Session, pass_id: str, space: str) -> Scene:
    """Return a pass, locked until the transaction ends, and the space visited."""
    statement = _scene(space).where(Pass.id == pass_id).with_for_update(of=Pass)
    return _scene_of(session, statement, space)


def load_scene_without_pass(session: Session, space: str) -> Scene:
    """Return the space visited, for a ticket that tells of no pass."""
    row = session.execute(
        select(Space, Network)
        .join(Network, Network.slug == Space.network)
        .where(Space.slug == space)
    ).first()
    return Scene(None, row[0], row[1]) if row else Scene(None, None, None)


def _scene(space: str) -> Select[*tuple[Any, ...]]:
    return (
        select(_HOST, Network, Pass, Plan, Holder.name, _HOME)
        .select_from(Pass)
        .join(Plan, Plan.id == Pass.plan_id)
        .join(Holder, Holder.id == Pass.holder_id)
        .join(_HOME, _HOME.slug == Pass.home)
        .outerjoin(_HOST, _HOST.slug == space)
        .outerjoin(Network, Network.slug == _HOST.network)
    )


def _scene_of(session: Session, statement: Select[*tuple[Any, ...]], space: str) -> Scene:
    row = session.execute(statement.execution_options(populate_existing=True)).first()
    if row is None:
        return load_scene_without_pass(session, space)
    host, network, *shown = row
    return Scene(Shown(*shown), host, network)


def load_rates(session: Session, shown: Shown, place: Place, *, hold: bool) -> Rates:
    """Return what the visit costs and what is used of the pass; its row must be locked before.

    To `hold` is to lock the space too, until the transaction ends.
    """
    sold, on = shown.sold, place.on
    latest = _latest_agreement(sold.network, place.space.network, on)
    in_bucket = and_(PassUsage.pass_id == sold.id, PassUsage.bucket == shown.bucket_on(on))
    statement = (
        select(Agreement, *_USED_COLUMNS, Price.unit, Price.amount_cents)
        .select_from(Space)
        .outerjoin(Agreement, Agreement.id == latest)
        .outerjoin(PassUsage, in_bucket)
        .outerjoin(Price, and_(Price.space == Space.slug, Price.effective_from <= on))
        .where(Space.slug == place.space.slug)
        .order_by(Price.effective_from)
    )
    if hold:
        # Not FOR UPDATE: rows that refer to the space, as check-ins do, must not wait for it.
        statement = statement.with_for_update(of=Space, key_share=True)
    rows = session.execute(statement).all()
    agreement, *used = rows[0][:4]
    return Rates(
        agreement_facts(agreement),
        {row.unit: row.amount_cents for row in rows if row.unit is not None},
        Used(*(amount or 0 for amount in used)),
    )


def _latest_agreement(home: str, host: str, on: date) -> ScalarSelect[str]:
    """Return the id of the agreement between two networks in force on a day."""
    return (
        select(_VERSION.id)
        .where(_VERSION.home == home, _VERSION.host == host, _VERSION.effective_from <= on)
        .order_by(_VERSION.effective_from.desc())
        .limit(1)
        .scalar_subquery()
    )


_USED_COLUMNS = (PassUsage.units_used, PassUsage.golden_used, PassUsage.value_given_cents)


def agreement_facts(agreement: Agreement | None) -> AgreementFacts | None:
    """Return what `decide` asks about an agreement."""
    if agreement is None:
        return None
    return AgreementFacts(
        agreement.id,
        terms_of(agreement),
        agreement.roaming_days_per_month,
        agreement.offline_paper_per_day,
    )


def load_visits(
    session: Session, pass_id: str, place: Place, *, with_people: bool
) -> tuple[dict[str, PastVisit], list[Presence]]:
    """Return the pass's accepted visits of the month by id, and who came to the space lately.

    One statement: `with_people` asks for the second part, which is empty otherwise.
    """
    month = month_of(place.on)
    of_pass = and_(
        CheckIn.pass_id == pass_id, CheckIn.on.between(first_day(month), last_day(month))
    )
    lately = CheckIn.on.between(place.on - timedelta(days=1), place.on)
    here = and_(CheckIn.space == place.space.slug, lately)
    wanted = or_(of_pass, here) if with_people else of_pass
    rows = session.execute(
        select(*PRESENCE_COLUMNS, CheckIn.charge_cents).where(CheckIn.state == "accepted", wanted)
    ).all()
    past = {row.id: _past_visit(row) for row in rows if row.pass_id == pass_id}
    people = [presence_of(row) for row in rows if with_people and row.space == place.space.slug]
    return {key: visit for key, visit in past.items() if month_of(visit.on) == month}, people


def load_visits_of_pass(
    session: Session, pass_id: str, first_on: date, last_on: date
) -> list[PastVisit]:
    """Return the accepted visits of a pass on the local days from the first to the last."""
    rows = session.execute(
        select(*PRESENCE_COLUMNS, CheckIn.charge_cents).where(
            CheckIn.state == "accepted",
            CheckIn.pass_id == pass_id,
            CheckIn.on.between(first_on, last_on),
        )
    )
    return [_past_visit(row) for row in rows]


def _past_visit(row: Any) -> PastVisit:  # noqa: ANN401 (a row of many columns)
    return PastVisit(
        space=row.space,
        on=row.on,
        away=row.space != row.home,
        golden=row.kind == "golden",
        reentry=row.reentry,
        charge_cents=row.charge_cents or 0,
    )


def pass_facts(shown: Shown, used: Used, on: date, starts_at: datetime | None) -> PassFacts:
    """Return what `decide` asks about the pass; `starts_at` is the ticket's own beginning."""
    sold, home, ticket = shown.sold, shown.home, shown.ticket
    return PassFacts(
        id=sold.id,
        network=sold.network,
        home=sold.home,
        state=sold.state,
        plan=shown.plan.terms,
        starts_on=sold.starts_on,
        ends_on=sold.ends_on,
        price_cents=sold.price_paid_cents,
        units_used=used.units,
        golden_used=used.golden,
        given_cents=used.given_cents,
        home_is_suspended=not standing_of(home).passes_roam(on),
        ticket=_ticket_facts(ticket, starts_at) if ticket is not None else None,
    )


def _ticket_facts(ticket: Ticket, starts_at: datetime | None) -> TicketFacts:
    return TicketFacts(
        starts_at,
        ticket.expires_at,
        is_revoked=ticket.revoked_at is not None,
        is_used=ticket.used_at is not None,
    )


def takes_part(space: Space, on: date) -> bool:
    """Say whether a space is a member on a day: joined, and not past its last day."""
    return standing_of(space).takes_part(on)


def space_facts(
    visit: Visit, place: Place, prices: Mapping[Unit, int], people: list[Presence]
) -> SpaceFacts:
    """Return what `decide` asks about the space, which is full when its comfortable seats are."""
    space = place.space
    count = count_people(people, place, visit.at)
    return SpaceFacts(
        slug=space.slug,
        network=space.network,
        prices=prices,
        is_open=is_open(space.opening_hours, space.closed_days, place.local),
        present=count.present,
        capacity=place.seats,
        visitors=count.visitors,
        visitors_per_day=space.visitors_per_day,
    )
