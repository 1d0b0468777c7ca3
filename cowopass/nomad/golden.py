"""Golden tickets: which a holder has given, and the link that is the guest's own."""

from __future__ import annotations

from typing import Literal, NamedTuple

from itsdangerous import BadSignature, Signer
from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.config import Config
from cowopass.errors import LinkInvalid
from cowopass.passes.models import Pass, Ticket
from cowopass.passes.tickets import find_ticket
from cowopass.people.models import Holder

GiftState = Literal["good", "used", "taken_back", "expired"]


class Gift(NamedTuple):
    """A golden ticket that was given, what became of it, and the address to send."""

    ticket: Ticket
    state: GiftState
    url: str


def list_gifts(session: Session, config: Config, holder: Holder) -> list[Gift]:
    """Return the golden tickets that a holder has given, the latest first."""
    tickets = session.scalars(
        select(Ticket)
        .join(Pass, Pass.id == Ticket.pass_id)
        .where(Pass.holder_id == holder.id, Ticket.kind == "golden")
        .order_by(Ticket.issued_at.desc(), Ticket.jti)
    )
    return [Gift(one, state_of_gift(one), gift_url(config, one)) for one in tickets]


def state_of_gift(ticket: Ticket) -> GiftState:
    """Return what became of a golden ticket."""
    if ticket.used_at is not None:
        return "used"
    if ticket.revoked_at is not None:
        return "taken_back"
    return "good" if clock.now() < ticket.expires_at else "expired"


def gift_url(config: Config, ticket: Ticket) -> str:
    """Return the address of a guest's page: whoever has it has the ticket."""
    return f"{config.base_url}/wallet/gift/{_signer(config).sign(ticket.jti).decode()}"


def ticket_of_gift(session: Session, config: Config, link: str) -> Ticket:
    """Return the golden ticket of a guest's link. Raises LinkInvalid when it is not whole."""
    try:
        jti = _signer(config).unsign(link).decode()
    except BadSignature as error:
        raise LinkInvalid from error
    return find_ticket(session, jti)


def own_gift(session: Session, holder: Holder, jti: str) -> Ticket:
    """Return a golden ticket that this holder has given. Raises LinkInvalid for any other."""
    ticket = session.scalar(
        select(Ticket)
        .join(Pass, Pass.id == Ticket.pass_id)
        .where(Ticket.jti == jti, Ticket.kind == "golden", Pass.holder_id == holder.id)
    )
    if ticket is None:
        raise LinkInvalid
    return ticket


def _signer(config: Config) -> Signer:
    return Signer(config.secret_key, salt="cowopass.gift-link")
