"""The wallet: all its pages, put on one blueprint."""

from __future__ import annotations

from cowopass.nomad import (
    data_pages,
    golden_pages,
    pass_pages,
    places_pages,
    shell_pages,
    visits_pages,
)
from cowopass.nomad.blueprint import blueprint

__all__ = [
    "blueprint",
    "data_pages",
    "golden_pages",
    "pass_pages",
    "places_pages",
    "shell_pages",
    "visits_pages",
]
