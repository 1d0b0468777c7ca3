"""Phones that carry a pass: bound by a code, known again by a cookie, told when they are replaced.

A live ticket names the phone's public key and counts only with what that phone has just signed.
One phone at a time carries a pass: whoever binds the next one cuts the one before off.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.config import Config
from cowopass.errors import (
    BindingCodeNeeded,
    BindingCodeWrong,
    DataInvalid,
    PhoneReplaced,
    PhoneUnbound,
)
from cowopass.passes.binding_codes import spend_code
from cowopass.passes.events import record_event
from cowopass.passes.models import Pass, Phone, Ticket
from cowopass.passes.standing import local_today, lock_pass, refuse_unless_current
from cowopass.passes.tickets import cut_off, ends_at, issue_live_ticket
from cowopass.people.hashing import hash_of, new_secret
from wallet.errors import KeyUnreadable
from wallet.jws import read_unverified
from wallet.keys import public_jwk, public_key_from_jwk


class Bound(NamedTuple):
    """A live ticket, and the secret by which its phone is known again: for an HttpOnly cookie.

    `replaced`: another phone carried the pass until now.
    """

    ticket: Ticket
    secret: str
    replaced: bool


def bind_phone(  # noqa: PLR0913 (what a phone sends)
    session: Session,
    config: Config,
    pass_id: str,
    jwk: Mapping[str, object],
    *,
    code: str | None = None,
    secret: str | None = None,
    keep_paper: bool = False,
) -> Bound | BindingCodeWrong:
    """Let the phone of a public key carry a pass; the phone before and the paper count no more.

    It needs a `code` (`request_binding_code`), or the `secret` of a phone that carries a pass of
    the same holder; then the paper stays as it is. A wrong code is returned, not raised: the try
    has to be saved, so raise it once the transaction is over. Raises PassUnknown, PassEnded,
    PassExpired, BindingCodeNeeded, or DataInvalid for what is no P-256 public key.
    """
    plain_jwk = _plain_jwk(jwk)
    sold = lock_pass(session, pass_id)
    refuse_unless_current(sold, local_today(session, sold.network), may_be_suspended=True)
    is_known = secret is not None and _carries_for(session, sold.holder_id, secret)
    if not is_known:
        if code is None:
            raise BindingCodeNeeded(pass_id)
        wrong = spend_code(session, config, pass_id, code)
        if wrong is not None:
            return wrong
        if not keep_paper:
            cut_off(session, pass_id, "paper")
    kept = secret if is_known and secret is not None else new_secret()
    return _bind(session, config, sold, plain_jwk, kept)


def ticket_of_phone(session: Session, config: Config, pass_id: str, secret: str) -> Ticket:
    """Return the live ticket that a phone shows for a pass, by the phone's secret.

    It is made anew when the pass was renewed since. Raises PassUnknown, PassEnded, PassExpired,
    PhoneUnbound, or PhoneReplaced when another phone carries the pass now.
    """
    sold = lock_pass(session, pass_id)
    refuse_unless_current(sold, local_today(session, sold.network), may_be_suspended=True)
    bindings = _bindings_of(session, pass_id)
    mine = [ticket for phone, ticket in bindings if phone.secret_hash == hash_of(secret)]
    if not mine:
        raise PhoneUnbound(pass_id)
    if mine[0].revoked_at is not None:
        raise PhoneReplaced(pass_id, mine[0].revoked_at)
    if mine[0].expires_at >= ends_at(session, sold):
        return mine[0]
    return _issue(session, config, sold, _jwk_of(mine[0]), secret)


def _bind(session: Session, config: Config, sold: Pass, jwk: dict[str, str], secret: str) -> Bound:
    """Cut off whoever carried the pass, and give this phone its ticket."""
    replaced = any(
        phone.secret_hash != hash_of(secret) and ticket.revoked_at is None
        for phone, ticket in _bindings_of(session, sold.id)
    )
    cut_off(session, sold.id, "live")
    ticket = _issue(session, config, sold, jwk, secret)
    record_event(session, sold.id, "phone_bound", jti=ticket.jti, replaced=replaced)
    return Bound(ticket, secret, replaced)


def _issue(
    session: Session, config: Config, sold: Pass, jwk: dict[str, str], secret: str
) -> Ticket:
    ticket = issue_live_ticket(session, config, sold, jwk)
    session.add(
        Phone(
            jti=ticket.jti,
            pass_id=sold.id,
            secret_hash=hash_of(secret),
            bound_at=ticket.issued_at,
        )
    )
    session.flush()
    return ticket


def _carries_for(session: Session, holder_id: str, secret: str) -> bool:
    """Say whether a secret is that of a phone which carries a pass of this holder now."""
    found = session.scalar(
        select(Phone.jti)
        .join(Ticket, Ticket.jti == Phone.jti)
        .join(Pass, Pass.id == Phone.pass_id)
        .where(
            Phone.secret_hash == hash_of(secret),
            Ticket.revoked_at.is_(None),
            Pass.holder_id == holder_id,
        )
        .limit(1)
    )
    return found is not None


def _bindings_of(session: Session, pass_id: str) -> list[tuple[Phone, Ticket]]:
    """Return the phones that a pass was ever bound to with their tickets, newest first."""
    statement = (
        select(Phone, Ticket)
        .join(Ticket, Ticket.jti == Phone.jti)
        .where(Phone.pass_id == pass_id)
        .order_by(Phone.bound_at.desc(), Phone.jti)
        .execution_options(populate_existing=True)
    )
    return [(phone, ticket) for phone, ticket in session.execute(statement)]


def _plain_jwk(jwk: Mapping[str, object]) -> dict[str, str]:
    """Return a public key with nothing beside what makes it one."""
    try:
        return public_jwk(public_key_from_jwk(jwk))
    except KeyUnreadable as error:
        raise DataInvalid([{"path": "jwk", "message": str(error)}]) from error


def _jwk_of(ticket: Ticket) -> dict[str, str]:
    """Return the phone's key out of a live ticket of ours."""
    confirmation = cast(dict[str, Any], read_unverified(ticket.token).claims["cnf"])
    return cast(dict[str, str], confirmation["jwk"])
