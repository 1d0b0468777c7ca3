"""A month's books over HTTP: for the treasurer, and for a space's host her own."""

from __future__ import annotations

from typing import Any

from flask import Response

from cowopass.accounting.schemas import BooksQuerySchema
from cowopass.accounting.service import books_file
from cowopass.errors import RoleForbidden
from cowopass.people.callers import caller_of_request
from cowopass.transaction import transaction
from cowopass.web import Blueprint

blueprint = Blueprint(
    "accounting", __name__, url_prefix="/api/v1", description="A month's books, for accountants."
)

TEXT = {"type": "string"}
BOOKS = "The entries: 18 fields between tabs (FEC), a table, or a journal of hledger."


@blueprint.get("/periods/<network>/<month>/accounting/<space>")
@blueprint.arguments(BooksQuerySchema, location="query")
@blueprint.response(200, TEXT, content_type="text/plain", description=BOOKS)
@blueprint.alt_response(200, schema=TEXT, content_type="text/csv", description=BOOKS)
def show_books(query: dict[str, Any], network: str, month: str, space: str) -> Response:
    """Send a locked month in the books of a space, of the fund, or of the network itself."""
    with transaction(read_only=True) as session:
        caller = caller_of_request(session)
        if not (caller.keeps(network) or space in caller.hosted_in(network)):
            raise RoleForbidden(f"the role treasurer of `{network}`, or host at `{space}`")
        file = books_file(session, network, month, space, query["format"])
    answer = Response(file.content, content_type=f"{file.media_type}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
