"""Where a list on a page goes on, as the address says it."""

from __future__ import annotations

from flask import request

from cowopass.fields import LARGEST_INTEGER


def cursor_asked(name: str) -> int | None:
    """Return the number of the row that the address names; None when that can be no row's."""
    number = request.args.get(name, None, type=int)
    return number if number is not None and 0 <= number <= LARGEST_INTEGER else None
