"""Devices of a desk: paired by a code that a host shows, cut off by a host.

A device's cookie is an API token of role `device`: it does the desk work of one space.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.errors import TokenUnknown
from cowopass.people.access import Caller
from cowopass.people.models import ApiToken
from cowopass.people.once import issue, use
from cowopass.people.service import create_token, revoke_token
from wallet.code import read_code


def make_pairing_code(session: Session, caller: Caller, space: str) -> str:
    """Return a code that makes a device of the browser in which it is typed or scanned.

    It has eight symbols, the last of which shows a slip. It works once, for ten minutes. Raises
    RoleForbidden for who is no host of the space.
    """
    caller.must_serve(space, "host")
    return issue(session, "pairing", space=space)


def pair_device(session: Session, typed: str, name: str) -> tuple[str, str]:
    """Use a pairing code up; return the token for the device's cookie, and its space.

    Raises CodeInvalid for what is no code, SecretExpired or SecretUsed.
    """
    space = use(session, read_code(typed), "pairing").space or ""
    return create_token(session, "device", space=space, label=name), space


def list_devices(session: Session, caller: Caller, space: str) -> list[ApiToken]:
    """Return the devices of a space that are not cut off, oldest first. Raises RoleForbidden."""
    caller.must_serve(space, "host")
    found = session.scalars(
        select(ApiToken)
        .where(ApiToken.role == "device", ApiToken.space == space, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.created_at, ApiToken.id)
    )
    return list(found)


def cut_off_device(session: Session, caller: Caller, space: str, device_id: str) -> None:
    """Cut a device of a space off, at once and for good; again changes nothing.

    Raises RoleForbidden, and TokenUnknown for what is no device of this space.
    """
    caller.must_serve(space, "host")
    device = session.get(ApiToken, device_id)
    if device is None or (device.role, device.space) != ("device", space):
        raise TokenUnknown(device_id)
    revoke_token(session, device_id)
