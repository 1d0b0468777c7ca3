"""Writes that a phone may repeat: under a client-made id, they happen once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.errors import IdempotencyConflict
from cowopass.passes.models import Pass, PassRequest, Ticket


class Sold(NamedTuple):
    """A pass and the ticket made for it."""

    sold: Pass
    ticket: Ticket


class Answered(NamedTuple):
    """The result of a write, and whether it was an earlier one, given again."""

    result: Sold
    is_repeated: bool


def answer_once(
    session: Session,
    request_id: str | None,
    body: Mapping[str, Any],
    act: Callable[[], Sold],
) -> Answered:
    """Act, or give the first result again when this id came before with this body.

    The id is claimed before anything is looked at, so two copies of a request that race act once:
    the second waits for the first. Without an id there is nothing to recognise a copy by.
    Raises IdempotencyConflict when the id came with another body.
    """
    if request_id is None:
        return Answered(act(), is_repeated=False)
    claim, is_new = _claim(session, request_id, body)
    if is_new:
        result = act()
        claim.pass_id, claim.jti = result.sold.id, result.ticket.jti
    else:
        result = Sold(session.get_one(Pass, claim.pass_id), session.get_one(Ticket, claim.jti))
    return Answered(result, is_repeated=not is_new)


def comes_first(session: Session, request_id: str, body: Mapping[str, Any]) -> bool:
    """Claim an id for a write that makes no ticket; False when it came before with this body.

    Raises IdempotencyConflict when the id came with another body.
    """
    return _claim(session, request_id, body)[1]


def _claim(session: Session, request_id: str, body: Mapping[str, Any]) -> tuple[PassRequest, bool]:
    """Return the claim of an id, and whether it is new. Raises IdempotencyConflict."""
    body_hash = sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
    claim = PassRequest(id=request_id, body_hash=body_hash, received_at=clock.now())
    try:
        with session.begin_nested():
            session.add(claim)
    except IntegrityError:
        first = session.get_one(PassRequest, request_id)
        if first.body_hash != body_hash:
            raise IdempotencyConflict(request_id) from None
        return first, False
    return claim, True
