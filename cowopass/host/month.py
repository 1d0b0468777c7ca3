"""A month of a space: what it received, what its own passes cost elsewhere, and every line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from clearing.line import TAKES_BACK, Line, LineKind, effects
from clearing.period import State
from cowopass.host.day import names_of
from cowopass.host.frame import Desk
from cowopass.ledger.models import Dispute, SettlementLine
from cowopass.ledger.rows import LINE_COLUMNS, line_of
from cowopass.settlement.months import stored_totals
from cowopass.settlement.service import get_month
from cowopass.settlement.steps import Month
from cowopass.settlement.transfers import Due

PAGE = 50
"""So many lines stand on a page."""

MOST_DISPUTES = 50

Side = Literal["received", "ours", "late"]


class Sums(NamedTuple):
    """How many visits, and what they come to for the space, in cents with its sign."""

    visits: int = 0
    cents: int = 0

    def plus(self, visits: int, cents: int) -> Sums:
        """Return the sums with more."""
        return Sums(self.visits + visits, self.cents + cents)


class Partner(NamedTuple):
    """What a month comes to with one other space: visits received, visits there, net cents."""

    slug: str
    received: int
    ours: int
    cents: int


class MonthPage(NamedTuple):
    """A month of a space. Amounts in cents; `position_cents` is as it was locked once it is.

    `levy_cents` is part of what was received; `carried_cents` comes from or goes to other months.
    `dues` are the transfers that the space pays or gets.
    """

    month: str
    state: State
    received: Sums
    ours: Sums
    levy_cents: int
    carried_cents: int
    position_cents: int
    partners: list[Partner]
    dues: list[Due]
    names: dict[str, str]

    @property
    def is_locked(self) -> bool:
        """Whether its figures never change again."""
        return self.state in {"locked", "settling", "settled"}


class Group(NamedTuple):
    """Lines of one kind between the same parties, added up."""

    kind: LineKind
    debtor: str
    creditor: str
    home: str | None
    host: str | None
    lines: int
    amount_cents: int
    levy_cents: int


class ShownLine(NamedTuple):
    """A line as the space sees it: what it adds to its position, and with whom.

    `can_contest` is true for a charge that still stands and was not contested yet.
    """

    number: int
    line: Line
    is_received: bool
    other: str | None
    effect_cents: int
    dispute: Dispute | None
    can_contest: bool

    @property
    def on(self) -> date | None:
        """The local day of its visit, if it is of one."""
        return date.fromisoformat(self.line.on) if self.line.on else None


def read_month(session: Session, desk: Desk, month: str) -> MonthPage:
    """Return what a month comes to for a space. Raises MonthInvalid."""
    slug = desk.space.slug
    found = get_month(session, desk.network.slug, month)
    groups = _groups(session, desk, month)
    received, ours, partners = _by_side(groups, slug)
    carried = sum(_effect(group, slug) for group in groups if group.home is None)
    dues = [due for due in found.dues if slug in {due.debtor, due.creditor}]
    others = [*partners, *(due.debtor for due in dues), *(due.creditor for due in dues)]
    return MonthPage(
        month,
        found.state,
        received,
        ours,
        sum(_sign(group) * group.levy_cents for group in groups if group.creditor == slug),
        carried,
        _position(found, slug, received.cents + ours.cents + carried),
        sorted(partners.values()),
        dues,
        names_of(session, others),
    )


def list_month(
    session: Session, desk: Desk, month: str, side: Side | None, other: str | None, before: int
) -> tuple[list[ShownLine], int | None]:
    """Return a page of a space's lines of a month, newest first, and where the next begins.

    `side` and `other` choose lines; `before` is the number that the page before ended with, or 0.
    """
    slug = desk.space.slug
    wanted = [_concerns(desk, month), *_chosen(slug, side, other)]
    if before:
        wanted.append(SettlementLine.number < before)
    rows = session.execute(
        select(*LINE_COLUMNS, SettlementLine.number)
        .where(*wanted)
        .order_by(SettlementLine.number.desc())
        .limit(PAGE + 1)
    ).all()
    lines = [(row.number, line_of(row)) for row in rows[:PAGE]]
    fallen, disputes = _answered(session, [line for _, line in lines])
    shown = [_shown(number, line, slug, fallen, disputes) for number, line in lines]
    return shown, shown[-1].number if len(rows) > PAGE else None


def disputes_of(session: Session, desk: Desk, month: str) -> list[Dispute]:
    """Return the disputes of a space's visits of a month, the open ones first."""
    slug = desk.space.slug
    return list(
        session.scalars(
            select(Dispute)
            .where(or_(Dispute.home == slug, Dispute.host == slug), Dispute.period == month)
            .order_by(Dispute.state != "open", Dispute.id.desc())
            .limit(MOST_DISPUTES)
        )
    )


def _groups(session: Session, desk: Desk, month: str) -> list[Group]:
    columns = [getattr(SettlementLine, name) for name in Group._fields[:5]]
    rows = session.execute(
        select(
            *columns,
            func.count(),
            func.sum(SettlementLine.amount_cents),
            func.sum(SettlementLine.levy_cents),
        )
        .where(_concerns(desk, month))
        .group_by(*columns)
    )
    return [Group(*row[:5], *(int(number) for number in row[5:])) for row in rows]


def _concerns(desk: Desk, month: str) -> ColumnElement[bool]:
    slug = desk.space.slug
    return and_(
        SettlementLine.network == desk.network.slug,
        SettlementLine.period == month,
        or_(SettlementLine.debtor == slug, SettlementLine.creditor == slug),
    )


def _chosen(slug: str, side: Side | None, other: str | None) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if side == "received":
        chosen.append(SettlementLine.host == slug)
    elif side == "ours":
        chosen.append(SettlementLine.home == slug)
    elif side == "late":
        chosen.append(SettlementLine.late_from.is_not(None))
    if other is not None:
        chosen.append(or_(SettlementLine.home == other, SettlementLine.host == other))
    return chosen


def _by_side(groups: Iterable[Group], slug: str) -> tuple[Sums, Sums, dict[str, Partner]]:
    """Return the sums of visits received, of visits of its own elsewhere, and with each space."""
    received, ours, partners = Sums(), Sums(), dict[str, Partner]()
    for group in groups:
        if group.home is None or group.host is None:
            continue
        visits, cents = _sign(group) * group.lines, _effect(group, slug)
        is_received = group.host == slug
        other = group.home if is_received else group.host
        sofar = partners.get(other, Partner(other, 0, 0, 0))
        if is_received:
            received = received.plus(visits, cents)
            sofar = sofar._replace(received=sofar.received + visits)
        else:
            ours = ours.plus(visits, cents)
            sofar = sofar._replace(ours=sofar.ours + visits)
        partners[other] = sofar._replace(cents=sofar.cents + cents)
    return received, ours, partners


def _sign(group: Group) -> int:
    return -1 if group.kind in TAKES_BACK else 1


def _effect(group: Group, slug: str) -> int:
    """Return what a group adds to the position of a space."""
    gain = group.amount_cents - group.levy_cents if group.creditor == slug else 0
    loss = group.amount_cents if group.debtor == slug else 0
    return _sign(group) * (gain - loss)


def _position(found: Month, slug: str, now_cents: int) -> int:
    if found.row is None or found.row.locked_at is None:
        return now_cents
    return int(stored_totals(found.row)["positions"].get(slug, 0))


def _answered(session: Session, lines: Iterable[Line]) -> tuple[frozenset[str], dict[str, Dispute]]:
    """Return the ids of the charges that are answered by another line, and each visit's dispute."""
    charges = [line for line in lines if line.kind == "charge" and line.check_in]
    if not charges:
        return frozenset(), {}
    fallen = session.scalars(
        select(SettlementLine.reverses).where(
            SettlementLine.check_in.in_([line.check_in for line in charges]),
            SettlementLine.kind == "reversal",
        )
    )
    disputes = session.scalars(
        select(Dispute)
        .where(Dispute.check_in.in_([line.check_in for line in charges]))
        .order_by(Dispute.id)
    )
    return (
        frozenset(answered for answered in fallen if answered),
        {dispute.check_in: dispute for dispute in disputes if dispute.check_in},
    )


def _shown(
    number: int, line: Line, slug: str, fallen: frozenset[str], disputes: dict[str, Dispute]
) -> ShownLine:
    is_received = line.host == slug
    stands = line.kind == "charge" and line.id not in fallen
    dispute = disputes.get(line.check_in or "") if line.kind == "charge" else None
    return ShownLine(
        number,
        line,
        is_received,
        line.home if is_received else line.host,
        sum(cents for name, cents in effects(line) if name == slug),
        dispute,
        stands and line.check_in is not None and dispute is None,
    )
