"""A day at a space: who came, what became of each visit, and what it earned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cowopass.desk.answers import Answer, find_check_in, list_check_ins
from cowopass.desk.models import CheckIn
from cowopass.desk.occupancy import show_occupancy
from cowopass.errors import CheckInUnknown
from cowopass.host.frame import Desk
from cowopass.ledger.models import Dispute
from cowopass.spaces.models import Space
from cowopass.spaces.seats import Pie, pie_of

PAGE = 100
"""So many visits stand on a page."""

EARLIEST = date(2000, 1, 1)
"""No desk let anybody in before: a day that long ago is a slip."""


class Seats(NamedTuple):
    """How full the space is now: people, seats, those that may be squeezed in, and visitors."""

    pie: Pie
    present: int
    free: int | None
    capacity: int | None
    more: int
    visitors: int
    visitors_per_day: int | None


class Day(NamedTuple):
    """A local day of a space. `seats` only for today; amounts in cents.

    `earned_cents` is what the space's charges of the day bring it, less levies, voided and lost
    ones left out; `top_up_cents` is what visitors paid at the desk. `names` are those of the homes.
    """

    on: date
    seats: Seats | None
    answers: list[Answer]
    following: str | None
    earned_cents: int
    top_up_cents: int
    names: dict[str, str]


def read_day(session: Session, desk: Desk, on: date, cursor: str | None) -> Day:
    """Return a page of a day's visits, newest first, with the sums of the whole day.

    Raises CheckInUnknown for a false cursor.
    """
    slug = desk.space.slug
    answers, following = list_check_ins(session, slug, on, on, cursor, PAGE)
    earned_cents, top_up_cents = _sums(session, slug, on)
    return Day(
        on,
        _seats(show_occupancy(session, slug)) if on == desk.today else None,
        answers,
        following,
        earned_cents,
        top_up_cents,
        names_of(session, (answer.check_in.home for answer in answers)),
    )


def read_visit(session: Session, desk: Desk, check_in_id: str) -> Answer:
    """Return a visit at this space. Raises CheckInUnknown, for one elsewhere too."""
    answer = find_check_in(session, check_in_id)
    if answer.check_in.space != desk.space.slug:
        raise CheckInUnknown(check_in_id)
    return answer


def earned_cents(check_in: CheckIn) -> int | None:
    """Return what a visit brings its host, less the levy; None when it is not charged."""
    if check_in.state != "accepted" or check_in.charge_cents is None:
        return None
    return check_in.charge_cents - (check_in.levy_cents or 0)


def day_asked(text: str | None, today: date) -> date:
    """Return the day that an address asks for, today when it names none that has been."""
    try:
        asked = date.fromisoformat(text or "")
    except ValueError:
        return today
    return asked if EARLIEST <= asked < today else today


def neighbours(on: date, today: date) -> tuple[date, date | None]:
    """Return the day before, and the day after if it has come."""
    return on - timedelta(days=1), on + timedelta(days=1) if on < today else None


def names_of(session: Session, slugs: Iterable[str | None]) -> dict[str, str]:
    """Return the names of spaces by their slugs, in one statement."""
    wanted = {slug for slug in slugs if slug}
    if not wanted:
        return {}
    rows = session.execute(select(Space.slug, Space.name).where(Space.slug.in_(wanted)))
    return {row.slug: row.name for row in rows}


def _sums(session: Session, slug: str, on: date) -> tuple[int, int]:
    lost = select(Dispute.check_in).where(Dispute.state == "upheld", Dispute.check_in == CheckIn.id)
    row = session.execute(
        select(
            func.coalesce(func.sum(CheckIn.charge_cents - CheckIn.levy_cents), 0),
            func.coalesce(func.sum(CheckIn.top_up_cents), 0),
        ).where(
            CheckIn.space == slug,
            CheckIn.on == on,
            CheckIn.state == "accepted",
            ~lost.exists(),
        )
    ).one()
    return int(row[0] or 0), int(row[1] or 0)


def _seats(occupancy: dict[str, Any]) -> Seats:
    seats, maximum = occupancy["capacity"], occupancy["maximum"]
    return Seats(
        pie_of(occupancy["present"], seats),
        occupancy["present"],
        occupancy["free"],
        seats,
        max(0, (maximum or 0) - (seats or 0)) if maximum and seats else 0,
        occupancy["visitors_today"],
        occupancy["visitors_per_day"],
    )
