"""Setting a document as PDF/A-3b by typst, with files attached inside. Pure.

The same sheet gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal, NamedTuple

import typst

MOST_TAGGED = 200_000
"""Letters of data up to which a document is tagged for screen readers: tags take thirty times the
room of the text itself, and a statement of thousands of lines would be too large to mail."""

LARGE = 20_000
"""Letters of data from which on what typst laid out is worth forgetting at once."""

FORGETTING_ROUNDS = 10
"""typst keeps what it laid out until this many compilations did not use it."""

_UNPRINTABLE = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)))
_ONE_AT_A_TIME = Lock()
"""A compiler is not to be used by two threads at once."""


class Attachment(NamedTuple):
    """A file inside the PDF. `relationship` is how it stands to the paper, as PDF/A-3 has it."""

    name: str
    media_type: str
    relationship: Literal["data", "supplement"]
    description: str
    text: str


class Sheet(NamedTuple):
    """What a template sets: `data` is all its words and figures, ready to print.

    The template finds `data` as JSON in the input of that name, what to attach in `files`, and the
    text of each in `file-0`, `file-1` … `made_at` is the date that the PDF bears. `is_tagged` lets
    screen readers find their way, and takes as long again.
    """

    template: Path
    data: Mapping[str, Any]
    attachments: tuple[Attachment, ...]
    made_at: datetime
    is_tagged: bool = True


def typeset(sheet: Sheet) -> bytes:
    """Return a sheet as PDF/A-3b. A letter that no font here has is printed as a small box."""
    data = json.dumps(_printable(sheet.data), ensure_ascii=False)
    files = [
        {name: value for name, value in file._asdict().items() if name != "text"}
        for file in sheet.attachments
    ]
    inputs = {
        "files": json.dumps(files, ensure_ascii=False),
        **{f"file-{place}": file.text for place, file in enumerate(sheet.attachments)},
    }
    while True:
        try:
            return _compile(sheet, {**inputs, "data": data})
        except typst.TypstError as error:
            unprintable = set(map(_unescape, _UNPRINTABLE.findall(error.diagnostic)))
            printable = re.sub("|".join(map(re.escape, unprintable)), "□", data)
            if not unprintable or printable == data:
                raise
            data = printable


def _printable(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Return a value without the control characters that a name may have picked up."""
    if isinstance(value, str):
        return value.translate(_CONTROLS)
    if isinstance(value, Mapping):
        return {name: _printable(each) for name, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, (list, tuple)) else value


def _compile(sheet: Sheet, inputs: dict[str, str]) -> bytes:
    with _ONE_AT_A_TIME:
        pdf = _compiler(sheet.template).compile(
            format="pdf",
            sys_inputs=inputs,
            pdf_standards="a-3b",
            pdf_tags=sheet.is_tagged and len(inputs["data"]) <= MOST_TAGGED,
            timestamp=sheet.made_at,
        )
        if len(inputs["data"]) > LARGE:
            _forget()
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one file")
    return pdf


def _forget() -> None:
    """Let typst drop what it laid out, or a hundred statements would take gigabytes."""
    for _ in range(FORGETTING_ROUNDS):
        _nothing().compile(b"", format="svg")


@cache
def _nothing() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)


@cache
def _compiler(template: Path) -> typst.Compiler:
    """Return the compiler of a template, which keeps its fonts and its parsed source."""
    return typst.Compiler(template, root=template.parent, font_paths=_fonts())


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts of typst itself, and the system's for scripts that those lack."""
    return typst.Fonts()


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
