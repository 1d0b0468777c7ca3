"""What a bundle tells a desk, loaded in a few statements: whom it takes, and what to refuse."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from clearing.period import month_of
from cowopass.config import Config
from cowopass.networks.models import Agreement, Network, NetworkKey
from cowopass.passes.models import Pass, Plan, Ticket
from cowopass.spaces.models import Space

_MARGIN = timedelta(days=1)
"""Passes are told of until a day after their end, wherever that day ends last."""


def load_contents(session: Session, config: Config, network: str, now: datetime) -> dict[str, Any]:
    """Return the claims of a bundle for the spaces of a network that say what is known now."""
    agreements = list(
        session.scalars(
            select(Agreement)
            .where(Agreement.host == network)
            .order_by(Agreement.home, Agreement.effective_from)
        )
    )
    homes = {network, *(agreement.home for agreement in agreements)}
    return {
        "networks": _networks(session, homes),
        "spaces": _spaces(session, homes),
        "keys": _keys(session, config, homes, now),
        "agreements": [_agreement(one) for one in agreements],
        "plans": _plans(session, homes),
        "live": _live(session, homes, now),
        **_tickets(session, homes, now),
        **_passes(session, homes, now.date()),
    }


def _networks(session: Session, homes: Collection[str]) -> list[dict[str, str]]:
    rows = session.execute(
        select(Network.slug, Network.name).where(Network.slug.in_(homes)).order_by(Network.slug)
    )
    return [{"slug": slug, "name": name} for slug, name in rows]


def _spaces(session: Session, homes: Collection[str]) -> list[dict[str, Any]]:
    spaces = session.scalars(select(Space).where(Space.network.in_(homes)).order_by(Space.slug))
    return [
        {
            "slug": space.slug,
            "name": space.name,
            "network": space.network,
            "joins_on": _day(space.joins_on),
            "leaves_on": _day(space.leaves_on),
            "suspended_on": _day(space.suspended_on),
            "reinstated_on": _day(space.reinstated_on),
            "sold_days": space.sold_days,
        }
        for space in spaces
    ]


def _keys(
    session: Session, config: Config, homes: Collection[str], now: datetime
) -> list[dict[str, Any]]:
    """Return the keys; of one that was stolen, also what was issued under it and holds still."""
    keys = session.scalars(
        select(NetworkKey)
        .where(NetworkKey.network.in_(homes))
        .order_by(NetworkKey.network, NetworkKey.signs_from, NetworkKey.thumbprint)
    )
    return [
        {
            "kid": key.kid,
            **key.public_jwk,
            "iss": config.base_url,
            "net": key.network,
            "compromised": key.compromised_at is not None,
            "genuine": _genuine(session, key, now) if key.compromised_at else [],
        }
        for key in keys
    ]


def _genuine(session: Session, key: NetworkKey, now: datetime) -> list[list[str]]:
    rows = session.execute(
        select(Ticket.jti, Ticket.payload_hash)
        .join(Pass, Pass.id == Ticket.pass_id)
        .where(Ticket.kid == key.kid, Pass.network == key.network, Ticket.expires_at > now)
        .order_by(Ticket.jti)
    )
    return [[jti, digest] for jti, digest in rows]


def _agreement(agreement: Agreement) -> dict[str, Any]:
    return {
        "home": agreement.home,
        "from": month_of(agreement.effective_from),
        "roaming_days_per_month": agreement.roaming_days_per_month,
        "offline_paper_per_day": agreement.offline_paper_per_day,
    }


def _plans(session: Session, homes: Collection[str]) -> list[dict[str, Any]]:
    """Return one version of each plan: that on sale, else the newest."""
    plans = session.scalars(
        select(Plan)
        .join(Space, Space.slug == Plan.home)
        .where(Space.network.in_(homes))
        .order_by(Plan.home, Plan.code, Plan.is_offered, Plan.version)
    )
    last = {(plan.home, plan.code): plan for plan in plans}
    return [
        {
            "home": plan.home,
            "code": plan.code,
            "name": plan.name,
            "kind": plan.kind,
            "unit": plan.unit,
            "roaming": plan.roaming,
        }
        for plan in last.values()
    ]


def _live(session: Session, homes: Collection[str], now: datetime) -> dict[str, dict[str, str]]:
    """Return the passes that a phone carries, with what their tickets do not say."""
    rows = session.execute(
        select(Pass.id, Pass.home, Plan.code)
        .join(Plan, Plan.id == Pass.plan_id)
        .join(Ticket, Ticket.pass_id == Pass.id)
        .where(*_current(homes, now), Ticket.kind == "live", Ticket.revoked_at.is_(None))
        .order_by(Pass.id)
    )
    return {pass_id: {"home": home, "plan": code} for pass_id, home, code in rows}


def _tickets(session: Session, homes: Collection[str], now: datetime) -> dict[str, Any]:
    """Return the golden tickets that are out, and the tickets that were replaced or taken back."""
    golden = session.execute(
        select(Ticket.jti, Ticket.used_at)
        .join(Pass, Pass.id == Ticket.pass_id)
        .where(*_current(homes, now), Ticket.kind == "golden", Ticket.revoked_at.is_(None))
        .order_by(Ticket.jti)
    )
    revoked = session.scalars(
        select(Ticket.jti)
        .join(Pass, Pass.id == Ticket.pass_id)
        .where(*_current(homes, now), Ticket.revoked_at.is_not(None))
        .order_by(Ticket.jti)
    )
    return {
        "golden": {jti: used_at is not None for jti, used_at in golden},
        "revoked": list(revoked),
    }


def _current(homes: Collection[str], now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the condition of a ticket, joined with its pass, that has not ended."""
    return Pass.network.in_(homes), Ticket.expires_at > now


def _passes(session: Session, homes: Collection[str], today: date) -> dict[str, list[str]]:
    """Return the passes that count no more, and those that don't for a while."""
    rows = session.execute(
        select(Pass.id, Pass.state)
        .where(
            Pass.network.in_(homes),
            Pass.state != "active",
            Pass.ends_on >= today - _MARGIN,
        )
        .order_by(Pass.id)
    ).all()
    return {
        "revoked_passes": [pass_id for pass_id, state in rows if state != "suspended"],
        "suspended_passes": [pass_id for pass_id, state in rows if state == "suspended"],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
