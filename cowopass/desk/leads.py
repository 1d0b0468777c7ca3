"""Where a refusal leads on to: what the desk can do at once, besides saying why."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.orm import Session

from cowopass.desk.answers import Answer
from cowopass.passes.standing import find_pass, standing_of
from cowopass.people.access import Caller

GOLDEN_HELPS = frozenset({"unit_not_covered", "no_units_left"})
"""The refusals that a golden ticket of the same pass gets round: those of its units."""


class Leads(NamedTuple):
    """What a refused pass has all the same: golden tickets left, and a page at its home.

    `golden_left` is 0 where none would help. `pass_id` is told to the space that sold the pass,
    and there to its hosts alone: they may renew it, or let it count again.
    """

    golden_left: int = 0
    pass_id: str | None = None


def leads_of(session: Session, answer: Answer, caller: Caller) -> Leads:
    """Return where a refused check-in leads on to; nowhere for one that is not refused."""
    row = answer.check_in
    if row.state != "refused" or row.pass_id is None:
        return Leads()
    is_ours = row.home is not None and row.home == row.space and caller.serves(row.home, "host")
    golden_left = 0
    if row.code in GOLDEN_HELPS and row.kind == "normal":
        golden_left = standing_of(session, find_pass(session, row.pass_id)).golden_left
    return Leads(golden_left, row.pass_id if is_ours else None)
