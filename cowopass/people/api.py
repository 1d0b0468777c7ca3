"""The log of acts over HTTP."""

from __future__ import annotations

from typing import Any

from cowopass.people.acts import list_acts
from cowopass.people.callers import caller_of_request
from cowopass.people.schemas import ActPageSchema, ActQuerySchema
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "acts", __name__, url_prefix="/api/v1", description="Who did what that moves money or rights."
)


@blueprint.get("/acts")
@blueprint.arguments(ActQuerySchema, location="query")
@blueprint.response(200, ActPageSchema)
def show_acts(query: dict[str, Any]) -> dict[str, Any]:
    """List what was done in a network (its treasurer) or at a space (its hosts), latest first."""
    with transaction(read_only=True) as session:
        acts, after = list_acts(
            session,
            caller_of_request(session),
            network=query["network"],
            space=query["space"],
            before=query["cursor"],
            limit=query["limit"],
        )
        return {"acts": acts, "next": after}
