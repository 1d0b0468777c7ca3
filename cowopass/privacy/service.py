"""The purge: what has been kept for long enough is forgotten, and a second time changes nothing."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.acts.service import record_act
from cowopass.bank.forgetting import forget_old_entries
from cowopass.mail.service import forget_old_mails
from cowopass.networks.models import Network
from cowopass.passes.binding_codes import forget_old_codes
from cowopass.people.once import forget_old_secrets
from cowopass.people.sessions import forget_old_sessions
from cowopass.privacy.ages import KEPT_MONTHS, Due, due_of, months_ago
from cowopass.privacy.holders import forget_guests, forget_holders
from cowopass.privacy.people import forget_people
from cowopass.privacy.visits import destroy_keys, forget_placeless, forget_visits, forget_words
from cowopass.web.rates import forget_old_counts


class PurgedMonth(NamedTuple):
    """What the purge did in a month (YYYY-MM) of a network.

    `check_ins` were blanked; `words` are reasons of voids and disputes that were; `key_destroyed`
    says whether the month's pseudonym key was still there.
    """

    network: str
    month: str
    check_ins: int
    words: int
    key_destroyed: bool


class Purged(NamedTuple):
    """What the purge did, by month; `others` counts what is of none: `holders`, `mails`."""

    months: list[PurgedMonth]
    others: dict[str, int]


def purge(session: Session) -> Purged:
    """Forget all that has been kept for long enough, in every network."""
    months, others = [], Counter({"holders": 0, "guests": 0})
    for network in session.scalars(select(Network).order_by(Network.slug)):
        due = due_of(session, network)
        if due is not None:
            months += _purge_months(session, due)
            # After the visits: who is still named by one is not forgotten yet.
            others.update(holders=forget_holders(session, due), guests=forget_guests(session, due))
    before = months_ago(KEPT_MONTHS)
    others.update(
        refusals=forget_placeless(session, before),
        people=forget_people(session, before),
        bank_entries=forget_old_entries(session, before),
        mails=forget_old_mails(session),
        sign_in_links=forget_old_secrets(session),
        sessions=forget_old_sessions(session),
        phone_codes=forget_old_codes(session),
        counts=forget_old_counts(session),
    )
    return Purged(months, dict(others))


def _purge_months(session: Session, due: Due) -> list[PurgedMonth]:
    visits, words = forget_visits(session, due), forget_words(session, due)
    keys = set(destroy_keys(session, due))
    months = [
        PurgedMonth(due.network, month, visits[month], words[month], month in keys)
        for month in sorted({*visits, *words, *keys})
    ]
    for month in months:
        record_act(
            session,
            "period_purged",
            network=month.network,
            subject=month.month,
            check_ins=month.check_ins,
        )
    return months
