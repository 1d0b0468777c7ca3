"""What a desk sends: a ticket shown at a space, under an id that the desk made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from clearing.line import Unit
from cowopass.desk.facts import Source
from cowopass.desk.journal import Entry


class Scan(NamedTuple):
    """A ticket shown. `text` is a scanned token or address, else `code` a typed short code.

    `body_hash` tells whether the same id came with the same body. `at` counts for what has
    happened (`source` other than `desk`); without it, now. `override` is the reason why the host
    lets someone in all the same. `token_id` is the API token that sent it. `entry` is the entry
    of a desk's journal that told of it. `golden` asks to use a golden ticket of the pass shown.
    """

    id: str
    body_hash: str
    space: str
    text: str | None = None
    code: str | None = None
    unit: Unit | None = None
    at: datetime | None = None
    source: Source = "desk"
    override: str | None = None
    token_id: str | None = None
    entry: Entry | None = None
    golden: bool = False

    def happened_at(self, now: datetime) -> datetime:
        """Return when the visit happens: for a desk the server's time, whatever it says."""
        return now if self.source == "desk" or self.at is None else self.at


def scan_of(
    body: Mapping[str, Any],
    source: Source,
    token_id: str | None = None,
    entry: Entry | None = None,
) -> Scan:
    """Return the scan that a loaded `ScanSchema` body tells of."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), default=str)
    override = body["override"]
    return Scan(
        id=body["id"],
        body_hash=sha256(canonical.encode()).hexdigest(),
        space=body["space"],
        text=body["token"],
        code=body["code"],
        unit=body["unit"],
        at=body["at"],
        source=source,
        override=override["reason"] if override else None,
        token_id=token_id,
        entry=entry,
        golden=body.get("kind") == "golden",
    )
