"""Where a sign-in leads to: an address of this very service, and never of another."""

from __future__ import annotations

import re

LONGEST = 500
_LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path begins with one slash, and has neither blanks nor backslashes, which browsers mend."""


def local_path(asked: str | None) -> str | None:
    r"""Return the path asked for when it stays on this host, else None.

    >>> local_path("/desk?day=2026-11-25")
    '/desk?day=2026-11-25'
    >>> [local_path(text) for text in ("//evil.example", "https://evil.example", "/\\evil", "")]
    [None, None, None, None]
    """
    if asked is None or len(asked) > LONGEST or _LOCAL.fullmatch(asked) is None:
        return None
    return asked
