"""The accounts that entries name: those of the French chart, unless a space says otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Account(NamedTuple):
    """An account's number, with its class first, and its name."""

    number: str
    name: str


Chart = Mapping[str, Account]
"""Accounts by what they are for: `customer`, `vat_collected`, …"""


@cache
def usual_chart() -> Chart:
    """Return the chart that holds for a space which has none of its own (`chart.json`)."""
    text = files("cowopass.accounting").joinpath("chart.json").read_text(encoding="utf-8")
    return {key: Account(*account) for key, account in json.loads(text).items()}
