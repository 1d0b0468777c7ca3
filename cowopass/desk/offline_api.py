"""Desks without network, over HTTP: what they decide by, and what came of their journals."""

from __future__ import annotations

from typing import Any

from cowopass.desk.bundle import issue_bundle
from cowopass.desk.journals import list_journals
from cowopass.desk.offline_schemas import BundleSchema, JournalsSchema, OfSpaceSchema
from cowopass.people.callers import caller_of_request
from cowopass.running import current_config
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "offline", __name__, url_prefix="/api/v1", description="Desks without network."
)


@blueprint.get("/bundle")
@blueprint.arguments(OfSpaceSchema, location="query")
@blueprint.response(200, BundleSchema)
def get_bundle(query: dict[str, Any]) -> dict[str, Any]:
    """Make the next bundle of a space: what its desks decide by without network, for seven days."""
    config = current_config()
    with transaction() as session:
        caller_of_request(session).must_serve(query["space"], "host", "device")
        return issue_bundle(session, config, query["space"])._asdict()


@blueprint.get("/journals")
@blueprint.arguments(OfSpaceSchema, location="query")
@blueprint.response(200, JournalsSchema)
def get_journals(query: dict[str, Any]) -> dict[str, Any]:
    """List the journals of a space's desks, and the numbers that are missing or doubled."""
    with transaction(read_only=True) as session:
        caller_of_request(session).must_serve(query["space"], "host")
        return {"journals": [one._asdict() for one in list_journals(session, query["space"])]}
