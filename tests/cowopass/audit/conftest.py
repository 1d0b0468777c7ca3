"""The November of the documents."""

from __future__ import annotations

from tests.cowopass.documents.conftest import (
    locked,
    november,
    paid,
    run,
    sainte,
    travel,
    visit,
)

__all__ = ["locked", "november", "paid", "run", "sainte", "travel", "visit"]
