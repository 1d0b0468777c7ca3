"""What the service answers about passes and tickets, the same by API and by command."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cowopass.config import Config
from cowopass.passes.models import Pass, Ticket
from cowopass.passes.refunds import Refund
from cowopass.passes.requests import Sold
from cowopass.passes.standing import Standing, standing_of
from cowopass.passes.tickets import latest_ticket, picture_links, ticket_url, tickets_of
from wallet.code import show_code


def answer_standing(standing: Standing) -> dict[str, Any]:
    """Return what is told of a pass: everything but its tickets."""
    sold, plan = standing.sold, standing.sold.plan
    return {
        "id": sold.id,
        "state": standing.state,
        "units_left": standing.units_left,
        "golden_left": standing.golden_left,
        "starts_on": sold.starts_on,
        "valid_until": sold.ends_on,
        "network": sold.network,
        "home": sold.home,
        "plan": plan.code,
        "plan_name": plan.name,
        "kind": plan.kind,
        "unit": plan.unit,
        "volunteer": sold.volunteer,
        "price_paid_cents": sold.price_paid_cents,
        "reference": sold.reference,
        "holder": {"name": sold.holder.name, "email": sold.holder.email},
    }


def answer_pass(session: Session, sold: Pass) -> dict[str, Any]:
    """Return what is told of one pass, its tickets listed without what would open a door."""
    latest = latest_ticket(session, sold.id)
    return {
        **answer_standing(standing_of(session, sold)),
        "ticket": _ticket_record(latest) if latest else None,
        "tickets": [answer_ticket_state(ticket) for ticket in tickets_of(session, sold.id)],
    }


def answer_sold(session: Session, config: Config, result: Sold) -> dict[str, Any]:
    """Return a pass with a ticket just made for it, which is told in full."""
    ticket = answer_ticket(config, result.ticket)
    return {**answer_standing(standing_of(session, result.sold)), "ticket": ticket}


def answer_refund(session: Session, given_back: Refund) -> dict[str, Any]:
    """Return a refunded pass with what its holder gets back."""
    return {
        **answer_standing(standing_of(session, given_back.sold)),
        "refund": {"amount_cents": given_back.amount_cents, "months": given_back.months},
    }


def answer_ticket(config: Config, ticket: Ticket) -> dict[str, Any]:
    """Return a ticket with its token, the address in its QR code, and links to its pictures."""
    return {
        **_ticket_record(ticket),
        "token": ticket.token,
        "url": ticket_url(config, ticket),
        "links": picture_links(config, ticket),
    }


def answer_ticket_state(ticket: Ticket) -> dict[str, Any]:
    """Return a ticket without its token, and what became of it."""
    return {
        **_ticket_record(ticket),
        "revoked_at": ticket.revoked_at,
        "used_at": ticket.used_at,
    }


def _ticket_record(ticket: Ticket) -> dict[str, Any]:
    return {
        "jti": ticket.jti,
        "kind": ticket.kind,
        "code": None if ticket.kind == "live" else show_code(ticket.code),
        "issued_at": ticket.issued_at,
        "expires_at": ticket.expires_at,
        "recipient": ticket.recipient,
    }
