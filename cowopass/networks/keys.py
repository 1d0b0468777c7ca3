"""The keys of networks: made, rotated, declared stolen, and published.

A key signs for one network alone. The next one is published a month before it signs, so that desks
with an old bundle know it; old ones stay published until the last ticket they signed has ended, and
those that signed the head of a month or a vote for as long as books are kept.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.config import Config
from cowopass.errors import KeyNotFound, NetworkUnknown
from cowopass.networks.models import Network, NetworkKey
from wallet.keys import (
    SigningKey,
    TrustedKey,
    jwks,
    key_id,
    open_private_key,
    public_jwk,
    public_key_from_jwk,
    seal_private_key,
    thumbprint,
)
from wallet.verify import Trust

PUBLISHED_AHEAD = timedelta(days=30)
BOOKS_KEPT = timedelta(days=11 * 366)
"""Ten years from the end of the year that is under way (Code de commerce, article L123-22)."""


def make_key(
    session: Session, config: Config, network: str, signs_from: datetime | None = None
) -> NetworkKey:
    """Make a key that signs from an instant on, now if none is given. Raises NetworkUnknown."""
    if session.get(Network, network) is None:
        raise NetworkUnknown(network)
    private_key = ec.generate_private_key(ec.SECP256R1())
    jwk = public_jwk(private_key.public_key())
    now = clock.now()
    key = NetworkKey(
        thumbprint=thumbprint(jwk),
        kid=key_id(jwk),
        network=network,
        public_jwk=jwk,
        private_pem=seal_private_key(private_key, _sealing_secret(config)),
        created_at=now,
        signs_from=signs_from or now,
        last_exp=0,
    )
    session.add(key)
    session.flush()
    return key


def rotate_key(
    session: Session, config: Config, network: str, *, at_once: bool = False
) -> NetworkKey:
    """Make the next key: it is published now and signs a month later, unless `at_once`.

    Raises NetworkUnknown.
    """
    ahead = timedelta(0) if at_once else PUBLISHED_AHEAD
    key = make_key(session, config, network, clock.now() + ahead)
    record_act(session, "key_rotated", network=network, subject=key.kid)
    return key


def compromise_key(
    session: Session, config: Config, kid: str, network: str | None = None
) -> NetworkKey:
    """Declare a key stolen and return it; where it was the one that signs, make a successor.

    `kid` is a key's id or its whole thumbprint. The successor signs at once. Declaring it again
    changes nothing. Raises KeyNotFound.
    """
    statement = select(NetworkKey).where((NetworkKey.kid == kid) | (NetworkKey.thumbprint == kid))
    if network is not None:
        statement = statement.where(NetworkKey.network == network)
    key = session.scalar(statement)
    if key is None:
        raise KeyNotFound(kid)
    if key.compromised_at is None:
        key.compromised_at = clock.now()
        record_act(session, "key_compromised", network=key.network, subject=key.kid)
        session.flush()
        if _find_signing_key(session, key.network, clock.now()) is None:
            make_key(session, config, key.network)
    return key


def signing_key(
    session: Session, config: Config, network: str, now: datetime | None = None
) -> SigningKey:
    """Return the key that signs for a network: the newest that may. Raises NetworkUnknown."""
    found = _find_signing_key(session, network, now or clock.now())
    key = found or make_key(session, config, network)
    private_key = open_private_key(key.private_pem, _sealing_secret(config))
    return SigningKey(key.kid, config.base_url, network, private_key)


def record_key(session: Session, config: Config, network: str) -> SigningKey:
    """Return the key that signs what must be provable for years: heads of months, and votes.

    It stays published for as long as books are kept. Raises NetworkUnknown.
    """
    key = signing_key(session, config, network)
    note_last_exp(session, key, int((clock.now() + BOOKS_KEPT).timestamp()))
    return key


def note_last_exp(session: Session, key: SigningKey, exp: int) -> None:
    """Remember the last end of what a key signed: it stays published until then."""
    session.execute(
        update(NetworkKey)
        .where(
            NetworkKey.kid == key.kid,
            NetworkKey.network == key.network,
            NetworkKey.last_exp < exp,
        )
        .values(last_exp=exp)
    )


def trust_for(
    session: Session,
    config: Config,
    network: str,
    genuine: Container[tuple[str, str]] = frozenset(),
) -> Trust:
    """Return what a desk believes about a network's tickets, in one statement.

    `genuine` has the (jti, payload hash) that were issued under stolen keys.
    """
    rows = session.scalars(select(NetworkKey).where(NetworkKey.network == network))
    return Trust(
        issuers=frozenset({config.base_url}),
        keys=tuple(trusted(row, config) for row in rows),
        genuine=genuine,
    )


def published_keys(session: Session, config: Config) -> dict[str, list[dict[str, str]]]:
    """Return the instance's JWK set: the keys that sign, will sign, or signed what still holds."""
    now = clock.now()
    rows = list(
        session.scalars(
            select(NetworkKey)
            .where(NetworkKey.compromised_at.is_(None))
            .order_by(NetworkKey.network, NetworkKey.signs_from, NetworkKey.thumbprint)
        )
    )
    newest = {row.network: row for row in rows if row.signs_from <= now}
    return jwks(
        trusted(row, config)
        for row in rows
        if row.signs_from > now or row is newest.get(row.network) or row.last_exp > now.timestamp()
    )


def trusted(row: NetworkKey, config: Config) -> TrustedKey:
    """Return a key's public half, as verifying wants it."""
    public_key = public_key_from_jwk(row.public_jwk)
    is_compromised = row.compromised_at is not None
    return TrustedKey(row.kid, config.base_url, row.network, public_key, is_compromised)


def describe_keys(session: Session, network: str | None = None) -> list[dict[str, Any]]:
    """Return the keys of one network or of all, oldest first, without their private halves."""
    now, rows = clock.now(), list_keys(session, network)
    signing = {slug: _find_signing_key(session, slug, now) for slug in {r.network for r in rows}}
    return [
        {
            "kid": row.kid,
            "network": row.network,
            "thumbprint": row.thumbprint,
            "state": _state_of(row, signing[row.network], now),
            "signs_from": row.signs_from,
            "compromised_at": row.compromised_at,
            "last_exp": row.last_exp,
        }
        for row in rows
    ]


def list_keys(session: Session, network: str | None = None) -> list[NetworkKey]:
    """Return the keys of one network or of all, oldest first."""
    statement = select(NetworkKey).order_by(
        NetworkKey.network, NetworkKey.signs_from, NetworkKey.thumbprint
    )
    if network is not None:
        statement = statement.where(NetworkKey.network == network)
    return list(session.scalars(statement))


def _state_of(
    row: NetworkKey, signing: NetworkKey | None, now: datetime
) -> Literal["signing", "next", "retired", "compromised"]:
    """Return what a key is for, `signing` being the one that signs for its network."""
    if row.compromised_at is not None:
        return "compromised"
    if row is signing:
        return "signing"
    return "next" if row.signs_from > now else "retired"


def _find_signing_key(session: Session, network: str, now: datetime) -> NetworkKey | None:
    return session.scalar(
        select(NetworkKey)
        .where(
            NetworkKey.network == network,
            NetworkKey.compromised_at.is_(None),
            NetworkKey.signs_from <= now,
        )
        .order_by(NetworkKey.signs_from.desc(), NetworkKey.thumbprint.desc())
        .limit(1)
    )


def _sealing_secret(config: Config) -> bytes:
    """Return the secret that seals private keys, apart from the one that signs links."""
    return sha256(b"cowopass keys " + config.secret_key.encode()).hexdigest().encode()
