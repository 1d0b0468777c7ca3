"""The bank over HTTP: payment files for a space's host, statements in for the treasurer."""

from __future__ import annotations

from flask import Response

from cowopass.bank.payment_files import payment_file
from cowopass.errors import RoleForbidden
from cowopass.people.callers import caller_of_request
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "bank", __name__, url_prefix="/api/v1", description="Files for banks, and from them."
)

XML = {"type": "string"}


@blueprint.get("/periods/<network>/<month>/payment-files/<space>")
@blueprint.response(200, XML, content_type="application/xml", description="pain.001.001.09.")
@blueprint.alt_response(204, description="The space owes nothing that can be paid from here.")
def show_payment_file(network: str, month: str, space: str) -> Response:
    """Send what a space still owes of a month as a file for its bank. `fund` is a space too.

    For the treasurer, and for that space's host.
    """
    with transaction(read_only=True) as session:
        caller = caller_of_request(session)
        if not (caller.keeps(network) or caller.serves(space, "host")):
            raise RoleForbidden(f"the role host at the space `{space}`")
        content = payment_file(session, network, month, space)
    if content is None:
        return Response(status=204)
    answer = Response(content, mimetype="application/xml")
    name = f"{network}-{month}-{space}.xml"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
