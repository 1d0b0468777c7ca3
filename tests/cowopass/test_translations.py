"""Both languages are whole: every text of the interface has its English, and none is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from cowopass.language import CATALOGUES, catalogue_names
from tests.architecture.sources import ROOT

METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
TEMPLATES = sorted((ROOT / "cowopass" / "templates").rglob("*.html"))
SAME_IN_BOTH = {"cowopass", "API", "English", "Français", "CSV", "JSON", "SVG", "PDF", "QR"}


@cache
def texts() -> set[str]:
    """Return every text that code and templates ask to be translated."""
    found = extract_from_dir(ROOT / "cowopass", METHODS, keywords=KEYWORDS)
    return {text[0] if isinstance(text, tuple) else text for _, _, text, _, _ in found}


def entries() -> Iterator[tuple[str, Message]]:
    """Yield every entry of every English catalogue, with the catalogue's name."""
    for name in catalogue_names():
        with (CATALOGUES / "en" / "LC_MESSAGES" / f"{name}.po").open("rb") as file:
            yield from ((name, message) for message in read_po(file) if message.id)


def key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else message.id


def test_every_text_has_its_english():
    translated = {key(message) for _, message in entries() if all(_strings(message))}
    assert sorted(texts() - translated) == []


def test_no_catalogue_keeps_a_text_that_nobody_says():
    said = texts()
    assert (
        sorted(f"{name}: {key(entry)}" for name, entry in entries() if key(entry) not in said) == []
    )


def test_a_text_stands_in_one_catalogue():
    keys = [key(message) for _, message in entries()]
    assert sorted({text for text in keys if keys.count(text) > 1}) == []


def test_a_translation_takes_the_same_values():
    def values(text: str) -> set[str]:
        return set(re.findall(r"%\(\w+\)\w", text))

    wrong = [
        f"{name}: {key(message)}"
        for name, message in entries()
        for text in _strings(message)
        if values(text) != values(key(message)) | values(_plural(message))
        and values(text) != values(key(message))
    ]
    assert wrong == []


class Words(HTMLParser):
    """Collects the words that stand in a template itself, with no translation around them."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"code", "style", "script"}
        spoken = {"aria-label", "alt", "title", "placeholder"}
        self.words += [value for name, value in attrs if name in spoken and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"code", "style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_that_is_not_translated(path: Path):
    if path.name == "api_docs.html":
        return  # the page of another project's library, in English
    classes = r"\{% block body_class %\}.*?\{% endblock %\}"
    plain = re.sub(classes, " ", path.read_text())
    plain = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", " ", plain, flags=re.S)
    parser = Words()
    parser.feed(plain)
    words = set(re.findall(r"[^\W\d_]{3,}", " ".join(parser.words)))
    assert sorted(words - SAME_IN_BOTH) == []


def _strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _plural(message: Message) -> str:
    return message.id[1] if isinstance(message.id, tuple) else ""
