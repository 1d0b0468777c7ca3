"""The networks of this instance, and what others need to trust its tickets. Open to anyone."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, request

from cowopass.networks.keys import published_keys
from cowopass.networks.schemas import (
    InstanceSchema,
    JwksSchema,
    NetworkPageSchema,
    PageQuerySchema,
)
from cowopass.networks.service import describe_instance, list_networks
from cowopass.running import current_config
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "networks", __name__, description="Networks, their agreements, and the keys of the instance."
)

WELL_KNOWN_SECONDS = 300
"""How long others may keep what stands under /.well-known: a stolen key is gone in minutes."""


@blueprint.get("/api/v1/networks")
@blueprint.doc(security=[])
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.response(200, NetworkPageSchema)
def get_networks(query: dict[str, Any]) -> dict[str, Any]:
    """List the networks by slug, with the agreements in force."""
    with transaction(read_only=True) as session:
        networks, after = list_networks(session, query["cursor"], query["limit"])
        return {"networks": networks, "next": after}


@blueprint.get("/.well-known/jwks.json")
@blueprint.doc(security=[])
@blueprint.response(200, JwksSchema)
def get_jwks() -> dict[str, Any]:
    """Give the public keys that sign tickets here, or will, or did and still count."""
    with transaction(read_only=True) as session:
        return published_keys(session, current_config())


@blueprint.get("/.well-known/cowopass")
@blueprint.doc(security=[])
@blueprint.response(200, InstanceSchema)
def get_instance() -> dict[str, Any]:
    """Say what this instance is, and where its keys are."""
    with transaction(read_only=True) as session:
        return describe_instance(session, current_config())


@blueprint.after_request
def cache_well_known(response: Response) -> Response:
    """Let others keep what is well known for a few minutes."""
    if response.status_code == HTTPStatus.OK and request.path.startswith("/.well-known/"):
        response.cache_control.max_age = WELL_KNOWN_SECONDS
    return response
