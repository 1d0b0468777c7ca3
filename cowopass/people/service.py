"""API tokens: made once, shown once, kept as a hash, cut off when asked."""

from __future__ import annotations

import secrets
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.errors import (
    DataInvalid,
    NetworkUnknown,
    SpaceUnknown,
    TokenRequired,
    TokenUnknown,
)
from cowopass.networks.models import Network
from cowopass.people.access import Caller, Role, caller_with
from cowopass.people.hashing import hash_of, new_secret
from cowopass.people.models import ApiToken
from cowopass.people.seen import note_seen
from cowopass.spaces.models import Space


def create_token(
    session: Session,
    role: Role,
    *,
    network: str | None = None,
    space: str | None = None,
    label: str = "",
) -> str:
    """Make an API token and return it; it can not be read again later.

    A host's or device's token needs a space (its network follows), a treasurer's a network.
    Raises DataInvalid, SpaceUnknown or NetworkUnknown.
    """
    _check_scope(role, network, space)
    if space is not None:
        found = session.get(Space, space)
        if found is None:
            raise SpaceUnknown(space)
        network = found.network
    if network is not None and session.get(Network, network) is None:
        raise NetworkUnknown(network)
    token, token_id = f"cwp_{new_secret()}", f"tok_{secrets.token_hex(8)}"
    session.add(
        ApiToken(
            id=token_id,
            token_hash=hash_of(token),
            role=role,
            network=network,
            space=space,
            label=label,
            created_at=clock.now(),
        )
    )
    act = "device_paired" if role == "device" else "token_made"
    record_act(session, act, network=network, space=space, subject=token_id, role=role)
    return token


def authenticate(session: Session, authorization: str) -> Caller:
    """Return who an `Authorization: Bearer …` header speaks for, in one statement.

    Raises TokenRequired when there is no token, or it is unknown or cut off.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise TokenRequired
    row = _find_token(session, token.strip())
    if row is None:
        raise TokenRequired
    return _caller(row)


def find_device(session: Session, token: str) -> Caller | None:
    """Return the device whose cookie this is; None when there is none, or it is cut off."""
    row = _find_token(session, token) if token else None
    return _caller(row) if row is not None and row.role == "device" else None


def revoke_token(session: Session, token_id: str) -> None:
    """Cut a token off at once. Cutting it off again changes nothing. Raises TokenUnknown."""
    row = session.get(ApiToken, token_id)
    if row is None:
        raise TokenUnknown(token_id)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        record_act(session, "token_cut_off", network=row.network, space=row.space, subject=row.id)


def list_tokens(session: Session) -> list[ApiToken]:
    """Return every token's record, oldest first; the tokens themselves are not kept."""
    return list(session.scalars(select(ApiToken).order_by(ApiToken.created_at, ApiToken.id)))


def _check_scope(role: Role, network: str | None, space: str | None) -> None:
    needs_space = role in {"host", "device"}
    if needs_space and space is None:
        raise DataInvalid([{"path": "space", "message": f"a {role} token needs --space"}])
    if role == "treasurer" and network is None and space is None:
        raise DataInvalid([{"path": "network", "message": "a treasurer token needs --network"}])


def _find_token(session: Session, token: str) -> ApiToken | None:
    return session.scalar(
        select(ApiToken).where(ApiToken.token_hash == hash_of(token), ApiToken.revoked_at.is_(None))
    )


def _caller(row: ApiToken) -> Caller:
    note_seen(row)
    return caller_with(row.id, cast(Role, row.role), row.network, row.space)
