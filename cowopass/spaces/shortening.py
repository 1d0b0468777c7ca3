"""Short names, for the columns of a table and the arcs of a drawing."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ARTICLE = re.compile(r"^(?:les?|la|the)\s+|^l[’']", re.IGNORECASE)


def abbreviate(names: Mapping[str, str]) -> dict[str, str]:
    """Return abbreviations, each its own: two letters of a name without its article, or more.

    >>> abbreviate({"a": "La Rubanerie", "b": "Le Comptoir", "c": "La Ruche"})
    {'a': 'RU', 'b': 'CO', 'c': 'RUC'}
    """
    shorts: dict[str, str] = {}
    for slug, name in names.items():
        letters = "".join(filter(str.isalnum, _ARTICLE.sub("", name))).upper() or "?"
        wanted = [letters[:length] for length in range(2, len(letters) + 1)] or [letters]
        taken = shorts.values()
        numbered = (f"{letters[:2]}{number}" for number in range(2, len(names) + 2))
        shorts[slug] = next(each for each in [*wanted, *numbered] if each not in taken)
    return shorts
