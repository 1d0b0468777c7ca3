"""The same import over HTTP, for a space's own software and its own visits."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from typing import Any

from flask import request

from cowopass.desk.import_schemas import ImportedSchema, ImportQuerySchema
from cowopass.desk.importing import Scope, import_batch
from cowopass.desk.visits_file import batches, read_visits
from cowopass.errors import DataInvalid, RoleForbidden
from cowopass.people.access import Caller
from cowopass.people.callers import caller_of_request
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "imports", __name__, url_prefix="/api/v1", description="Visits that other software recorded."
)

CSV_BODY = {
    "required": True,
    "content": {
        "text/csv": {
            "schema": {"type": "string"},
            "example": "id,pass_reference,home,space,at,unit,kind\n"
            "7d8f0c1e-58c5-4b35-9a4f-0a7c2f0e9b11,C-118,comptoir,b,"
            "2026-11-24T09:00:00+01:00,day,normal\n",
        }
    },
}


@blueprint.post("/check-ins/import")
@blueprint.doc(requestBody=CSV_BODY)
@blueprint.arguments(ImportQuerySchema, location="query")
@blueprint.response(200, ImportedSchema)
def import_check_ins(query: dict[str, Any]) -> dict[str, Any]:
    """Record visits from a CSV body, as `cowopass load-check-ins` does.

    The columns are id,pass_reference,home,space,at,unit,kind; every row must be a visit to the
    caller's own space. Each 5,000 rows are one transaction. Answers with the counts and with each
    refused row's line, id, code and sentence.
    """
    with transaction(read_only=True) as session:
        scope = _scope(caller_of_request(session), query["space"])
    counts: Counter[str] = Counter()
    refused = []
    for batch in batches(read_visits(BytesIO(request.get_data()))):
        with transaction() as session:
            outcomes = import_batch(session, scope, batch)
        counts.update(outcome.status for outcome in outcomes)
        refused += [outcome._asdict() for outcome in outcomes if outcome.status == "refused"]
    return {
        "accepted": counts["accepted"],
        "repeated": counts["repeated"],
        "refused": counts["refused"],
        "refusals": refused,
    }


def _scope(caller: Caller, space: str | None) -> Scope:
    """Return what a caller may import: the visits to a space that she is a host of.

    Raises RoleForbidden, and DataInvalid when it could be several spaces.
    """
    own = {grant.space: grant.network for grant in caller.grants if grant.role == "host"}
    if space is None and len(own) > 1:
        raise DataInvalid([{"path": "space", "message": "say which one of your spaces"}])
    asked = space or next(iter(own), None)
    network = own.get(asked)
    if network is None:
        raise RoleForbidden("the role host at the space visited")
    return Scope(network, asked)
