"""Two hosts who write on one page at once: what was typed, held against how it stood when opened.

What only one of them changed is taken, what both changed is refused and said.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

Typed = dict[str, Any]
"""A form as it was typed: texts, or lists of them, by the names of its fields."""


class PageRefused(Exception):
    """What was typed can not be taken: `faults` names the fields."""

    def __init__(self, faults: set[str]) -> None:
        self.faults = faults
        super().__init__(faults)


class PageChanged(Exception):
    """Somebody else has meanwhile changed `fields` that were changed here too."""

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__(fields)


def digests_of(typed: Typed) -> str:
    """Return a short digest of each field: how it stood when a form was opened."""
    return json.dumps({name: _digest(value) for name, value in typed.items()}, sort_keys=True)


def merge(mine: Typed, recorded: Typed, opened: str) -> Typed:
    """Return what both hosts want: a field that one left as it was is the other's.

    `opened` are the digests of when the form was opened. Raises PageChanged.
    """
    before = _read_digests(opened)
    changed = {name for name in mine if _digest(mine[name]) != before.get(name)}
    both = [
        name
        for name in mine
        if name in changed
        and _digest(recorded[name]) != before.get(name)
        and recorded[name] != mine[name]
    ]
    if both:
        raise PageChanged(both)
    return {name: mine[name] if name in changed else recorded[name] for name in mine}


def is_as_opened(name: str, recorded: object, opened: str) -> bool:
    """Return whether what is recorded under a name is what it was when the form was opened."""
    return _read_digests(opened).get(name) == _digest(recorded)


def _read_digests(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:12]
