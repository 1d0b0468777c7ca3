"""A month on one screen: where it stands, what it lacks, what it comes to."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from clearing.period import next_month, previous_month
from cowopass.documents.jobs import find_job
from cowopass.errors import AgreementMissing
from cowopass.networks.agreements import own_agreement
from cowopass.networks.models import Agreement
from cowopass.settlement.months import read_flows
from cowopass.settlement.service import list_months, show_head, show_month
from cowopass.treasury.anomalies import Surge, TwoPlaces, find_surges, find_two_places
from cowopass.treasury.disputes import Case, list_cases
from cowopass.treasury.drafts import Draft, list_drafts, may_send
from cowopass.treasury.flows import Flows, chord_of, table_of
from cowopass.treasury.frame import Treasury
from cowopass.treasury.missing import Item, list_missing
from cowopass.treasury.netting import Netted, net_month
from cowopass.treasury.participants import Participant
from cowopass.treasury.stages import Stage, stages_of

HALF_BAR = 96
"""The length of the longest bar on either side of zero, in the units of its drawing."""


class Bar(NamedTuple):
    """A position as a bar from zero, which stands at 100, to the left or to the right."""

    participant: Participant
    cents: int
    carried_in_cents: int
    x: float
    width: float


class MonthView(NamedTuple):
    """What the page of a month shows. `netted` is None without an agreement to plan by.

    `has_papers` once its documents were asked for after the lock, when they are final.
    """

    facts: dict[str, Any]
    previous: str
    following: str | None
    stages: list[Stage]
    missing: list[Item]
    bars: list[Bar]
    flows: Flows
    chord: dict[str, Any]
    own: Agreement | None
    netted: Netted | None
    head: dict[str, Any] | None
    cases: list[Case]
    two_places: list[TwoPlaces]
    surges: list[Surge]
    drafts: list[Draft]
    may_send: bool
    has_papers: bool


def view_month(session: Session, treasury: Treasury, month: str) -> MonthView:
    """Return what the page of a month shows. Raises MonthInvalid."""
    slug = treasury.network.slug
    facts = show_month(session, slug, month)
    months = list_months(session, slug)
    own = agreement_of(session, slug, month)
    cases = list_cases(session, treasury.caller, slug, month)
    drafts = list_drafts(session, treasury.spaces, slug, month)
    flows = table_of(
        read_flows(session, slug, month),
        treasury.participants,
        [space.slug for space in treasury.spaces],
    )
    return MonthView(
        facts,
        previous=previous_month(month),
        following=next_month(month) if month < months[0]["period"] else None,
        stages=stages_of(facts, treasury.network.timezone),
        missing=list_missing(
            treasury, facts, [case.dispute for case in cases], first_to_lock(months), drafts
        ),
        bars=bars_of(facts["positions"], treasury.participants),
        flows=flows,
        chord=chord_of(flows, treasury.network.currency),
        own=own,
        netted=net_month(session, facts, own) if own else None,
        head=show_head(session, slug, month) if facts["locked_at"] else None,
        cases=cases,
        two_places=find_two_places(session, treasury.network, month),
        surges=find_surges(session, slug, month),
        drafts=drafts,
        may_send=may_send(facts),
        has_papers=_has_papers(session, facts),
    )


def _has_papers(session: Session, facts: dict[str, Any]) -> bool:
    job = find_job(session, facts["network"], facts["period"])
    locked_at = facts["locked_at"]
    return job is not None and locked_at is not None and job.asked_at >= locked_at


def month_at_hand(session: Session, network: str) -> str:
    """Return the oldest month that needs an act of the treasurer, else the running one."""
    months = list_months(session, network)
    waiting: list[str] = [
        month["period"]
        for month in months
        if month["state"] not in {"open", "settled"} and (month["lines"] or month["locked_at"])
    ]
    running: str = months[0]["period"]
    return min(waiting, default=running)


def first_to_lock(months: list[dict[str, Any]]) -> str | None:
    """Return the oldest month with lines that is not locked yet, of `list_months`."""
    open_ones = [each["period"] for each in months if each["lines"] and not each["locked_at"]]
    return min(open_ones, default=None)


def agreement_of(session: Session, network: str, month: str) -> Agreement | None:
    """Return the network's agreement with itself in a month, None when there is none."""
    try:
        return own_agreement(session, network, month)
    except AgreementMissing:
        return None


def bars_of(positions: list[dict[str, Any]], participants: dict[str, Participant]) -> list[Bar]:
    """Return positions as bars, from who receives most to who owes most."""
    largest = max((abs(position["amount_cents"]) for position in positions), default=0) or 1
    bars = []
    for position in sorted(positions, key=lambda one: -one["amount_cents"]):
        cents = position["amount_cents"]
        width = round(HALF_BAR * abs(cents) / largest, 2)
        bars.append(
            Bar(
                participants[position["participant"]],
                cents,
                position["carried_in_cents"],
                x=100 if cents >= 0 else round(100 - width, 2),
                width=width,
            )
        )
    return bars
