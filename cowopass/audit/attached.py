"""Reading the documents to verify: JSON files, and PDFs that carry one inside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from cowopass.errors import DocumentUnreadable

_PDF = b"%PDF-"


def read_document(file: Path) -> object:
    """Return what a JSON file holds, or the one JSON file that a PDF has attached.

    Raises DocumentUnreadable.
    """
    try:
        with file.open("rb") as stream:
            is_pdf = stream.read(len(_PDF)) == _PDF
    except OSError as error:
        raise DocumentUnreadable(str(file), error.strerror or str(error)) from error
    return _read_attached(file) if is_pdf else read_json(file)


def read_json(file: Path) -> object:
    """Return what a JSON file holds. Raises DocumentUnreadable."""
    try:
        return _parse(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise DocumentUnreadable(str(file), f"it is no whole JSON file ({error})") from error


def _read_attached(file: Path) -> object:
    # A damaged PDF makes the reader fail in many ways: it is refused whatever the way.
    try:
        attachments = PdfReader(file).attachments
        texts = [
            content
            for name, contents in attachments.items()
            for content in contents
            if name.endswith(".json")
        ]
    except (PyPdfError, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise DocumentUnreadable(str(file), f"it is no whole PDF ({error})") from error
    if len(texts) != 1:
        raise DocumentUnreadable(str(file), "it has no statement or month attached as JSON")
    try:
        return _parse(texts[0])
    except (ValueError, RecursionError) as error:
        raise DocumentUnreadable(str(file), f"what is attached is no JSON ({error})") from error


def _parse(content: bytes) -> object:
    """Return what JSON says, as browsers read it: UTF-8 alone, and no NaN. Raises ValueError."""
    return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
