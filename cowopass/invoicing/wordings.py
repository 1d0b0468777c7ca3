"""What the law wants to read on an invoice, and its rates of VAT: dated data in `wordings.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple, cast

Regime = Literal["standard", "franchise", "out_of_scope"]
Category = Literal["S", "E", "O"]

MENTIONS = ("operation", "penalties", "recovery_fee", "discount")
"""What every invoice says, by the keys of the data."""


@dataclass(frozen=True, order=True)
class Treatment:
    """How VAT is applied: a regime, its category in EN 16931, and its rate in basis points.

    `reason` is the sentence that says why there is no VAT, None where there is.
    """

    regime: Regime
    category: Category
    rate_bps: int
    reason: str | None
    reason_code: str | None


class Mention(NamedTuple):
    """A sentence of an invoice; `code` is its subject in UNTDID 4451, None for none."""

    code: str | None
    text: str


@lru_cache
def treatment_on(regime: str, day: date) -> Treatment:
    """Return how VAT is applied under a regime on a day. Raises LookupError before all data."""
    found = _latest((row for row in _data()["vat"] if row["regime"] == regime), day)
    names = ("regime", "category", "rate_bps", "reason", "reason_code")
    return Treatment(**{name: found[name] for name in names})


def mention_on(key: str, day: date, **facts: str | int) -> Mention:
    """Return a mention as it is worded on a day, with the facts that it names.

    Raises LookupError for a key without a wording on that day.
    """
    found = _latest((row for row in _data()["mentions"] if row["key"] == key), day)
    return Mention(found["code"], found["text"].format(**facts))


def payment_days_on(day: date) -> int:
    """Return how many days after its date an invoice of that day is due."""
    return cast(int, _latest(_data()["payment_days"], day)["days"])


def _latest(rows: Iterable[dict[str, Any]], day: date) -> dict[str, Any]:
    in_force = [row for row in rows if row["effective_from"] <= day.isoformat()]
    if not in_force:
        raise LookupError(f"wordings.json has nothing in force on {day}")
    return max(in_force, key=lambda row: row["effective_from"])


@cache
def _data() -> dict[str, Any]:
    text = files("cowopass.invoicing").joinpath("wordings.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data
