"""The bundle: what a desk needs to know to work without network, numbered, signed, for a week.

Its format, and how a desk decides by it, is docs/reference/offline.md. It names no person.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import jwt
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.config import Config
from cowopass.database import insert_claim
from cowopass.desk.bundle_loading import load_contents
from cowopass.desk.models import IssuedBundle
from cowopass.networks.keys import signing_key
from cowopass.networks.models import Network
from cowopass.spaces.service import get_space
from wallet.keys import SigningKey

TYP: Final = "cowopass-bundle+jwt"

BUNDLE_LIFE: Final = timedelta(days=7)

_REMEMBERED: Final = timedelta(days=30)
"""A visit under a bundle older than two lives is paid no more, so its number may be forgotten."""


class Bundle(NamedTuple):
    """A compact JWS, the number it has among those of its space, and the UTC instant it ends."""

    bundle: str
    number: int
    expires_at: datetime


def issue_bundle(session: Session, config: Config, slug: str) -> Bundle:
    """Make the next bundle of a space. Raises SpaceUnknown."""
    space = get_space(session, slug)
    now = clock.now().replace(microsecond=0)
    network = session.get_one(Network, space.network)
    key = signing_key(session, config, network.slug, now)
    number = _next_number(session, slug, now)
    expires_at = now + BUNDLE_LIFE
    claims = {
        "iss": config.base_url,
        "net": network.slug,
        "space": slug,
        "number": number,
        "iat": int(now.timestamp()),
        "exp": int(expires_at.timestamp()),
        "timezone": network.timezone,
        "currency": network.currency,
        **load_contents(session, config, network.slug, now),
    }
    return Bundle(_sign(key, claims), number, expires_at)


def fresh_since(session: Session, space: str, number: int, at: datetime) -> datetime | None:
    """Return when a bundle of a space was made if it held at an instant, else None."""
    issued_at = session.scalar(
        select(IssuedBundle.issued_at).where(
            IssuedBundle.space == space, IssuedBundle.number == number
        )
    )
    if issued_at is None or not issued_at <= at < issued_at + BUNDLE_LIFE:
        return None
    return issued_at


def _next_number(session: Session, space: str, now: datetime) -> int:
    """Take the next number of a space; desks that ask at once get one each."""
    latest = select(func.max(IssuedBundle.number)).where(IssuedBundle.space == space)
    number = (session.scalar(latest) or 0) + 1
    while not insert_claim(
        session, IssuedBundle, {"space": space, "number": number, "issued_at": now}
    ):
        number += 1
    old = IssuedBundle.space == space, IssuedBundle.issued_at < now - _REMEMBERED
    session.execute(delete(IssuedBundle).where(*old))
    return number


def _sign(key: SigningKey, claims: dict[str, Any]) -> str:
    headers = {"kid": key.kid, "typ": TYP}
    return jwt.encode(claims, key.private_key, algorithm="ES256", headers=headers)
