"""The open directory: spaces in their own words, with their prices. Open to anyone."""

from __future__ import annotations

from typing import Any

from cowopass.spaces.schemas import SpacePageSchema, SpaceQuerySchema, SpaceSchema
from cowopass.spaces.service import list_spaces, show_space
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "spaces", __name__, url_prefix="/api/v1", description="The open directory of spaces."
)


@blueprint.get("/spaces")
@blueprint.doc(security=[])
@blueprint.arguments(SpaceQuerySchema, location="query")
@blueprint.response(200, SpacePageSchema)
def get_spaces(query: dict[str, Any]) -> dict[str, Any]:
    """List the spaces by slug, of one network or of all."""
    with transaction(read_only=True) as session:
        spaces, after = list_spaces(session, query["network"], query["cursor"], query["limit"])
        return {"spaces": spaces, "next": after}


@blueprint.get("/spaces/<space>")
@blueprint.doc(security=[])
@blueprint.response(200, SpaceSchema)
def get_one_space(space: str) -> dict[str, Any]:
    """Show a space."""
    with transaction(read_only=True) as session:
        return show_space(session, space)
