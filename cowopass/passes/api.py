"""Passes over HTTP: selling them, and what happens to them later. For the host of their home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from cowopass.errors import TicketUnknown
from cowopass.passes import golden, life, refunds, service, tickets
from cowopass.passes.answers import (
    answer_pass,
    answer_refund,
    answer_sold,
    answer_standing,
    answer_ticket_state,
)
from cowopass.passes.binding_codes import request_binding_code
from cowopass.passes.models import Pass, Ticket
from cowopass.passes.paper import MIMETYPES, draw
from cowopass.passes.requests import Sold, answer_once
from cowopass.passes.schemas import (
    BindingCodeSchema,
    GoldenSchema,
    PassDetailSchema,
    PassPageSchema,
    PassQuerySchema,
    PassSchema,
    PictureQuerySchema,
    RefundedSchema,
    RefundRequestSchema,
    RepeatableSchema,
    SaleSchema,
    SoldSchema,
    StopReasonSchema,
    TicketStateSchema,
    WalletLinkSchema,
    sale_of,
)
from cowopass.passes.standing import find_pass, standing_of, standings_of
from cowopass.passes.tickets import Picture
from cowopass.passes.wallet import replace_link, wallet_url
from cowopass.people.callers import caller_of_request
from cowopass.running import current_config
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "passes", __name__, url_prefix="/api/v1", description="Selling passes, and their life."
)

REPEATED = "The same `id` and body came before: the first result again."


@blueprint.post("/passes")
@blueprint.arguments(SaleSchema)
@blueprint.response(201, SoldSchema)
@blueprint.alt_response(200, schema=SoldSchema, description=REPEATED)
def sell(body: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Sell a pass. The answer is the only one that tells its token."""
    sale = sale_of(body)
    with transaction() as session:
        caller_of_request(session).must_serve(sale.home, "host")
        return _answer_once(session, body, lambda: service.sell(session, current_config(), sale))


@blueprint.get("/passes")
@blueprint.arguments(PassQuerySchema, location="query")
@blueprint.response(200, PassPageSchema)
def list_passes(query: dict[str, Any]) -> dict[str, Any]:
    """List the passes of a home, newest first, page by page."""
    with transaction(read_only=True) as session:
        caller_of_request(session).must_serve(query["home"], "host")
        found = service.list_passes(
            session,
            query["home"],
            reference=query["reference"],
            after=query["cursor"],
            limit=query["limit"] + 1,
        )
        page = found[: query["limit"]]
        return {
            "passes": [answer_standing(standing) for standing in standings_of(session, page)],
            "next": page[-1].id if len(found) > len(page) else None,
        }


@blueprint.get("/passes/<pass_id>")
@blueprint.response(200, PassDetailSchema)
def show_pass(pass_id: str) -> dict[str, Any]:
    """Show a pass as it stands today; tokens are not told again."""
    with transaction(read_only=True) as session:
        return answer_pass(session, _pass_of_caller(session, pass_id))


@blueprint.post("/passes/<pass_id>/tickets")
@blueprint.arguments(RepeatableSchema)
@blueprint.response(201, SoldSchema)
@blueprint.alt_response(200, schema=SoldSchema, description=REPEATED)
def reissue_ticket(body: dict[str, Any], pass_id: str) -> tuple[dict[str, Any], int]:
    """Make a new paper ticket, as for a lost one; those before count no more."""
    with transaction() as session:
        _pass_of_caller(session, pass_id)
        return _answer_once(
            session, body, lambda: Sold(*tickets.reissue_ticket(session, current_config(), pass_id))
        )


@blueprint.post("/passes/<pass_id>/binding-codes")
@blueprint.response(201, BindingCodeSchema)
@blueprint.alt_response(429, description="Five were asked for within an hour.")
def give_binding_code(pass_id: str) -> dict[str, Any]:
    """Make a code to show the holder at the desk, by which her phone may carry the pass."""
    with transaction() as session:
        _pass_of_caller(session, pass_id)
        return request_binding_code(session, current_config(), pass_id)._asdict()


@blueprint.post("/passes/<pass_id>/wallet-link")
@blueprint.response(200, WalletLinkSchema)
def replace_wallet_link(pass_id: str) -> dict[str, Any]:
    """Make a new link to the holder's wallet; every one before opens nothing any more."""
    with transaction() as session:
        sold = _pass_of_caller(session, pass_id)
        replace_link(session, sold)
        return {"url": wallet_url(current_config(), sold.holder)}


@blueprint.post("/passes/<pass_id>/golden-tickets")
@blueprint.arguments(GoldenSchema)
@blueprint.response(201, SoldSchema)
@blueprint.alt_response(200, schema=SoldSchema, description=REPEATED)
def hand_over_golden_ticket(body: dict[str, Any], pass_id: str) -> tuple[dict[str, Any], int]:
    """Hand over a golden ticket: its links are what to send. It is good once."""
    with transaction() as session:
        _pass_of_caller(session, pass_id)
        recipient = body["recipient"]
        return _answer_once(
            session,
            body,
            lambda: Sold(*golden.hand_over(session, current_config(), pass_id, recipient)),
        )


@blueprint.post("/passes/<pass_id>/renew")
@blueprint.arguments(RepeatableSchema)
@blueprint.response(201, SoldSchema)
@blueprint.alt_response(200, schema=SoldSchema, description=REPEATED)
def renew(body: dict[str, Any], pass_id: str) -> tuple[dict[str, Any], int]:
    """Renew a monthly pass, at the price on sale.

    Where plan or price has changed since, the months that follow are a pass with an id of its own.
    """
    with transaction() as session:
        _pass_of_caller(session, pass_id)
        return _answer_once(session, body, lambda: life.renew(session, current_config(), pass_id))


@blueprint.post("/passes/<pass_id>/suspend")
@blueprint.arguments(StopReasonSchema)
@blueprint.response(200, PassSchema)
def suspend(body: dict[str, Any], pass_id: str) -> dict[str, Any]:
    """Stop a pass for a while."""
    return _move(life.suspend, pass_id, body["reason"])


@blueprint.post("/passes/<pass_id>/resume")
@blueprint.arguments(StopReasonSchema)
@blueprint.response(200, PassSchema)
def resume(body: dict[str, Any], pass_id: str) -> dict[str, Any]:
    """Let a suspended pass be used again."""
    return _move(life.resume, pass_id, body["reason"])


@blueprint.post("/passes/<pass_id>/revoke")
@blueprint.arguments(StopReasonSchema)
@blueprint.response(200, PassSchema)
def revoke(body: dict[str, Any], pass_id: str) -> dict[str, Any]:
    """End a pass for good; its tickets count no more."""
    return _move(life.revoke, pass_id, body["reason"])


@blueprint.post("/passes/<pass_id>/refund")
@blueprint.arguments(RefundRequestSchema)
@blueprint.response(200, RefundedSchema)
def refund(body: dict[str, Any], pass_id: str) -> dict[str, Any]:
    """End a pass and note what its holder gets back: what is unused, at its exact value."""
    with transaction() as session:
        _pass_of_caller(session, pass_id)
        given_back = refunds.refund(session, pass_id, body["reason"], body["paid_through"])
        return answer_refund(session, given_back)


@blueprint.post("/tickets/<jti>/revoke")
@blueprint.arguments(StopReasonSchema)
@blueprint.response(200, TicketStateSchema)
def revoke_ticket(body: dict[str, Any], jti: str) -> dict[str, Any]:
    """Take one ticket back: a lost paper one, or a golden one that was not used."""
    with transaction() as session:
        _ticket_of_caller(session, jti)
        return answer_ticket_state(tickets.revoke_ticket(session, jti, body["reason"]))


@blueprint.get("/tickets/<jti>/qr.<any(svg, png, pdf):form>")
@blueprint.doc(security=[{"bearer": []}, {}])
@blueprint.arguments(PictureQuerySchema, location="query")
@blueprint.response(200, content_type="image/svg+xml")
def show_picture(query: dict[str, Any], jti: str, form: Picture) -> Response:
    """Show a ticket's QR code, as SVG or PNG, or as an A6 page to print (PDF).

    For the host of its home, and for whoever has the link that came with the ticket.
    """
    with transaction(read_only=True) as session:
        ticket = _ticket_to_show(session, jti, query["link"])
        picture = draw(session, current_config(), ticket, form, query["lang"])
    answer = Response(picture, mimetype=MIMETYPES[form])
    answer.headers["Cache-Control"] = "private, no-store"
    name = f"ticket-{ticket.code}.{form}"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _ticket_to_show(session: Session, jti: str, link: str | None) -> Ticket:
    """Return a ticket that this caller may see and that still counts."""
    if link is not None:
        tickets.check_link(current_config(), jti, link)
        ticket = tickets.find_ticket(session, jti)
    else:
        ticket = _ticket_of_caller(session, jti)
    tickets.refuse_revoked(ticket)
    if ticket.kind == "live":
        # Only its phone can show it: a picture would look like a ticket and be none.
        raise TicketUnknown(jti)
    return ticket


def _ticket_of_caller(session: Session, jti: str) -> Ticket:
    """Return a ticket of a pass that the caller's own space sold."""
    caller = caller_of_request(session)
    ticket = tickets.find_ticket(session, jti)
    caller.must_serve(find_pass(session, ticket.pass_id).home, "host")
    return ticket


def _move(act: Callable[[Session, str, str], Pass], pass_id: str, reason: str) -> dict[str, Any]:
    with transaction() as session:
        _pass_of_caller(session, pass_id)
        return answer_standing(standing_of(session, act(session, pass_id, reason)))


def _answer_once(
    session: Session, body: dict[str, Any], act: Callable[[], Sold]
) -> tuple[dict[str, Any], int]:
    """Act unless this body's id came before. The path is part of what must be the same."""
    request_id = str(body["id"]) if body["id"] else None
    answered = answer_once(session, request_id, {"path": request.path, **body}, act)
    status = 200 if answered.is_repeated else 201
    return answer_sold(session, current_config(), answered.result), status


def _pass_of_caller(session: Session, pass_id: str) -> Pass:
    """Return a pass that the caller's own space sold."""
    caller = caller_of_request(session)
    sold = find_pass(session, pass_id)
    caller.must_serve(sold.home, "host")
    return sold
