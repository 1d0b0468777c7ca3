"""The legal side of a space over HTTP: read by who needs it, written by the space's own host."""

from __future__ import annotations

from typing import Any

from cowopass import clock
from cowopass.errors import RoleForbidden
from cowopass.legal.late import late_since, months_touched
from cowopass.legal.schemas import LegalSchema, SavedLegalSchema, SpaceLegalSchema
from cowopass.legal.service import hold_side, save_side
from cowopass.legal.showing import legal_document
from cowopass.networks.models import Network
from cowopass.people.callers import caller_of_request
from cowopass.running import current_config
from cowopass.spaces.service import get_space
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "legal", __name__, url_prefix="/api/v1", description="Who stands behind a space."
)


@blueprint.get("/spaces/<slug>/legal")
@blueprint.response(200, SpaceLegalSchema)
def show_legal(slug: str) -> dict[str, Any]:
    """Show it to the space's hosts and the network's treasurer, with what it lacks."""
    with transaction(read_only=True) as session:
        caller = caller_of_request(session)
        space = get_space(session, slug)
        if not (caller.serves(slug, "host") or caller.keeps(space.network)):
            raise RoleForbidden(f"the role host at the space `{slug}`, or treasurer of its network")
        return legal_document(session, space)


@blueprint.put("/spaces/<slug>/legal")
@blueprint.arguments(LegalSchema)
@blueprint.response(200, SavedLegalSchema)
def write_legal(body: dict[str, Any], slug: str) -> dict[str, Any]:
    """Write it, whole as in a network file: for the space's own host.

    VAT regimes are added to those that are known. A change of the IBAN is mailed to the hosts and
    the treasurers.
    """
    with transaction() as session:
        caller_of_request(session).must_serve(slug, "host")
        space = hold_side(session, slug)
        today = clock.today(session.get_one(Network, space.network).timezone)
        late = late_since(space.legal, body["vat"], today)
        save_side(session, current_config(), space, body)
        touched = months_touched(session, space, late) if late else []
        return {**legal_document(session, space), "touched": touched}
