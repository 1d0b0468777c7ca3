"""Files of a month over HTTP: the whole of it for the treasurer, its own lines for a space.

A file is written to a temporary place before it is sent, so that what goes wrong is an error and
never half a file, and so that a slow reader holds no transaction open.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import SEEK_END, TextIOWrapper
from typing import IO, Any, TextIO

from flask import Response

from cowopass.documents.export import ExportFormat, MonthExport, files_of
from cowopass.documents.schemas import (
    ExportQuerySchema,
    StatementQuerySchema,
    StatementSchema,
)
from cowopass.documents.statement_files import MEDIA_TYPES, StatementFormat, statement_file
from cowopass.errors import RoleForbidden
from cowopass.language import spoken_language
from cowopass.people.access import Caller
from cowopass.people.callers import caller_of_request
from cowopass.running import current_config
from cowopass.transaction import snapshot
from cowopass.web import Blueprint

blueprint = Blueprint(
    "documents", __name__, url_prefix="/api/v1", description="Files of a month, and statements."
)

PIECE_BYTES = 65_536

TEXT = {"type": "string"}
BYTES = {"type": "string", "format": "binary"}
EXPORT = "A month: `cowopass-month/1`, an archive of tables, or a journal."
STATEMENT = "A statement: `cowopass-statement/1`, its lines as a table, or a PDF with both."

_MIMETYPES: dict[ExportFormat, tuple[str, str]] = {
    "json": ("application/json", "json"),
    "csv": ("application/zip", "zip"),
    "beancount": ("text/plain", "beancount"),
    "hledger": ("text/plain", "journal"),
}


@blueprint.get("/periods/<network>/<month>/export")
@blueprint.arguments(ExportQuerySchema, location="query")
@blueprint.response(200, {"type": "object"}, description=EXPORT)
@blueprint.alt_response(200, schema=BYTES, content_type="application/zip", description=EXPORT)
@blueprint.alt_response(200, schema=TEXT, content_type="text/plain", description=EXPORT)
def export_month(query: dict[str, Any], network: str, month: str) -> Response:
    """Send a month as a file. For its treasurer: it has every space's lines."""
    form: ExportFormat = query["format"]
    with snapshot() as session:
        caller_of_request(session).must_keep(network)
        exported = MonthExport(session, current_config(), network, month)
        with _file_to_send() as file:
            _write(exported, form, file)
    mimetype, suffix = _MIMETYPES[form]
    return _send(file, mimetype, f"{network}-{month}.{suffix}")


@blueprint.get("/periods/<network>/<month>/statements/<space>")
@blueprint.arguments(StatementQuerySchema, location="query")
@blueprint.response(200, StatementSchema, description=STATEMENT)
@blueprint.alt_response(200, schema=TEXT, content_type="text/csv", description=STATEMENT)
@blueprint.alt_response(200, schema=BYTES, content_type="application/pdf", description=STATEMENT)
def show_statement(query: dict[str, Any], network: str, month: str, space: str) -> Response:
    """Send a space's statement. For the treasurer, and for that space's host."""
    form: StatementFormat = query["format"]
    with snapshot() as session:
        _must_keep_or_be(caller_of_request(session), network, space)
        content = statement_file(
            session, current_config(), network, month, space, form, spoken_language()
        )
    with _file_to_send() as file:
        file.write(content)
    return _send(file, MEDIA_TYPES[form], f"{network}-{month}-{space}.{form}")


def _write(exported: MonthExport, form: ExportFormat, file: IO[bytes]) -> None:
    """Write an export to a binary file: its one file, or an archive of several."""
    names = files_of(form)
    if len(names) == 1:
        with _text(file) as stream:
            exported.write(names[0], stream)
        return
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            with archive.open(name, "w", force_zip64=True) as member, _text(member) as stream:
                exported.write(name, stream)


@contextmanager
def _file_to_send() -> Iterator[IO[bytes]]:
    """Yield a temporary file that outlives the block, to be closed once it is sent."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (see above)
    try:
        yield file
    except BaseException:
        file.close()
        raise


@contextmanager
def _text(file: IO[bytes]) -> Iterator[TextIO]:
    """Write text to a file that stays open afterwards."""
    stream = TextIOWrapper(file, encoding="utf-8", newline="")
    yield stream
    stream.flush()
    stream.detach()


def _send(file: IO[bytes], mimetype: str, name: str) -> Response:
    """Answer with a file, piece by piece, and close it at the end."""
    length = file.seek(0, SEEK_END)
    file.seek(0)
    answer = Response(_pieces(file), mimetype=mimetype)
    answer.call_on_close(file.close)
    answer.content_length = length
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _must_keep_or_be(caller: Caller, network: str, space: str) -> None:
    """Let pass the network's treasurer, the operator, and this space's own host."""
    if not (caller.keeps(network) or space in caller.hosted_in(network)):
        raise RoleForbidden(f"the role treasurer of `{network}`, or host at `{space}`")
