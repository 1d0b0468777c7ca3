"""The votes of the demonstration: one that passed, and one that is open now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from clearing.period import first_day
from cowopass.config import Config
from cowopass.people.access import Caller, caller_with
from cowopass.voting.closing import close_due
from cowopass.voting.rules import Choice
from cowopass.voting.service import Draft, cast_vote, open_proposal

NETWORK = "sainte"
AUTHOR = "rubanerie"
OPEN_SINCE = timedelta(days=5)

REVIEW = Draft(
    "rule",
    NETWORK,
    "Sept jours pour relire le mois, c’est court quand on tient le comptoir seul. Prenons-en dix.",
    {"review_days": 10},
    AUTHOR,
    "6b6f1a52-8a0f-4b8e-9a55-0d1c5f7e2013",
)
MIDPOINT = Draft(
    "rule",
    NETWORK,
    "Aujourd’hui, le lieu qui vend paie tout l’écart entre les tarifs. Partageons-le en deux : "
    "ni ceux qui vendent ni ceux qui reçoivent ne portent tout.",
    {"rule": {"kind": "difference_share", "share_bps": 5_000, "cap_at_host_price": True}},
    AUTHOR,
    "6b6f1a52-8a0f-4b8e-9a55-0d1c5f7e2014",
)

REVIEW_VOTES: dict[str, Choice] = {
    "rubanerie": "for",
    "cret": "for",
    "manivelle": "for",
    "lampisterie": "for",
    "comptoir-numerique": "for",
    "halle-aux-cycles": "against",
}
MIDPOINT_VOTES: dict[str, Choice] = {
    "rubanerie": "for",
    "halle-aux-cycles": "against",
    "cret": "for",
}


def vote_acts(
    session: Session, config: Config, month: str, now: datetime
) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """Yield what happens and when: a vote of a past month (YYYY-MM), and one that is open now.

    The first is opened early in its month, so that it is in force from the next one on.
    """
    opened_at = datetime.combine(first_day(month), datetime.min.time(), UTC) + timedelta(days=2)
    yield from _vote(session, config, REVIEW, REVIEW_VOTES, opened_at + timedelta(hours=9))
    yield opened_at + timedelta(days=16), partial(close_due, session, config)
    yield from _vote(session, config, MIDPOINT, MIDPOINT_VOTES, now - OPEN_SINCE)


def _vote(
    session: Session, config: Config, draft: Draft, votes: dict[str, Choice], at: datetime
) -> Iterator[tuple[datetime, Callable[[], object]]]:
    yield at, partial(open_proposal, session, config, _host(AUTHOR), draft)
    for days, (space, choice) in enumerate(votes.items()):
        cast_at = at + timedelta(hours=1 + 20 * days)
        yield cast_at, partial(cast_vote, session, _host(space), draft.id or "", space, choice)


def _host(space: str) -> Caller:
    return caller_with("demo", "host", NETWORK, space)
