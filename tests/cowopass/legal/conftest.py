"""The month of the worked example, among three entities that stand to VAT in three ways."""

from __future__ import annotations

from tests.cowopass.invoicing.conftest import issue, legal
from tests.cowopass.settlement.conftest import (
    host_of,
    november,
    sainte,
    travel,
    treasurer,
    visit,
)

__all__ = ["host_of", "issue", "legal", "november", "sainte", "travel", "treasurer", "visit"]
