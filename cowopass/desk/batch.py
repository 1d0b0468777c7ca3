"""Deciding thousands of reported visits at once, by the rules of the desk.

The facts of a whole batch are loaded in a few statements and kept true in memory while its rows
are decided in order; then everything is written in a few statements more. The passes of the batch
are locked from the first to the last, so a desk that scans one of them meanwhile waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from clearing.line import Unit
from clearing.period import month_of
from cowopass.desk.facts import (
    AgreementFacts,
    PassFacts,
    PastVisit,
    SpaceFacts,
    Visit,
)
from cowopass.spaces.membership import Standing, is_member
from wallet.plan import PlanTerms, bucket

NOTHING_USED = (0, 0, 0)


class Known(NamedTuple):
    """A check-in that is already recorded under an id of the batch."""

    body_hash: str
    state: str
    code: str | None


@dataclass(slots=True)
class PassState:
    """A pass of the batch, with what is used of it, kept true while rows are decided.

    `usages` maps a bucket to (units used, golden tickets used, value given in cents); `visits`
    maps what `Batch.window` says to the accepted visits in it.
    """

    id: str
    network: str
    home: str
    state: str
    plan: PlanTerms
    starts_on: date
    ends_on: date
    price_cents: int
    home_standing: Standing
    usages: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    visits: dict[str, list[PastVisit]] = field(default_factory=dict)

    def facts(self, visit: Visit) -> PassFacts:
        """Return what `decide` asks about this pass for a visit."""
        used = self.usages.get(bucket(self.plan.kind, visit.on), NOTHING_USED)
        return PassFacts(
            id=self.id,
            network=self.network,
            home=self.home,
            state=self.state,
            plan=self.plan,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            price_cents=self.price_cents,
            units_used=used[0],
            golden_used=used[1],
            given_cents=used[2],
            home_is_suspended=not self.home_standing.passes_roam(visit.on),
        )


@dataclass(slots=True)
class SpaceState:
    """A space of the host network, with all its prices by unit, newest first.

    `forgotten_until` is its network's last month whose visits no longer say whose they were.
    """

    slug: str
    network: str
    joins_on: date | None
    leaves_on: date | None
    forgotten_until: str | None
    prices: dict[Unit, list[tuple[date, int]]] = field(default_factory=dict)
    by_day: dict[date, SpaceFacts] = field(default_factory=dict)

    def takes_part(self, on: date) -> bool:
        """Say whether the space is a member on a day: joined, and not past its last day."""
        return is_member(self.joins_on, self.leaves_on, on)

    def facts(self, on: date) -> SpaceFacts:
        """Return what `decide` asks about this space on a day."""
        found = self.by_day.get(on)
        if found is None:
            prices = {unit: _amount_on(versions, on) for unit, versions in self.prices.items()}
            in_force = {unit: amount for unit, amount in prices.items() if amount is not None}
            found = self.by_day[on] = SpaceFacts(
                self.slug, self.network, in_force, forgotten_until=self.forgotten_until
            )
        return found


@dataclass(slots=True)
class Batch:
    """Everything the rows of a batch are decided with. Passes are keyed by (home, reference).

    `has_caps`: an agreement counts a month's visits or payouts, so that past visits matter for the
    whole month; without, only a re-entry looks back, and no further than its own day.
    """

    spaces: dict[str, SpaceState]
    agreements: dict[str, list[tuple[date, AgreementFacts]]]
    passes: dict[tuple[str, str], PassState]
    known: dict[str, Known]
    has_caps: bool
    in_force: dict[tuple[str, date], AgreementFacts | None] = field(default_factory=dict)

    def agreement(self, home_network: str, on: date) -> AgreementFacts | None:
        """Return the agreement of a home network with the host's in force on a day."""
        key = (home_network, on)
        if key not in self.in_force:
            versions = self.agreements.get(home_network, ())
            self.in_force[key] = next((facts for start, facts in versions if start <= on), None)
        return self.in_force[key]

    def window(self, on: date) -> str:
        """Return the name of the time in which past visits matter to one of this day."""
        return month_of(on) if self.has_caps else on.isoformat()


def _amount_on(versions: list[tuple[date, int]], on: date) -> int | None:
    return next((amount for start, amount in versions if start <= on), None)
