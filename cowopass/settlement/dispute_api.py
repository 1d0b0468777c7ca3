"""Disputes over HTTP: hosts open them, a treasurer decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cowopass.ledger.disputes import Decision
from cowopass.people.callers import caller_of_request
from cowopass.settlement.dispute_decisions import accept, consent, decide, withdraw
from cowopass.settlement.dispute_schemas import (
    ContestSchema,
    DisputePageSchema,
    DisputeQuerySchema,
    DisputeSchema,
    MessageRequestSchema,
    MessageSchema,
    MissingLineSchema,
    ThreadSchema,
)
from cowopass.settlement.dispute_thread import find_dispute, read_thread, say, thread_document
from cowopass.settlement.disputes import (
    MissingLine,
    contest,
    dispute_document,
    list_disputes,
    report_missing,
)
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "disputes", __name__, url_prefix="/api/v1", description="Lines that a space contests."
)

OPEN_ALREADY = "It is open already: the dispute as it is."


@blueprint.post("/check-ins/<uuid:check_in>/dispute")
@blueprint.arguments(ContestSchema)
@blueprint.response(201, DisputeSchema)
@blueprint.alt_response(200, schema=DisputeSchema, description=OPEN_ALREADY)
def dispute_check_in(body: dict[str, Any], check_in: UUID) -> tuple[dict[str, Any], int]:
    """Contest the charge of a check-in; before the lock its amount is withheld."""
    with transaction() as session:
        dispute, is_new = contest(
            session, caller_of_request(session), str(check_in), body["reason"]
        )
        return dispute_document(dispute), 201 if is_new else 200


@blueprint.post("/disputes")
@blueprint.arguments(MissingLineSchema)
@blueprint.response(201, DisputeSchema)
@blueprint.alt_response(200, schema=DisputeSchema, description=OPEN_ALREADY)
def report_missing_line(body: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Say that a visit is in no list. It is recorded; nothing moves."""
    with transaction() as session:
        dispute, is_new = report_missing(session, caller_of_request(session), MissingLine(**body))
        return dispute_document(dispute), 201 if is_new else 200


@blueprint.get("/disputes")
@blueprint.arguments(DisputeQuerySchema, location="query")
@blueprint.response(200, DisputePageSchema)
def list_all(query: dict[str, Any]) -> dict[str, Any]:
    """List a network's disputes, oldest first; a host sees those of its space."""
    with transaction(read_only=True) as session:
        disputes, after = list_disputes(
            session,
            caller_of_request(session),
            query["network"],
            state=query["state"],
            after=query["cursor"],
            limit=query["limit"],
        )
        return {"disputes": [dispute_document(each) for each in disputes], "next": after}


@blueprint.post("/disputes/<dispute>/consent")
@blueprint.response(200, DisputeSchema)
def agree(dispute: str) -> dict[str, Any]:
    """Agree, as the other space, that a treasurer who belongs to one of the two decides."""
    with transaction() as session:
        return dispute_document(consent(session, caller_of_request(session), dispute))


@blueprint.post("/disputes/<dispute>/uphold")
@blueprint.arguments(ContestSchema)
@blueprint.response(200, DisputeSchema)
def uphold(body: dict[str, Any], dispute: str) -> dict[str, Any]:
    """Uphold a dispute: the line falls."""
    return _decide(dispute, "upheld", body["reason"])


@blueprint.post("/disputes/<dispute>/refuse")
@blueprint.arguments(ContestSchema)
@blueprint.response(200, DisputeSchema)
def refuse(body: dict[str, Any], dispute: str) -> dict[str, Any]:
    """Refuse a dispute: the line stands."""
    return _decide(dispute, "refused", body["reason"])


@blueprint.post("/disputes/<dispute>/accept")
@blueprint.arguments(ContestSchema)
@blueprint.response(200, DisputeSchema)
def give_way(body: dict[str, Any], dispute: str) -> dict[str, Any]:
    """Accept a dispute, as the side it is against: the line falls at once."""
    with transaction() as session:
        caller = caller_of_request(session)
        return dispute_document(accept(session, caller, dispute, body["reason"]))


@blueprint.post("/disputes/<dispute>/withdraw")
@blueprint.arguments(ContestSchema)
@blueprint.response(200, DisputeSchema)
def take_back(body: dict[str, Any], dispute: str) -> dict[str, Any]:
    """Withdraw a dispute, as the space that opened it: the line stands."""
    with transaction() as session:
        caller = caller_of_request(session)
        return dispute_document(withdraw(session, caller, dispute, body["reason"]))


@blueprint.get("/disputes/<dispute>/messages")
@blueprint.response(200, ThreadSchema)
def list_said(dispute: str) -> dict[str, Any]:
    """Show all that was said in a dispute, the oldest first, and until when answers are awaited."""
    with transaction(read_only=True) as session:
        found = find_dispute(session, caller_of_request(session), dispute)
        return thread_document(read_thread(session, found))


@blueprint.post("/disputes/<dispute>/messages")
@blueprint.arguments(MessageRequestSchema)
@blueprint.response(201, MessageSchema)
@blueprint.alt_response(200, schema=MessageSchema, description="The same message came before.")
def answer(body: dict[str, Any], dispute: str) -> tuple[dict[str, Any], int]:
    """Say something in an open dispute; everyone concerned reads it and is mailed once."""
    message_id = None if body["id"] is None else str(body["id"])
    with transaction() as session:
        caller = caller_of_request(session)
        message, is_new = say(session, caller, dispute, body["text"], message_id)
        document = {
            name: getattr(message, name) for name in ("id", "side", "space", "text", "written_at")
        }
        return document, 201 if is_new else 200


def _decide(dispute: str, decision: Decision, reason: str) -> dict[str, Any]:
    with transaction() as session:
        caller = caller_of_request(session)
        return dispute_document(decide(session, caller, dispute, decision, reason))
