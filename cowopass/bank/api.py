"""The bank over HTTP: payment files for a space's host, statements in for the treasurer."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from cowopass.bank.importing import Upload, import_statement
from cowopass.bank.listing import Shown, list_entries
from cowopass.bank.matched import confirm, ignore
from cowopass.bank.payment_files import payment_file
from cowopass.bank.schemas import (
    BankImportSchema,
    ConfirmSchema,
    EntriesQuerySchema,
    EntriesSchema,
    UploadQuerySchema,
)
from cowopass.errors import RoleForbidden
from cowopass.people.callers import caller_of_request
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "bank", __name__, url_prefix="/api/v1", description="Files for banks, and from them."
)

XML = {"type": "string"}
STATEMENT_BODY = {
    "required": True,
    "content": {
        "application/xml": {"schema": {"type": "string"}},
        "text/csv": {
            "schema": {"type": "string"},
            "example": "date,amount,name,iban,reference,text\n"
            "2026-12-02,12.15,Openscop,,RF28WKDK4DOFKIV2GXJJPDYY,\n",
        },
    },
}


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


@blueprint.post("/networks/<network>/bank-files")
@blueprint.doc(requestBody=STATEMENT_BODY)
@blueprint.arguments(UploadQuerySchema, location="query")
@blueprint.response(200, BankImportSchema)
def import_file(query: dict[str, Any], network: str) -> dict[str, Any]:
    """Import the statement of a space's or the fund's account: camt.053, or CSV with its account.

    What has its reference is matched; the rest is listed to be confirmed. The same file again, or
    one that overlaps, changes nothing. A file that can not be read whole is refused whole.
    """
    with transaction() as session:
        caller_of_request(session).must_settle(network)
        upload = Upload(request.get_data(), query["name"], query["account"])
        return import_statement(session, network, upload)._asdict()


@blueprint.get("/networks/<network>/bank-entries")
@blueprint.arguments(EntriesQuerySchema, location="query")
@blueprint.response(200, EntriesSchema)
def show_entries(query: dict[str, Any], network: str) -> dict[str, Any]:
    """List the entries of bank statements that may be of a transfer, the latest first."""
    with transaction(read_only=True) as session:
        caller_of_request(session).must_keep(network)
        shown = list_entries(session, network, query["state"])
        return {"entries": [each.document() for each in shown]}


@blueprint.post("/networks/<network>/bank-entries/<entry>/confirm")
@blueprint.arguments(ConfirmSchema)
@blueprint.response(200, EntriesSchema)
def confirm_entry(body: dict[str, Any], network: str, entry: str) -> dict[str, Any]:
    """Match an entry to the transfers named, or to the likeliest ones; again it stays."""
    with transaction() as session:
        caller_of_request(session).must_settle(network)
        confirm(session, network, entry, body["transfers"])
        return _entry(list_entries(session, network), entry)


@blueprint.post("/networks/<network>/bank-entries/<entry>/ignore")
@blueprint.response(200, EntriesSchema)
def ignore_entry(network: str, entry: str) -> dict[str, Any]:
    """Note that an entry, or its surplus, pays no transfer; who it names is forgotten."""
    with transaction() as session:
        caller_of_request(session).must_settle(network)
        ignore(session, network, entry)
        return _entry(list_entries(session, network), entry)


def _entry(shown: list[Shown], entry: str) -> dict[str, Any]:
    return {"entries": [each.document() for each in shown if each.entry.id == entry]}
