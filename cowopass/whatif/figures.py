"""Figures as people type them: amounts and shares, both with two decimals at most."""

from __future__ import annotations

import re
from decimal import Decimal

_FIGURE = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,2}))?")
_AROUND = re.compile(r"[\s\u202f\xa0€%]")


def read_hundredths(text: str) -> int | None:
    """Return an amount in cents, or a percentage in basis points; None for what is no such figure.

    >>> read_hundredths("1 234,5 €"), read_hundredths("2,5 %"), read_hundredths("-3")
    (123450, 250, None)
    """
    found = _FIGURE.fullmatch(_AROUND.sub("", text))
    if found is None:
        return None
    whole, decimals = found.groups(default="")
    return int(whole) * 100 + int(decimals.ljust(2, "0"))


def write_hundredths(figure: int | None) -> str:
    """Return cents or basis points as they are typed; nothing for None.

    >>> write_hundredths(1250), write_hundredths(5000), write_hundredths(None)
    ('12,50', '50', '')
    """
    if figure is None:
        return ""
    if figure % 100 == 0:
        return str(figure // 100)
    return str(Decimal(figure) / 100).replace(".", ",") + ("0" if figure % 10 == 0 else "")


def read_count(text: str, largest: int) -> int | None:
    """Return a whole number from 0 to the largest; nothing typed is 0, None is no such number."""
    if not text.strip():
        return 0
    return int(text) if text.isdecimal() and text.isascii() and int(text) <= largest else None
