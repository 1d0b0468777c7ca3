"""Texts in the letters that every bank of SEPA takes."""

from __future__ import annotations

import re

from text_unidecode import unidecode

LONGEST_NAME = 70
"""As many letters as the name of a party may have; no other text may have more."""

_OUTSIDE_SEPA = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")


def sepa_text(text: str, longest: int = LONGEST_NAME) -> str:
    """Return a text in the letters that every bank takes, at most so long.

    Nothing is left of a text without a letter or a figure.

    >>> sepa_text("L’Œuvre & Cie, Saint-Étienne"), sepa_text("☕")
    ("L'OEuvre   Cie, Saint-Etienne", '')
    """
    written = _OUTSIDE_SEPA.sub(" ", unidecode(text))[:longest].strip()
    return written if any(map(str.isalnum, written)) else ""
