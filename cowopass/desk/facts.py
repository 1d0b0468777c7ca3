"""What a check-in is decided with: the visit, the pass shown, the space, the agreement. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple, get_args

from clearing.line import Unit
from clearing.valuation import Terms
from wallet.plan import PlanTerms

Source = Literal["desk", "offline", "import"]
"""Whether a visit happens now (`desk`), or has happened while a desk had no network (`offline`) or
was kept by other means (`import`)."""

Unpaid = Literal["offline_late", "offline_bundle_stale", "offline_limit"]
"""Why a visit is recorded at 0; the line says it, and begins with `offline_` as `clearing` asks."""

UNPAID: tuple[Unpaid, ...] = get_args(Unpaid)

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9990, 1, 1, tzinfo=UTC)
"""Beyond, an instant has no local day in some time zone."""


class Visit(NamedTuple):
    """A pass shown at a space. `on` is the local day of `at` in the host network's zone.

    `unit` is None when the desk leaves the choice to the plan. `source` says whether it happens
    now (`desk`) or has happened (`offline`, `import`): a space never refuses what has happened.
    `unpaid` is why the home does not pay for it, None when it does.
    """

    at: datetime
    on: date
    unit: Unit | None
    golden: bool
    source: Source
    override: bool = False
    unpaid: Unpaid | None = None


class TicketFacts(NamedTuple):
    """The ticket shown: its own bounds, and what became of it.

    `starts_at` is None where only its short code was typed. `is_revoked`: it was replaced or taken
    back. `is_used`: a golden one that was redeemed.
    """

    starts_at: datetime | None
    expires_at: datetime
    is_revoked: bool = False
    is_used: bool = False


class PassFacts(NamedTuple):
    """The pass shown, with what is used of it in the bucket of the visit. Money in cents.

    The passes of a home that is suspended, or takes no part that day, stay at home. `ticket` is
    None for a visit that was reported without one.
    """

    id: str
    network: str
    home: str
    state: str
    plan: PlanTerms
    starts_on: date
    ends_on: date
    price_cents: int
    units_used: int = 0
    golden_used: int = 0
    given_cents: int = 0
    home_is_suspended: bool = False
    ticket: TicketFacts | None = None


class PastVisit(NamedTuple):
    """An accepted, not voided visit of the same pass in the month of the present one."""

    space: str
    on: date
    away: bool
    golden: bool
    reentry: bool
    charge_cents: int


class SpaceFacts(NamedTuple):
    """The space visited. `prices` are those of the day; counts are of people present.

    `is_open` is None for a space that keeps no hours. `forgotten_until` is the last month (YYYY-MM)
    whose visits no longer say whose they were, None before there is one.
    """

    slug: str
    network: str
    prices: Mapping[Unit, int]
    is_open: bool | None = None
    present: int = 0
    capacity: int | None = None
    visitors: int = 0
    visitors_per_day: int | None = None
    forgotten_until: str | None = None


class AgreementFacts(NamedTuple):
    """The agreement between the two networks in force on the day of the visit."""

    id: str
    terms: Terms
    roaming_days_per_month: int | None
    offline_paper_per_day: int
