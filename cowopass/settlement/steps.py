"""What a treasurer can do next with a month, what keeps her from it, and what to know first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from clearing.period import State, last_day
from cowopass import clock
from cowopass.errors import AgreementMissing, PeriodNotOver, PeriodOutOfOrder
from cowopass.ledger.models import Period
from cowopass.networks.agreements import own_agreement
from cowopass.networks.models import Agreement, Network
from cowopass.settlement.lock import months_to_lock
from cowopass.settlement.months import LineCounts
from cowopass.settlement.transfers import Due


class Month(NamedTuple):
    """A month of a network, where it stands; `row` is None while nothing happened in it."""

    network: Network
    month: str
    row: Period | None
    dues: list[Due]
    state: State


def next_step(
    session: Session, found: Month, counts: LineCounts, disputes: int
) -> dict[str, Any] | None:
    """Return {"step", "blocked_by", "warnings", "late_until", "review_until"}; None when settled.

    The two days are until when late visits, and then remarks, are awaited: shown, never gates.
    """
    if found.state == "settled":
        return None
    if found.row is not None and found.row.locked_at is not None:
        return {"step": "pay", "blocked_by": [], "warnings": []}
    own, blocked_by = _own_agreement(session, found), _blockers(session, found)
    if own is None:
        blocked_by.append("agreement_missing")
    late_until, review_until = _windows(found, own)
    today = clock.today(found.network.timezone)
    warnings = {
        "late_days_running": late_until is not None and today <= late_until,
        "review_days_running": review_until is not None and today <= review_until,
        "disputes_open": disputes > 0,
        "changed_since_review": has_changed(found.row, counts),
    }
    return {
        "step": "lock" if found.state == "review" else "review",
        "blocked_by": blocked_by,
        "warnings": [code for code, applies in warnings.items() if applies],
        "late_until": late_until,
        "review_until": review_until,
    }


def has_changed(row: Period | None, counts: LineCounts) -> bool:
    """Say whether lines came since the drafts of a month in review went out."""
    if row is None or row.reviewed_at is None or row.locked_at is not None:
        return False
    return row.reviewed_lines != counts.lines


def _own_agreement(session: Session, found: Month) -> Agreement | None:
    try:
        return own_agreement(session, found.network.slug, found.month)
    except AgreementMissing:
        return None


def _blockers(session: Session, found: Month) -> list[str]:
    try:
        months_to_lock(session, found.network, found.month)
    except (PeriodNotOver, PeriodOutOfOrder) as error:
        return [error.code]
    return []


def _windows(found: Month, own: Agreement | None) -> tuple[date | None, date | None]:
    if own is None:
        return None, None
    late_until = last_day(found.month) + timedelta(days=own.late_days)
    if found.row is None or found.row.reviewed_at is None:
        return late_until, None
    reviewed_on = clock.local_day(found.row.reviewed_at, found.network.timezone)
    return late_until, reviewed_on + timedelta(days=own.review_days)
