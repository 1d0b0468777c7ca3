"""The documents of a month: asked for with one button, then downloaded, one by one or all."""

from __future__ import annotations

import io
import tempfile
import zipfile
from contextlib import suppress
from pathlib import PurePosixPath
from typing import IO

from flask import Blueprint, Response, flash, redirect, render_template, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from clearing.period import parse_month
from cowopass.documents.jobs import (
    ask_documents,
    content_of,
    find_document,
    list_documents_of,
)
from cowopass.documents.models import Document
from cowopass.errors import DocumentUnknown, PartyIncomplete, PasskeyRequired, RoleForbidden
from cowopass.people.callers import caller_of_request
from cowopass.transaction import transaction
from cowopass.treasury.documents import view_documents
from cowopass.treasury.forms import tell
from cowopass.treasury.frame import treasury_of

blueprint = Blueprint(
    "treasury_documents", __name__, url_prefix="/treasury/<network>/<month>/documents"
)

MEDIA_TYPES = {".pdf": "application/pdf", ".xml": "application/xml", ".txt": "text/plain"}


@blueprint.get("")
def show_documents(network: str, month: str) -> str:
    """Show what is ready, how far the work is, and who has to give what."""
    with transaction(read_only=True) as session:
        treasury = treasury_of(session, network)
        view = view_documents(session, treasury, parse_month(month))
    return render_template("treasury/documents.html", treasury=treasury, month=month, view=view)


@blueprint.post("")
def prepare_documents(network: str, month: str) -> Answer:
    """Ask for the documents; a second click changes nothing."""
    with transaction() as session:
        treasury = treasury_of(session, network)
        try:
            # They give the invoices their numbers, once and for all.
            treasury.caller.must_settle(network)
            ask_documents(session, network, month)
        except PasskeyRequired as refusal:
            flash(tell(refusal, treasury), "refused")
    return redirect(url_for(".show_documents", network=network, month=month), 303)


@blueprint.get("/all.zip")
def send_all(network: str, month: str) -> Answer:
    """Send all documents that are ready in one archive."""
    with transaction(read_only=True) as session:
        treasury_of(session, network)
        archive = _pack(session, list_documents_of(session, network, parse_month(month)))
    name = f"{network}-{month}.zip"
    answer = send_file(archive, mimetype="application/zip", as_attachment=True, download_name=name)
    answer.call_on_close(archive.close)
    return _private(answer)


@blueprint.get("/<path:path>")
def send_document(network: str, month: str, path: str) -> Answer:
    """Send one document, to the treasurer, or to the host whose it is."""
    with transaction(read_only=True) as session:
        caller = caller_of_request(session)
        document = find_document(session, network, month, path)
        is_theirs = document.space is not None and caller.serves(document.space, "host")
        if not (caller.keeps(network) or is_theirs):
            raise RoleForbidden(f"the role treasurer of the network `{network}`")
        return _as_file(document, content_of(session, document))


def _pack(session: Session, documents: list[Document]) -> IO[bytes]:
    """Return an archive in a temporary file, to be closed once it is sent.

    A payment file that can be written no more, since an account was forgotten, is left out.
    """
    archive = tempfile.TemporaryFile()  # noqa: SIM115 (see above)
    try:
        # Stored, not deflated: a PDF is compressed already.
        with zipfile.ZipFile(archive, "w") as packed:
            for document in documents:
                with suppress(DocumentUnknown, PartyIncomplete):
                    packed.writestr(document.path, content_of(session, document))
    except BaseException:
        archive.close()
        raise
    archive.seek(0)
    return archive


def _as_file(document: Document, content: bytes) -> Response:
    name = PurePosixPath(document.path)
    return _private(
        send_file(
            io.BytesIO(content),
            mimetype=MEDIA_TYPES.get(name.suffix, "application/octet-stream"),
            as_attachment=True,
            download_name=f"{document.network}-{document.period}-{'-'.join(name.parts)}",
        )
    )


def _private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
