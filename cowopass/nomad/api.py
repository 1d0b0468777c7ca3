"""What the wallet page asks for by script: codes, and the ticket of this very phone.

Whoever opened the wallet's link in this browser may ask; a ticket is given to the phone alone that
has proved by a code, once, that it is the holder's.
"""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from cowopass.errors import BindingCodeWrong
from cowopass.nomad.frame import PHONE, wallet_of
from cowopass.nomad.schemas import BindSchema, CodeSentSchema, LiveTicketSchema
from cowopass.passes.binding_codes import request_binding_code
from cowopass.passes.letters import send_code, send_phone_replaced
from cowopass.passes.models import Pass, Ticket
from cowopass.passes.phones import bind_phone, ticket_of_phone
from cowopass.passes.wallet import YEAR_SECONDS
from cowopass.people.callers import read_cookie, set_cookie
from cowopass.running import current_config
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "wallet-api", __name__, url_prefix="/api/v1/wallet", description="The wallet page of a holder."
)


@blueprint.post("/passes/<pass_id>/codes")
@blueprint.response(200, CodeSentSchema)
def mail_code(pass_id: str) -> dict[str, Any]:
    """Mail the holder a code that lets one phone carry her pass."""
    with transaction() as session:
        sold = _own_pass(session, pass_id)
        if sold.holder.email is None:
            return {"sent_to": None}
        send_code(session, sold, request_binding_code(session, current_config(), pass_id))
        return {"sent_to": blurred(sold.holder.email)}


@blueprint.post("/passes/<pass_id>/phone")
@blueprint.arguments(BindSchema)
@blueprint.response(200, LiveTicketSchema)
def bind(body: dict[str, Any], pass_id: str) -> Response:
    """Let this phone carry a pass. The phone that did is told by mail, and counts no more."""
    with transaction() as session:
        sold = _own_pass(session, pass_id)
        bound = bind_phone(
            session,
            current_config(),
            pass_id,
            body["jwk"],
            code=body["code"],
            secret=read_cookie(PHONE) or None,
            keep_paper=body["keep_paper"],
        )
        if not isinstance(bound, BindingCodeWrong) and bound.replaced:
            send_phone_replaced(session, sold)
    if isinstance(bound, BindingCodeWrong):
        raise bound  # only now: the try it took is saved
    answer = jsonify(LiveTicketSchema().dump(_answer(bound.ticket)))
    set_cookie(answer, PHONE, bound.secret, YEAR_SECONDS)
    return answer


@blueprint.post("/passes/<pass_id>/ticket")
@blueprint.response(200, LiveTicketSchema)
def show_ticket(pass_id: str) -> dict[str, Any]:
    """Return the ticket that this phone shows for a pass, new when the pass was renewed."""
    with transaction() as session:
        _own_pass(session, pass_id)
        return _answer(
            ticket_of_phone(session, current_config(), pass_id, read_cookie(PHONE) or "none")
        )


def blurred(email: str) -> str:
    """Return an address so that its owner knows it, and nobody else learns it.

    >>> blurred("camille@example.org")
    'c…@example.org'
    """
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"


def _own_pass(session: Session, pass_id: str) -> Pass:
    """Return a pass of the wallet that is open in this browser. Raises PassUnknown."""
    return wallet_of(session).find(pass_id).sold


def _answer(ticket: Ticket) -> dict[str, Any]:
    return {"jti": ticket.jti, "token": ticket.token, "expires_at": ticket.expires_at}
