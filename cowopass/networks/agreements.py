"""What networks voted: versions of agreements, which one is in force, and what its terms are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.period import first_day, last_day, month_of
from clearing.valuation import Terms, terms_from_json
from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.database import Outcome, assign
from cowopass.errors import (
    AgreementInChargedMonth,
    AgreementMissing,
    ConventionMissing,
    CowopassError,
    CurrenciesDiffer,
    LevyWithoutFund,
    PeriodLocked,
)
from cowopass.networks.models import Agreement, Network

FIELDS = (
    "rule",
    "top_up",
    "golden_share_bps",
    "levy_bps",
    "roaming_days_per_month",
    "liability_cap_bps",
    "max_host_price_cents",
    "offline_paper_per_day",
    "late_days",
    "review_days",
    "netting",
    "convention_signed_on",
    "carry_forward_below_cents",
)
"""What the spaces vote on, by the names of the columns."""


class Version(NamedTuple):
    """A version of an agreement: `home` and `host` are networks, `month` (YYYY-MM) its first.

    `fields` has a value for each of FIELDS.
    """

    home: str
    host: str
    month: str
    fields: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Return the name that settlement lines cite."""
        return f"{self.home}>{self.host}@{self.month}"


class Voted(NamedTuple):
    """The vote that made a version: the proposal's id, and its signed result, a compact JWS."""

    proposal: str | None
    vote: str | None


WITHOUT_VOTE = Voted(None, None)
"""Of a version that the operator wrote, to set a network up."""


class Past(NamedTuple):
    """What can no longer be voted on.

    `locked_until` is the last locked month of each network that has one; `charged_months` says in
    which months, from the version's first on, there are charges between its networks: it is only
    asked when something changes.
    """

    locked_until: Mapping[str, str]
    charged_months: Callable[[Version], Collection[str]]


def agreement_on(session: Session, home: str, host: str, day: date) -> Agreement | None:
    """Return the agreement between a home and a host network in force on a day, if any."""
    return session.scalar(
        select(Agreement)
        .where(Agreement.home == home, Agreement.host == host, Agreement.effective_from <= day)
        .order_by(Agreement.effective_from.desc())
        .limit(1)
    )


def own_agreement(session: Session, network: str, month: str) -> Agreement:
    """Return a network's agreement with itself in a month: it fixes windows, netting and carries.

    Raises AgreementMissing.
    """
    found = agreement_on(session, network, network, last_day(month))
    if found is None:
        raise AgreementMissing(network, network, month)
    return found


def terms_of(agreement: Agreement) -> Terms:
    """Return the part of an agreement that decides amounts."""
    return terms_from_json({name: getattr(agreement, name) for name in Terms._fields})


def agreement_to_json(agreement: Agreement) -> dict[str, Any]:
    """Return an agreement as the open directory and exported months show it."""
    signed_on = agreement.convention_signed_on
    return {
        "id": agreement.id,
        "home": agreement.home,
        "host": agreement.host,
        "effective_from": month_of(agreement.effective_from),
        **{name: getattr(agreement, name) for name in FIELDS},
        "convention_signed_on": signed_on.isoformat() if signed_on else None,
        "proposal": agreement.proposal,
        "vote": agreement.vote,
    }


def find_faults(
    fields: Mapping[str, Any], home: Network, host: Network
) -> Iterator[tuple[str, CowopassError]]:
    """Yield what keeps an agreement from being settled by: the field at fault, and the refusal."""
    if home.currency != host.currency:
        yield "host", CurrenciesDiffer(home.slug, host.slug)
    if fields["levy_bps"] and not (host.fund and host.fund.name and host.fund.iban):
        yield "levy_bps", LevyWithoutFund(host.slug)
    if fields["netting"] == "multilateral" and fields["convention_signed_on"] is None:
        yield "convention_signed_on", ConventionMissing()


def cited_votes(session: Session, agreements: Collection[str]) -> dict[str, str]:
    """Return the SHA-256, in hexadecimal, of the signed vote of each version that has one."""
    rows = session.execute(
        select(Agreement.id, Agreement.vote)
        .where(Agreement.id.in_(agreements), Agreement.vote.is_not(None))
        .order_by(Agreement.id)
    )
    return {row.id: sha256((row.vote or "").encode()).hexdigest() for row in rows}


def save_agreement(
    session: Session, version: Version, past: Past, voted: Voted = WITHOUT_VOTE
) -> Outcome:
    """Write a version of an agreement, or change one by which nothing was charged yet.

    A voted version that is changed without a vote is one without a vote.

    Raises AgreementInChargedMonth when there are charges in a month that it would govern, and
    PeriodLocked when it starts in a month that one of its networks has locked.
    """
    known = session.get(Agreement, version.id)
    is_same = known is not None and all(
        getattr(known, name) == value for name, value in version.fields.items()
    )
    if is_same and voted == WITHOUT_VOTE:
        return "unchanged"
    check_past(session, version, past)
    act = "agreement_saved" if voted == WITHOUT_VOTE else "agreement_voted"
    record_act(session, act, network=version.host, subject=version.id)
    if known is not None:
        assign(known, {**version.fields, **voted._asdict()})
        return "changed"
    session.add(
        Agreement(
            id=version.id,
            home=version.home,
            host=version.host,
            effective_from=first_day(version.month),
            **version.fields,
            **voted._asdict(),
            created_at=clock.now(),
        )
    )
    session.flush()
    return "added"


def check_past(session: Session, version: Version, past: Past) -> None:
    """Refuse a version that would change what is charged or locked.

    Raises AgreementInChargedMonth and PeriodLocked.
    """
    following = session.scalar(
        select(Agreement.effective_from)
        .where(
            Agreement.home == version.home,
            Agreement.host == version.host,
            Agreement.effective_from > first_day(version.month),
        )
        .order_by(Agreement.effective_from)
        .limit(1)
    )
    governed = [
        month
        for month in past.charged_months(version)
        if following is None or month < month_of(following)
    ]
    if governed:
        raise AgreementInChargedMonth(version.id, max(governed))
    for network in (version.host, version.home):
        if version.month <= past.locked_until.get(network, ""):
            raise PeriodLocked(
                network, past.locked_until[network], f"{version.id} can not start in it or before"
            )
