"""The month of the worked example, on which rules are tried."""

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
