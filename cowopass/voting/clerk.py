"""What a vote needs somebody for when its hour has come: counted, reminded, carried through."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cowopass.chores import Chore
from cowopass.config import Config
from cowopass.running import current_config
from cowopass.transaction import transaction
from cowopass.voting.closing import close_due, has_due, remind_due
from cowopass.voting.departures import end_sold_days, passes_to_end
from cowopass.voting.models import Proposal


def do_due(session: Session, config: Config) -> list[Proposal]:
    """Count what is over, remind who has not voted, end passes as voted; return what was counted.

    Again it finds nothing to do. Two at once queue at the rows of the proposals.
    """
    counted = close_due(session, config)
    remind_due(session, config)
    end_sold_days(session)
    return counted


def _is_due(session: Session) -> bool:
    return has_due(session) or bool(passes_to_end(session))


def _do() -> None:
    with transaction() as session:
        do_due(session, current_config())


CLERK = Chore("clerk", seconds=60, is_due=_is_due, do=_do)
