"""Who is behind the present request: the one place that views ask."""

from __future__ import annotations

from typing import cast

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cowopass.acts.actor import Actor, Kind, let_act
from cowopass.errors import TokenRequired
from cowopass.people.access import Caller, Grant, Role
from cowopass.people.models import Person, WebSession
from cowopass.people.service import authenticate, find_device
from cowopass.people.sessions import LONGEST, find_session
from cowopass.running import current_config

SIGNED_IN = "cowopass"
BROWSER = "cowopass-browser"
DEVICE = "cowopass-device"
"""Cookies: of who is signed in, of a browser that asked for a link, of a paired device."""


def caller_of_request(session: Session) -> Caller:
    """Return who sends the present request.

    That is whose token stands in its `Authorization` header; else who is signed in in this
    browser; else the device that it is paired as. Somebody signed in on a paired device may do the
    device's work too. Raises TokenRequired when there is nobody, or who was there is cut off.
    """
    caller, kind = _find_caller(session)
    let_act(Actor(kind, caller.id))
    return caller


def _find_caller(session: Session) -> tuple[Caller, Kind]:
    authorization = request.headers.get("Authorization")
    if authorization is not None:
        return authenticate(session, authorization), "token"
    device = find_device(session, read_cookie(DEVICE))
    signed_in = session_of_request(session)
    if signed_in is not None:
        return _person(signed_in, device.grants if device else ()), "person"
    if device is not None:
        return device, "device"
    raise TokenRequired


def person_of_request(session: Session) -> Person | None:
    """Return who is signed in in this browser, with her memberships; None when nobody is."""
    found = session_of_request(session)
    return found.person if found else None


def session_of_request(session: Session) -> WebSession | None:
    """Return the session that this browser's cookie speaks of, None when it is over."""
    secret = read_cookie(SIGNED_IN)
    return find_session(session, secret) if secret else None


def session_required(session: Session) -> WebSession:
    """Return the session of this browser. Raises TokenRequired when nobody is signed in."""
    found = session_of_request(session)
    if found is None:
        raise TokenRequired
    let_act(Actor("person", found.person_id))
    return found


def is_signed_in() -> bool:
    """Return whether this browser was signed in, by its cookie alone, for a menu to show."""
    return bool(read_cookie(SIGNED_IN))


def read_cookie(name: str) -> str:
    """Return a cookie of ours, empty when there is none."""
    return request.cookies.get(_full_name(name), "")


def set_cookie(answer: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Give the browser a cookie that no script reads and no other site sends.

    Over HTTPS it goes nowhere but here: `__Host-` binds it to this very host. It ends with the
    session's longest time unless `seconds` say otherwise.
    """
    answer.set_cookie(
        _full_name(name),
        value,
        max_age=int(LONGEST.total_seconds()) if seconds is None else seconds,
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(answer: Response, name: str) -> None:
    """Let the browser forget a cookie."""
    answer.delete_cookie(_full_name(name), secure=_is_secure(), httponly=True, samesite="Lax")


def _person(found: WebSession, others: tuple[Grant, ...]) -> Caller:
    grants = tuple(
        Grant(cast(Role, membership.role), membership.network, membership.space)
        for membership in found.person.memberships
    )
    needs_passkey = current_config().is_production
    return Caller(
        found.person_id,
        grants + others,
        is_proven=found.method == "passkey" or not needs_passkey,
    )


def _full_name(name: str) -> str:
    return f"__Host-{name}" if _is_secure() else name


def _is_secure() -> bool:
    return current_config().base_url.startswith("https://")
