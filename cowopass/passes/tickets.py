"""Tickets of a pass: made, found, replaced, taken back, and linked to."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from itsdangerous import Signer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.config import Config
from cowopass.errors import LinkInvalid, TicketRevoked, TicketUnknown, TicketUsed
from cowopass.networks.keys import note_last_exp, signing_key
from cowopass.passes.events import record_event
from cowopass.passes.models import Pass, Ticket
from cowopass.passes.standing import local_today, lock_pass, refuse_unless_current, timezone_of
from wallet.code import CODES, make_code
from wallet.keys import SigningKey
from wallet.qr import token_to_text
from wallet.ticket import payload_hash, sign_live_ticket, sign_ticket

Picture = Literal["svg", "png", "pdf"]


def day_starts_at(day: date, timezone: str) -> datetime:
    """Return the UTC instant at which a local day begins in a time zone."""
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)


def issue_ticket(session: Session, config: Config, sold: Pass) -> Ticket:
    """Make a paper ticket that holds from the pass's first local day to the end of its last."""
    return _issue(session, config, sold, Ticket(kind="paper"), sold.ends_on)


def issue_golden_ticket(
    session: Session, config: Config, sold: Pass, month: str, last_on: date, recipient: str | None
) -> Ticket:
    """Make a golden ticket of a bucket's allowance, good once, until the end of a local day."""
    blank = Ticket(kind="golden", golden_month=month, recipient=recipient)
    return _issue(session, config, sold, blank, last_on)


def issue_live_ticket(
    session: Session, config: Config, sold: Pass, jwk: Mapping[str, str]
) -> Ticket:
    """Make a ticket that counts as shown by the phone of a public key, until the pass's end.

    Raises ClaimsInvalid for what is no P-256 public key.
    """
    return _issue(session, config, sold, Ticket(kind="live"), sold.ends_on, jwk)


def ends_at(session: Session, sold: Pass) -> datetime:
    """Return the UTC instant from which a pass holds no longer."""
    return day_starts_at(sold.ends_on + timedelta(days=1), timezone_of(session, sold.network))


def _issue(
    session: Session,
    config: Config,
    sold: Pass,
    blank: Ticket,
    last_on: date,
    jwk: Mapping[str, str] | None = None,
) -> Ticket:
    """Fill a blank ticket in, sign it and add it."""
    timezone, now = timezone_of(session, sold.network), clock.now()
    blank.expires_at = day_starts_at(last_on + timedelta(days=1), timezone)
    blank.jti, blank.pass_id, blank.issued_at = f"tik_{secrets.token_hex(8)}", sold.id, now
    key = signing_key(session, config, sold.network, now)
    starts_at = day_starts_at(sold.starts_on, timezone)
    blank.token = _sign(key, sold, blank, starts_at) if jwk is None else _bind(key, blank, jwk)
    blank.kid, blank.payload_hash = key.kid, payload_hash(blank.token)
    blank.code = _unused_code(session)
    note_last_exp(session, key, int(blank.expires_at.timestamp()))
    session.add(blank)
    session.flush()
    return blank


def _sign(key: SigningKey, sold: Pass, blank: Ticket, starts_at: datetime) -> str:
    return sign_ticket(
        key,
        sub=sold.id,
        jti=blank.jti,
        iat=int(blank.issued_at.timestamp()),
        nbf=int(starts_at.timestamp()),
        exp=int(blank.expires_at.timestamp()),
        home=sold.home,
        plan=sold.plan.code,
    )


def _bind(key: SigningKey, blank: Ticket, jwk: Mapping[str, str]) -> str:
    return sign_live_ticket(
        key,
        jwk,
        sub=blank.pass_id,
        jti=blank.jti,
        iat=int(blank.issued_at.timestamp()),
        exp=int(blank.expires_at.timestamp()),
    )


def _unused_code(session: Session) -> str:
    """Return a short code that no ticket has. There are billions, so this ends at once."""
    while True:
        code = make_code(secrets.randbelow(CODES))
        if session.scalar(select(Ticket.jti).where(Ticket.code == code)) is None:
            return code


def find_ticket(session: Session, jti: str) -> Ticket:
    """Return a ticket by its id. Raises TicketUnknown."""
    ticket = session.get(Ticket, jti)
    if ticket is None:
        raise TicketUnknown(jti)
    return ticket


def find_ticket_by_code(session: Session, code: str) -> Ticket:
    """Return a ticket by its short code in plain form (`wallet.code.read_code`).

    Raises TicketUnknown.
    """
    ticket = session.scalar(select(Ticket).where(Ticket.code == code))
    if ticket is None:
        raise TicketUnknown(code)
    return ticket


def latest_ticket(session: Session, pass_id: str) -> Ticket | None:
    """Return the newest paper ticket of a pass that still counts, if there is one."""
    return session.scalar(
        select(Ticket)
        .where(Ticket.pass_id == pass_id, Ticket.kind == "paper", Ticket.revoked_at.is_(None))
        .order_by(Ticket.expires_at.desc(), Ticket.issued_at.desc(), Ticket.jti)
        .limit(1)
    )


def tickets_of(session: Session, pass_id: str) -> list[Ticket]:
    """Return all tickets a pass ever had, oldest first."""
    return list(
        session.scalars(
            select(Ticket).where(Ticket.pass_id == pass_id).order_by(Ticket.issued_at, Ticket.jti)
        )
    )


def reissue_ticket(session: Session, config: Config, pass_id: str) -> tuple[Pass, Ticket]:
    """Make a new paper ticket; those before count no more. A suspended pass may have one too.

    Raises PassUnknown, PassEnded or PassExpired.
    """
    sold = lock_pass(session, pass_id)
    refuse_unless_current(sold, local_today(session, sold.network), may_be_suspended=True)
    cut_off(session, pass_id, "paper")
    ticket = issue_ticket(session, config, sold)
    record_event(session, pass_id, "reissued", jti=ticket.jti)
    return sold, ticket


def cut_off(session: Session, pass_id: str, kind: str | None = None) -> None:
    """Revoke the tickets of a pass that still count: of one kind, or all of them."""
    statement = update(Ticket).where(Ticket.pass_id == pass_id, Ticket.revoked_at.is_(None))
    if kind is not None:
        statement = statement.where(Ticket.kind == kind)
    session.execute(statement.values(revoked_at=clock.now()))


def revoke_ticket(session: Session, jti: str, reason: str) -> Ticket:
    """Take one ticket back: a paper one that was lost, a golden one that was handed over.

    Taking it back again changes nothing. Raises TicketUnknown, or TicketUsed for a golden ticket
    that was redeemed.
    """
    ticket = find_ticket(session, jti)
    lock_pass(session, ticket.pass_id)
    session.refresh(ticket)
    if ticket.used_at is not None:
        raise TicketUsed(jti)
    if ticket.revoked_at is None:
        ticket.revoked_at = clock.now()
        record_event(session, ticket.pass_id, "ticket_revoked", reason=reason, jti=jti)
    return ticket


def ticket_url(config: Config, ticket: Ticket) -> str:
    """Return what the ticket's QR code says: a URL that any phone opens."""
    return token_to_text(ticket.token, config.base_url)


def picture_links(config: Config, ticket: Ticket) -> dict[Picture, str]:
    """Return the addresses of a ticket's pictures; whoever has them needs no token."""
    link = _signer(config).get_signature(ticket.jti).decode()
    root = f"{config.base_url}/api/v1/tickets/{ticket.jti}/qr"
    return {
        "svg": f"{root}.svg?link={link}",
        "png": f"{root}.png?link={link}",
        "pdf": f"{root}.pdf?link={link}",
    }


def check_link(config: Config, jti: str, link: str) -> None:
    """Let pass a link that `picture_links` made for this ticket. Raises LinkInvalid."""
    if not _signer(config).verify_signature(jti, link):
        raise LinkInvalid


def refuse_revoked(ticket: Ticket) -> None:
    """Raise TicketRevoked for a ticket that was replaced or taken back."""
    if ticket.revoked_at is not None:
        raise TicketRevoked(ticket.jti)


def _signer(config: Config) -> Signer:
    return Signer(config.secret_key, salt="cowopass.ticket-link")
