"""The month of the worked example, seen through the pages."""

from __future__ import annotations

from tests.cowopass.settlement.conftest import (
    host_of,
    november,
    sainte,
    travel,
    treasurer,
    visit,
)

__all__ = ["host_of", "november", "sainte", "travel", "treasurer", "visit"]
