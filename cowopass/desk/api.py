"""Check-ins over HTTP: hosts and their devices, for their own space alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Response
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.desk.answers import Answer, find_check_in, list_check_ins
from cowopass.desk.decision import MAY_OVERRIDE, Refused
from cowopass.desk.extending import extend_check_in
from cowopass.desk.journal import Entry, read_entry
from cowopass.desk.leads import Leads, leads_of
from cowopass.desk.occupancy import show_occupancy
from cowopass.desk.remedies import remedy
from cowopass.desk.scans import Scan, scan_of
from cowopass.desk.schemas import (
    BatchResultsSchema,
    BatchSchema,
    CheckInPageSchema,
    CheckInSchema,
    ListingSchema,
    OccupancySchema,
    ScanSchema,
    VoidSchema,
)
from cowopass.desk.service import check_in, preview
from cowopass.desk.voiding import void_check_in
from cowopass.desk.words import describe
from cowopass.errors import CowopassError, JournalInvalid
from cowopass.fields import list_errors
from cowopass.language import spoken_language
from cowopass.people.access import Caller
from cowopass.people.callers import caller_of_request
from cowopass.problems import PROBLEMS, problem, sentence
from cowopass.running import current_config
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "desk", __name__, url_prefix="/api/v1", description="Check-ins, and who is in a space."
)

REFUSED = 422
"""A refused visit answers this whatever its code: the request was understood, the pass was not."""

DEVICE_CORRECTS = timedelta(hours=12)
"""So long after it was recorded a device may take a check-in back, or make it a day."""

CONFLICT = "The `id` came before with another body."


@blueprint.post("/check-ins")
@blueprint.arguments(ScanSchema)
@blueprint.response(201, CheckInSchema)
@blueprint.alt_response(
    200, schema=CheckInSchema, description="The same `id` and body came before."
)
@blueprint.alt_response(409, description=CONFLICT)
@blueprint.alt_response(REFUSED, description="Refused, with the code of the reason.")
def post_check_in(body: dict[str, Any]) -> Response | tuple[dict[str, Any], int]:
    """Redeem a ticket at a space. The time is the server's unless the scan was offline."""
    with transaction() as session:
        caller = caller_of_request(session)
        answer = check_in(session, current_config(), _scan(body, caller))
        leads = leads_of(session, answer, caller)
    if answer.check_in.state == "refused":
        return refusal(answer, leads)
    return describe(answer, spoken_language()), 200 if answer.is_repeated else 201


@blueprint.post("/check-ins/preview")
@blueprint.arguments(ScanSchema)
@blueprint.response(200, CheckInSchema)
@blueprint.alt_response(409, description=CONFLICT)
@blueprint.alt_response(REFUSED, description="It would be refused, with the code of the reason.")
def preview_check_in(body: dict[str, Any]) -> Response | dict[str, Any]:
    """Say what would happen; nothing is written."""
    with transaction(read_only=True) as session:
        caller = caller_of_request(session)
        answer = preview(session, current_config(), _scan(body, caller))
        leads = leads_of(session, answer, caller)
    if answer.check_in.state == "refused":
        return refusal(answer, leads)
    return describe(answer, spoken_language())


@blueprint.post("/check-ins/batch")
@blueprint.arguments(BatchSchema)
@blueprint.response(200, BatchResultsSchema)
def post_batch(body: dict[str, Any]) -> dict[str, Any]:
    """Record an offline journal. Each scan is a transaction of its own and has its own status."""
    with transaction(read_only=True) as session:
        caller = caller_of_request(session)
    return {"results": [_result(document, caller) for document in body["check_ins"]]}


@blueprint.get("/check-ins")
@blueprint.arguments(ListingSchema, location="query")
@blueprint.response(200, CheckInPageSchema)
def get_check_ins(query: dict[str, Any]) -> dict[str, Any]:
    """List the check-ins of a space, refused ones too, newest first."""
    with transaction(read_only=True) as session:
        caller_of_request(session).must_serve(query["space"], "host")
        answers, following = list_check_ins(session, **query)
    return {
        "check_ins": [describe(answer, spoken_language()) for answer in answers],
        "next": following,
    }


@blueprint.get("/check-ins/<uuid:check_in_id>")
@blueprint.response(200, CheckInSchema)
def get_check_in(check_in_id: str) -> dict[str, Any]:
    """Return a check-in of the caller's space."""
    with transaction(read_only=True) as session:
        caller = caller_of_request(session)
        answer = find_check_in(session, str(check_in_id))
        caller.must_serve(answer.check_in.space or "", "host", "device")
    return describe(answer, spoken_language())


@blueprint.post("/check-ins/<uuid:check_in_id>/void")
@blueprint.arguments(VoidSchema)
@blueprint.response(200, CheckInSchema)
@blueprint.alt_response(409, description="It was refused: there is nothing to take back.")
def post_void(body: dict[str, Any], check_in_id: str) -> dict[str, Any]:
    """Take a check-in back: its units return and its charge is reversed."""
    with transaction() as session:
        _must_correct(session, str(check_in_id))
        answer = void_check_in(session, str(check_in_id), body["reason"])
    return describe(answer, spoken_language())


@blueprint.post("/check-ins/<uuid:check_in_id>/extend")
@blueprint.response(200, CheckInSchema)
@blueprint.alt_response(409, description="It is no half-day that counts.")
@blueprint.alt_response(REFUSED, description="The pass has no day left, say; the half-day stands.")
def post_extend(check_in_id: str) -> Response | dict[str, Any]:
    """Turn a half-day into a day, at the prices of the first scan."""
    with transaction() as session:
        _must_correct(session, str(check_in_id))
        answer = extend_check_in(session, str(check_in_id))
    if isinstance(answer, Refused):
        detail = remedy(answer.code, spoken_language())
        return problem(answer.code, detail, status=REFUSED, id=str(check_in_id))
    return describe(answer, spoken_language())


@blueprint.get("/spaces/<slug>/occupancy")
@blueprint.doc(security=[])
@blueprint.response(200, OccupancySchema)
def get_occupancy(slug: str) -> dict[str, Any]:
    """Say how many people are in a space now. Open to anyone."""
    with transaction(read_only=True) as session:
        return show_occupancy(session, slug)


def refusal(answer: Answer, leads: Leads) -> Response:
    """Answer a refused visit: its code, the sentence to read aloud, and what the host can do."""
    told = describe(answer, spoken_language())
    code = told.pop("code")
    members = {**CheckInSchema().dump(told), "golden_left": leads.golden_left}
    if leads.pass_id is not None:
        members["pass"] = leads.pass_id
    return problem(
        code,
        remedy(code, spoken_language()),
        status=REFUSED,
        **members,
        may_override=code in MAY_OVERRIDE,
    )


def _scan(body: Mapping[str, Any], caller: Caller, entry: Entry | None = None) -> Scan:
    """Return what a caller who serves the space has sent. Raises RoleForbidden."""
    caller.must_serve(body["space"], "host", "device")
    return scan_of(body, "offline" if body["offline"] else "desk", caller.id, entry)


def _result(document: Any, caller: Caller) -> dict[str, Any]:  # noqa: ANN401 (any JSON)
    """Record one scan of a batch and return its result; what is wrong with it stops no other."""
    told = {"id": document.get("id")} if isinstance(document, dict) else {}
    try:
        entry = _entry_of(document)
        if entry is not None:
            told, document = {"id": entry.check_in.get("id")}, entry.check_in
        body = ScanSchema().load(document)
        with transaction() as session:
            answer = check_in(session, current_config(), _scan(body, caller, entry))
    except ValidationError as error:
        errors = list_errors(error.messages)
        return {**told, **_failure("data_invalid"), "errors": errors}
    except CowopassError as error:
        return {**told, **_failure(error.code)}
    is_refused = answer.check_in.state == "refused"
    status = REFUSED if is_refused else 200 if answer.is_repeated else 201
    return {**describe(answer, spoken_language()), "status": status}


def _entry_of(document: Any) -> Entry | None:  # noqa: ANN401 (any JSON)
    """Return the journal's entry that an item of a batch is, None for a plain body."""
    if not isinstance(document, dict) or document.keys() != {"journal"}:
        return None
    entry = read_entry(str(document["journal"]))
    if entry.check_in.get("offline") is not True:
        raise JournalInvalid("its check_in is not offline")
    return entry


def _failure(code: str) -> dict[str, Any]:
    message = sentence(code, language=spoken_language())
    return {"status": PROBLEMS[code].status, "code": code, "message": message}


def _must_correct(session: Session, check_in_id: str) -> None:
    """Let pass the host of the space of a check-in, and for a while a device of it: a slip at once.

    What is old changes the accounts of others, and is a person's to answer for.
    """
    caller = caller_of_request(session)
    found = find_check_in(session, check_in_id).check_in
    is_fresh = clock.now() - found.recorded_at <= DEVICE_CORRECTS
    caller.must_serve(found.space or "", *(("host", "device") if is_fresh else ("host",)))
