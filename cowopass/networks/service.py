"""Networks: made and changed by files, listed for anyone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.config import Config
from cowopass.database import Outcome, assign
from cowopass.errors import NetworkInUse
from cowopass.networks.agreements import agreement_to_json
from cowopass.networks.keys import make_key
from cowopass.networks.models import Agreement, Network

PROTOCOL = "cowopass/1"
"""The version of what instances say to each other; a change that breaks is another number."""

KEPT = {"timezone": "time zone", "currency": "currency"}
"""Columns that the days and amounts of a ledger are told in."""


def save_network(
    session: Session, config: Config, slug: str, details: Mapping[str, Any], *, has_charges: bool
) -> Outcome:
    """Make a network, with its first signing key, or give it new details.

    A new one needs all of `name`, `timezone` and `currency`. Raises NetworkInUse for another time
    zone or currency once it `has_charges`.
    """
    network = session.get(Network, slug)
    if network is None:
        session.add(Network(slug=slug, **details, created_at=clock.now()))
        session.flush()
        make_key(session, config, slug)
        return "added"
    for column, words in KEPT.items():
        recorded = getattr(network, column)
        if has_charges and details.get(column, recorded) != recorded:
            raise NetworkInUse(slug, words)
    return "changed" if assign(network, details) else "unchanged"


def list_networks(
    session: Session, after: str | None = None, limit: int = 100
) -> tuple[list[dict[str, Any]], str | None]:
    """Return networks by slug with their agreements in force, and the cursor of the next page."""
    statement = select(Network).order_by(Network.slug).limit(limit + 1)
    if after is not None:
        statement = statement.where(Network.slug > after)
    found = list(session.scalars(statement))
    shown = found[:limit]
    in_force = _agreements_in_force(session, {one.slug: clock.today(one.timezone) for one in shown})
    networks = [
        {**network_to_json(one), "agreements": [*map(agreement_to_json, in_force[one.slug])]}
        for one in shown
    ]
    return networks, shown[-1].slug if len(found) > limit else None


def describe_instance(session: Session, config: Config) -> dict[str, Any]:
    """Return what another instance needs to know of this one."""
    networks = session.scalars(select(Network).order_by(Network.slug))
    return {
        "protocol": PROTOCOL,
        "instance": config.base_url,
        "api": f"{config.base_url}/api/v1",
        "jwks": f"{config.base_url}/.well-known/jwks.json",
        "networks": [network_to_json(network) for network in networks],
    }


def network_to_json(network: Network) -> dict[str, str]:
    """Return what is public of a network."""
    return {name: getattr(network, name) for name in ("slug", "name", "timezone", "currency")}


def _agreements_in_force(session: Session, today: Mapping[str, date]) -> dict[str, list[Agreement]]:
    """Return, for each network, the agreements that it is part of and that hold on its day."""
    rows = session.scalars(
        select(Agreement)
        .where(Agreement.home.in_(today) | Agreement.host.in_(today))
        .order_by(Agreement.home, Agreement.host, Agreement.effective_from)
    ).all()
    return {
        slug: list(
            {
                (row.home, row.host): row
                for row in rows
                if slug in {row.home, row.host} and row.effective_from <= day
            }.values()
        )
        for slug, day in today.items()
    }
