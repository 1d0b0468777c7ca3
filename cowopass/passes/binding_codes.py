"""Codes that let a phone carry a pass: six digits, mailed to the holder or shown at a desk."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from itsdangerous import Signer
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.config import Config
from cowopass.errors import BindingCodeWrong, TooManyCodes
from cowopass.passes.models import BindingCode
from cowopass.passes.standing import local_today, lock_pass, refuse_unless_current

CODE_LIFE = timedelta(minutes=15)
CODE_TRIES = 5
CODES_PER_HOUR = 5
"""With five tries each, a stranger guesses one of a million in an hour with 25 chances."""

_HOUR = timedelta(hours=1)
_DIGITS = 6


class GivenCode(NamedTuple):
    """A code to tell the holder, and the UTC instant at which it ends."""

    code: str
    expires_at: datetime


def request_binding_code(session: Session, config: Config, pass_id: str) -> GivenCode:
    """Make a code by which one phone may carry a pass; those before count no more.

    Raises PassUnknown, PassEnded, PassExpired, or TooManyCodes after five in an hour.
    """
    sold = lock_pass(session, pass_id)
    refuse_unless_current(sold, local_today(session, sold.network), may_be_suspended=True)
    now = clock.now()
    _forget_older(session, pass_id, now - _HOUR)
    made = session.scalar(select(func.count()).where(BindingCode.pass_id == pass_id)) or 0
    if made >= CODES_PER_HOUR:
        raise TooManyCodes(pass_id, int(_HOUR.total_seconds()))
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
    given = GivenCode(code, now + CODE_LIFE)
    session.add(
        BindingCode(
            pass_id=pass_id,
            code_hash=_hash(config, pass_id, code),
            tries_left=CODE_TRIES,
            created_at=now,
            expires_at=given.expires_at,
        )
    )
    session.flush()
    return given


def spend_code(
    session: Session, config: Config, pass_id: str, typed: str
) -> BindingCodeWrong | None:
    """Use up the code of a pass, or one of its tries; return why it does not count, if so.

    The pass must be locked. Spaces and dashes in what was typed do not matter.
    """
    latest = session.scalar(
        select(BindingCode)
        .where(BindingCode.pass_id == pass_id)
        .order_by(BindingCode.id.desc())
        .limit(1)
    )
    if latest is None or latest.tries_left <= 0 or latest.expires_at <= clock.now():
        return BindingCodeWrong(pass_id, 0)
    code = re.sub(r"[\s\-]+", "", typed[:40])
    if secrets.compare_digest(latest.code_hash, _hash(config, pass_id, code)):
        latest.tries_left = 0
        return None
    latest.tries_left -= 1
    return BindingCodeWrong(pass_id, latest.tries_left)


def forget_old_codes(session: Session) -> int:
    """Remove the codes that were made more than an hour ago; return how many."""
    old = BindingCode.created_at <= clock.now() - _HOUR
    return len(session.scalars(delete(BindingCode).where(old).returning(BindingCode.id)).all())


def _forget_older(session: Session, pass_id: str, than: datetime) -> None:
    session.execute(
        delete(BindingCode).where(BindingCode.pass_id == pass_id, BindingCode.created_at <= than)
    )


def _hash(config: Config, pass_id: str, code: str) -> str:
    signer = Signer(config.secret_key, salt="cowopass.binding-code")
    return signer.get_signature(f"{pass_id}.{code}").decode()
