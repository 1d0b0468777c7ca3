"""A proposal as it comes in, over HTTP or by a command, as the draft that the service reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cowopass.voting.service import Draft


def draft_of(body: Mapping[str, Any]) -> Draft:
    """Return the draft of a body that fits `schemas.ProposeSchema`."""
    kind = body["kind"]
    if kind in {"rule", "charter"}:
        wanted = dict(body["agreement" if kind == "rule" else "charter"])
    else:
        names = ("space", "name", "email", "sold_days")
        wanted = {name: body[name] for name in names if body.get(name) is not None}
    if body.get("effective_from") is not None:
        wanted["effective_from"] = body["effective_from"]
    return Draft(
        kind,
        body["network"],
        body["text"].strip(),
        wanted,
        body.get("author_space"),
        body.get("id"),
    )
