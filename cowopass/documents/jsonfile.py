"""Writing a document whose `lines` may be a million: each is written as it comes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TextIO


def write_document(stream: TextIO, document: Mapping[str, Any], lines: Iterable[object]) -> None:
    """Write a document as JSON, a line of text for each field and for each of its lines.

    `document` has every field; `lines` take the place of its `lines`.
    """
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    opening = "{"
    for name, value in document.items():
        stream.write(f"{opening}\n{encode(name)}: ")
        if name == "lines":
            _write_list(stream, map(encode, lines))
        else:
            stream.write(encode(value))
        opening = ","
    stream.write("\n}\n")


def _write_list(stream: TextIO, items: Iterable[str]) -> None:
    stream.write("[")
    between = "\n"
    for item in items:
        stream.write(between + item)
        between = ",\n"
    stream.write("\n]")
