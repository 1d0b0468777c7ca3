"""Reading PDFs back, by other libraries than the one that set them."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import zxingcpp
from pypdf import PdfReader


def words_of(pdf: bytes) -> str:
    """Return the text of a PDF with its line breaks as spaces."""
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(text.replace("\u200b", "").split())


def codes_of(pdf: bytes) -> list[list[str]]:
    """Return the lines of each QR code that a camera would find on the first page."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
    return [code.text.split("\n") for code in zxingcpp.read_barcodes(page)]
