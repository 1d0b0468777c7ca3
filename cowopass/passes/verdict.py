"""Whether a ticket counts, as far as can be said without a space to show it at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.config import Config
from cowopass.networks.keys import trust_for
from cowopass.passes.models import Pass, Ticket
from wallet.errors import WalletError
from wallet.jws import read_unverified, text_of
from wallet.ticket import Ticket as Verified
from wallet.verify import peek, verify_presentation

CLAIMS = ("iss", "net", "home", "plan", "sub", "jti", "iat", "nbf", "exp")

INSTANTS = ("iat", "nbf", "exp")


class Verdict(NamedTuple):
    """`code` is that of the refusal a desk would give, None for a ticket that counts now."""

    code: str | None
    sentence: str


def read_claims(text: str) -> dict[str, Any]:
    """Return what a ticket's text claims, unverified, with instants as UTC times.

    Needs no database. Raises as `wallet.verify.peek` does.
    """
    unverified = read_unverified(text)
    told = {name: unverified.claims.get(name) for name in CLAIMS}
    for name in INSTANTS:
        told[name] = _instant(told[name])
    return {**told, "kid": text_of(unverified.header.get("kid"))}


def judge(session: Session, config: Config, text: str) -> Verdict:
    """Return whether a ticket is genuine, still counts and holds today, in the desk's order."""
    seen = peek(text)
    stored = session.get(Ticket, seen.jti)
    genuine = {(stored.jti, stored.payload_hash)} if stored else frozenset[tuple[str, str]]()
    trust, now = trust_for(session, config, seen.net, genuine), clock.now()
    try:
        ticket = verify_presentation(text, trust, int(now.timestamp()), space=None).ticket
    except WalletError as error:
        return Verdict(error.code, str(error))
    sold = session.get(Pass, ticket.sub)
    if sold is None:
        return Verdict("pass_unknown", "Its pass was not sold here.")
    return _judge_record(sold, stored) or _judge_days(ticket, now)


def _judge_record(sold: Pass, stored: Ticket | None) -> Verdict | None:
    if stored is not None and stored.revoked_at is not None:
        return Verdict("revoked", f"It was replaced or taken back on {stored.revoked_at:%Y-%m-%d}.")
    if stored is not None and stored.used_at is not None:
        return Verdict("no_units_left", f"It was used on {stored.used_at:%Y-%m-%d}.")
    if sold.state == "suspended":
        return Verdict("suspended", "Its pass is suspended.")
    if sold.state != "active":
        return Verdict("revoked", f"Its pass is {sold.state}.")
    return None


def _judge_days(ticket: Verified, now: datetime) -> Verdict:
    if ticket.nbf is not None and now.timestamp() < ticket.nbf:
        return Verdict("not_yet_valid", f"It holds from {_instant(ticket.nbf)} on.")
    if now.timestamp() >= ticket.exp:
        return Verdict("expired", f"It held until {_instant(ticket.exp)}.")
    return Verdict(None, "It counts.")


def _instant(seconds: object) -> object:
    """Return seconds since 1970 as a UTC time, anything that is none as it is."""
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        return seconds
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return seconds
