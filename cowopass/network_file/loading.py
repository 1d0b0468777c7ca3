"""Loading a network file: all of it in one transaction, or nothing and a list of what is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cowopass.acts.service import record_act
from cowopass.config import Config
from cowopass.database import Outcome
from cowopass.errors import CowopassError, DataInvalid, NetworkUnknown, SlugTaken
from cowopass.ledger import past
from cowopass.ledger.periods import open_months
from cowopass.legal.service import save_side
from cowopass.network_file.reading import Item, Known, NetworkFile, SpaceItem, read_file
from cowopass.networks.agreements import FIELDS, Past, Version, find_faults, save_agreement
from cowopass.networks.models import Agreement, Network
from cowopass.networks.service import save_network
from cowopass.passes.plans import save_plan
from cowopass.spaces.membership import Standing, standing_of
from cowopass.spaces.models import Space
from cowopass.spaces.prices import Charged, PriceVersion, save_price
from cowopass.spaces.service import save_space
from cowopass.voting.charters import save_charter
from cowopass.voting.rules import CharterTerms

KINDS = ("networks", "agreements", "spaces", "prices", "plans")

FAULTY_NETWORK = {"levy_bps": "network.fund.iban", "host": "network.currency"}
"""Where a network's own data is at fault for a recorded agreement, by the agreement's field."""


class Loaded(NamedTuple):
    """What a file came to: for each of KINDS, how many were added, changed or unchanged."""

    counts: Mapping[str, Counter[Outcome]]

    @property
    def has_changed(self) -> bool:
        """Whether anything was written."""
        return any(counter["added"] or counter["changed"] for counter in self.counts.values())

    def to_json(self) -> dict[str, Any]:
        """Return the counts, with those that are zero."""
        outcomes: tuple[Outcome, ...] = ("added", "changed", "unchanged")
        return {
            "changed": self.has_changed,
            **{kind: {one: self.counts[kind][one] for one in outcomes} for kind in KINDS},
        }


def load_document(session: Session, config: Config, document: Any) -> Loaded:  # noqa: ANN401 (any JSON)
    """Write what a parsed network file says.

    Raises DataInvalid with everything that is wrong by path; the caller's transaction then rolls
    back what was right.
    """
    # A lock of a month takes the network's row too: so no month is locked while its past is read.
    networks = session.scalars(
        select(Network).order_by(Network.slug).with_for_update(key_share=True)
    )
    known = Known({one.slug for one in networks}, set(session.scalars(select(Space.slug))))
    file = read_file(document, known)
    loading = _Loading(session, config, file)
    loading.save_network(known)
    loading.save_agreements()
    loading.save_spaces()
    if file.errors:
        raise DataInvalid(sorted(file.errors, key=lambda error: _by_place(error["path"])))
    return Loaded(loading.counts)


class _Loading:
    """One file on its way into the database. Refusals are noted in the file, none is raised."""

    def __init__(self, session: Session, config: Config, file: NetworkFile) -> None:
        self.session, self.config, self.file = session, config, file
        self.locked_until = past.locked_until(session)
        self.counts: dict[str, Counter[Outcome]] = {kind: Counter() for kind in KINDS}

    def save_network(self, known: Known) -> None:
        """Write the network, and its fund."""
        item = self.file.network
        if item is None:
            return
        slug = item.values["slug"]
        if slug in known.spaces:
            self.file.refuse_for("network.slug", SlugTaken(slug, "a space"))
            return
        beside = {"slug", "fund", "charter"}
        details = {name: item.values[name] for name in item.values.keys() - beside}
        has_charges = past.has_charges(self.session, slug)
        with self.file.noting("network"):
            outcome = save_network(
                self.session, self.config, slug, details, has_charges=has_charges
            )
            network = self.session.get_one(Network, slug)
            open_months(self.session, slug, network.timezone)
            if "fund" in item.values:
                outcome = self._save_side(network, item.values["fund"], "network.fund", outcome)
            if "charter" in item.values:
                terms = CharterTerms(**item.values["charter"])
                is_changed = save_charter(self.session, network, terms) != "unchanged"
                outcome = _or_changed(outcome, is_changed=is_changed)
            self.counts["networks"][outcome] += 1

    def save_agreements(self) -> None:
        """Write the versions of agreements, then look whether all recorded ones still hold."""
        for item in self.file.agreements:
            home, host = (self._find_network(item, side) for side in ("home", "host"))
            if home is None or host is None:
                continue
            fields = {name: item.values[name] for name in FIELDS}
            for name, error in find_faults(fields, home, host):
                self.file.refuse_for(f"{item.path}.{name}", error)
            version = Version(home.slug, host.slug, item.values["effective_from"], fields)
            fixed = Past(self.locked_until, self._charged_months)
            with self.file.noting(f"{item.path}.effective_from"):
                self.counts["agreements"][save_agreement(self.session, version, fixed)] += 1
        if self.file.network is not None:
            self._check_recorded(self.file.network.values["slug"])

    def save_spaces(self) -> None:
        """Write the spaces, each with its legal side, prices and plans."""
        # A check-in holds its space: those under way end before a price is held against them.
        slugs = [item.slug for item in self.file.spaces]
        held = select(Space).where(Space.slug.in_(slugs)).order_by(Space.slug)
        self.session.scalars(held.with_for_update(key_share=True)).all()
        for item in self.file.spaces:
            space = self._save_space(item)
            if space is not None:
                self._save_prices(space, item.prices)
                for plan in item.plans:
                    offer = {name: plan.values[name] for name in plan.values.keys() - {"code"}}
                    outcome = save_plan(self.session, space.slug, plan.values["code"], offer)
                    self.counts["plans"][outcome] += 1

    def _find_network(self, item: Item, side: str) -> Network | None:
        slug = item.values[side]
        network = self.session.get(Network, slug)
        # What is wrong with the file's own network is said already.
        if network is None and slug != self.file.network_slug:
            self.file.refuse_for(f"{item.path}.{side}", NetworkUnknown(slug))
        return network

    def _charged_months(self, version: Version) -> Collection[str]:
        return past.charged_months(self.session, version)

    def _check_recorded(self, slug: str) -> None:
        """Note what a change of the network breaks in agreements that the file does not repeat."""
        repeated = {
            Version(one["home"], one["host"], one["effective_from"], {}).id
            for _, one in self.file.agreements
        }
        concerned = select(Agreement).where(or_(Agreement.home == slug, Agreement.host == slug))
        found: dict[str, CowopassError] = {}
        for row in self.session.scalars(concerned):
            if row.id not in repeated:
                home, host = (self.session.get_one(Network, side) for side in (row.home, row.host))
                fields = {name: getattr(row, name) for name in FIELDS}
                found |= {
                    FAULTY_NETWORK[name]: error
                    for name, error in find_faults(fields, home, host)
                    if name in FAULTY_NETWORK
                }
        for path, error in found.items():
            self.file.refuse_for(path, error)

    def _network_of(self, item: SpaceItem) -> str | None:
        """Return the network of a space: the file's, or the one that leaves no doubt."""
        if self.file.network_slug:
            network = self.session.get(Network, self.file.network_slug)
            return network.slug if network else None
        recorded = self.session.get(Space, item.slug)
        if recorded is not None:
            return recorded.network
        slugs = list(self.session.scalars(select(Network.slug).limit(2)))
        if len(slugs) == 1:
            return slugs[0]
        self.file.refuse(item.path, 'Say whose space it is: "network": {"slug": "…"}.')
        return None

    def _save_space(self, item: SpaceItem) -> Space | None:
        """Write a space and its legal side; return it, also when only its prices are right."""
        network = self._network_of(item)
        if network is None or item.values is None:
            return self.session.get(Space, item.slug) if network and item.slug else None
        details = {name: item.values[name] for name in item.values.keys() - {"slug", "legal"}}
        recorded = self.session.get(Space, item.slug)
        before = Standing() if recorded is None else standing_of(recorded)
        space: Space | None = None
        with self.file.noting(f"{item.path}.slug"):
            space, outcome = save_space(self.session, item.slug, network, details)
            if standing_of(space) != before:
                record_act(
                    self.session,
                    "membership_saved",
                    network=network,
                    space=space.slug,
                    subject=space.slug,
                )
            if "legal" in item.values:
                path = f"{item.path}.legal"
                outcome = self._save_side(space, item.values["legal"], path, outcome)
            self.counts["spaces"][outcome] += 1
        return space

    def _save_side(
        self,
        owner: Space | Network,
        values: dict[str, Any] | None,
        path: str,
        outcome: Outcome,
    ) -> Outcome:
        """Write the legal side of a space or fund; return what the whole of it came to then."""
        is_changed = False
        with self.file.noting(path):
            is_changed = save_side(self.session, self.config, owner, values)
        return _or_changed(outcome, is_changed=is_changed)

    def _save_prices(self, space: Space, prices: list[Item]) -> None:
        # A space that had no price yet charged nobody: its first ones may start long ago.
        locked = self.locked_until.get(space.network) if space.prices else None

        def last_charged_on(since: date) -> date | None:
            return past.last_charged_on(self.session, space.network, space.slug, since)

        for item in prices:
            version = PriceVersion(**item.values)
            with self.file.noting(f"{item.path}.effective_from"):
                outcome = save_price(self.session, space, version, Charged(locked, last_charged_on))
                self.counts["prices"][outcome] += 1


def _or_changed(outcome: Outcome, *, is_changed: bool) -> Outcome:
    return "changed" if outcome == "unchanged" and is_changed else outcome


def _by_place(path: str) -> list[str | int]:
    """Return what sorts paths as they stand in the file: prices[2] comes before prices[10]."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", path)]
