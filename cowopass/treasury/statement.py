"""A space's statement as a page: its position, its visits space by space."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.orm import Session

from cowopass.settlement.months import read_flows
from cowopass.settlement.service import show_month


class Figures(NamedTuple):
    """What a statement comes to, in cents: the position, and the gross received and made."""

    position_cents: int
    in_cents: int
    out_cents: int


class Other(NamedTuple):
    """What came from another party, and what was spent there, gross, in cents."""

    slug: str
    in_cents: int
    out_cents: int


class Statement(NamedTuple):
    """The figures of a statement; `others` are the parties it has visits with, by slug."""

    figures: Figures
    others: list[Other]
    is_locked: bool


def view_statement(session: Session, network: str, month: str, space: str) -> Statement:
    """Return the figures of a space's statement. Raises MonthInvalid."""
    facts = show_month(session, network, month)
    flows = read_flows(session, network, month)
    parties = {party for pair in flows if space in pair for party in pair} - {space}
    others = [
        Other(slug, flows.get((slug, space), 0), flows.get((space, slug), 0))
        for slug in sorted(parties)
    ]
    positions = {each["participant"]: each["amount_cents"] for each in facts["positions"]}
    figures = Figures(
        positions.get(space, 0),
        sum(other.in_cents for other in others),
        sum(other.out_cents for other in others),
    )
    return Statement(figures, others, is_locked=bool(facts["locked_at"]))
