"""What a unit is worth: what the home got for it, exact over the life of the pass.

All amounts are cents of the price paid, tax included. Golden tickets are worth nothing here.
"""

from __future__ import annotations

from typing import Final

from wallet.plan import PlanTerms, Unit

PARTS_OF_DAY: Final[dict[Unit, int]] = {"day": 1, "half_day": 2, "hour": 8}
"""How many of a unit make a day."""


def unit_value_cents(
    terms: PlanTerms, price_cents: int, unit: Unit, *, used: int, need: int, given_cents: int
) -> int:
    """Return the value of a visit of `unit` that takes the next `need` units.

    `used` and `given_cents` are the live (not voided) units and the values given to them: of the
    month for a monthly plan, whose price is a month's, else of the whole life. Rounding each day
    of a 150.00 EUR book of eleven on its own would add four cents over the book's life; the
    difference to what was given adds none, voids or not.

    A value is never below zero: after voids, the units that stay may have been given the whole
    price of a book that cost fewer cents than it has units.

    Raises ValueError when fewer than `need` units are left (see `overused_value_cents`).

    >>> book = PlanTerms("book", "day", 11, 12, 1, None, roaming=True)
    >>> unit_value_cents(book, 15_000, "day", used=0, need=1, given_cents=0)
    1363
    >>> unit_value_cents(book, 15_000, "day", used=1, need=1, given_cents=1363)
    1364
    >>> resident = PlanTerms("unlimited", "day", None, 1, 0, 20, roaming=True)
    >>> unit_value_cents(resident, 28_000, "half_day", used=0, need=1, given_cents=0)
    700
    """
    if terms.kind == "unlimited":
        return _share_of_month_cents(price_cents, PARTS_OF_DAY[unit] * _notional_units(terms))
    units = _units(terms)
    if used + need > units:
        raise ValueError(f"{need} units are not left of {units} when {used} are used")
    return max(0, price_cents * (used + need) // units - given_cents)


def overused_value_cents(terms: PlanTerms, price_cents: int) -> int:
    """Return the value of a visit past the last unit: that of the last unit.

    It happened offline, so the host is owed for it as for any other. Raises ValueError for an
    unlimited plan, which has no last unit.

    >>> book = PlanTerms("book", "day", 11, 12, 1, None, roaming=True)
    >>> overused_value_cents(book, 15_000)
    1364
    """
    units = _units(terms)
    return price_cents - price_cents * (units - 1) // units


def refund_cents(terms: PlanTerms, price_cents: int, *, used: int, given_cents: int) -> int:
    """Return what the unused units of a book or single are worth: the price less what was given.

    So the holder gets back to the cent what no visit was valued at. Nothing when no unit is left.
    Raises ValueError for monthly plans (see `refund_months_cents`).

    >>> book = PlanTerms("book", "day", 11, 12, 1, None, roaming=True)
    >>> refund_cents(book, 15_000, used=2, given_cents=2727)
    12273
    """
    if terms.kind not in {"book", "single"}:
        raise ValueError("a monthly plan is refunded by the month")
    return max(0, price_cents - given_cents) if used < _units(terms) else 0


def refund_months_cents(price_cents: int, months: int) -> int:
    """Return the price of the `months` of a monthly pass that are paid and have not begun."""
    return price_cents * months


def _share_of_month_cents(price_cents: int, parts: int) -> int:
    """Return a part of a month's price, rounded half up to the cent."""
    return (2 * price_cents + parts) // (2 * parts)


def _notional_units(terms: PlanTerms) -> int:
    if not terms.notional_units:
        raise ValueError("an unlimited plan has a number of notional units")
    return terms.notional_units


def _units(terms: PlanTerms) -> int:
    if not terms.units:
        raise ValueError(f"a plan of kind {terms.kind} and {terms.units} units has no last one")
    return terms.units
