"""Invoices over HTTP: the treasurer issues them, each space reads its own."""

from __future__ import annotations

from typing import Any

from flask import Response

from cowopass.invoicing.cii import cii_xml
from cowopass.invoicing.document import document_of
from cowopass.invoicing.paper import draft_pdf, facturx_pdf
from cowopass.invoicing.schemas import InvoiceQuerySchema, IssuedSchema
from cowopass.invoicing.service import find_invoice, issue_month, show_invoices
from cowopass.invoicing.showing import find_draft, issued_document, must_see, of_spaces
from cowopass.people.callers import caller_of_request
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "invoices", __name__, url_prefix="/api/v1", description="Invoices between spaces."
)

BYTES = {"type": "string", "format": "binary"}
FACTURX = "Factur-X, profile EN 16931: PDF/A-3 with its CII data inside."


@blueprint.get("/periods/<network>/<month>/invoices")
@blueprint.response(200, IssuedSchema)
def list_month(network: str, month: str) -> dict[str, Any]:
    """List the invoices of a locked month, its drafts, and what is missing; a host sees its own."""
    with transaction(read_only=True) as session:
        caller = caller_of_request(session)
        caller.must_belong(network)
        issued = show_invoices(session, network, month)
        if not caller.keeps(network):
            issued = of_spaces(issued, caller.hosted_in(network))
        return issued_document(network, month, issued)


@blueprint.post("/periods/<network>/<month>/invoices")
@blueprint.response(200, IssuedSchema)
def issue(network: str, month: str) -> dict[str, Any]:
    """Give numbers to the invoices of a locked month; done again, it changes nothing."""
    with transaction() as session:
        caller_of_request(session).must_settle(network)
        return issued_document(network, month, issue_month(session, network, month))


@blueprint.get("/invoices/<number>")
@blueprint.arguments(InvoiceQuerySchema, location="query")
@blueprint.response(200, BYTES, content_type="application/pdf", description=FACTURX)
@blueprint.alt_response(
    200, schema=BYTES, content_type="application/xml", description="The CII data alone."
)
def show_invoice(query: dict[str, Any], number: str) -> Response:
    """Send an invoice. For the treasurer, and the hosts of the two spaces."""
    with transaction(read_only=True) as session:
        caller = caller_of_request(session)
        invoice = find_invoice(session, number)
        must_see(caller, invoice)
        document = document_of(invoice.document)
    if query["format"] == "xml":
        return _send(cii_xml(document, number), "application/xml", f"{number}.xml")
    return _send(facturx_pdf(document), "application/pdf", f"{number}.pdf")


@blueprint.get("/periods/<network>/<month>/invoice-drafts/<name>")
@blueprint.response(200, BYTES, content_type="application/pdf", description="A draft, as PDF.")
def show_draft(network: str, month: str, name: str) -> Response:
    """Send a draft with its data attached. For the treasurer, and the host who is to send it."""
    with transaction(read_only=True) as session:
        caller = caller_of_request(session)
        caller.must_belong(network)
        issued = show_invoices(session, network, month)
        if not caller.keeps(network):
            issued = of_spaces(issued, caller.hosted_in(network))
        draft = find_draft(issued, name)
    return _send(draft_pdf(draft.document), "application/pdf", f"{name}.pdf")


def _send(content: bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
