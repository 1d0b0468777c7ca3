"""The one rounding of the project: half a cent goes up, by integers alone."""

from __future__ import annotations

from typing import Final

WHOLE_BPS: Final = 10_000
"""Basis points of a whole: 10000 is 100 %, 500 is 5 %."""


def divide_half_up(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded to ⌊x + ½⌋, exactly, at any size.

    Half goes towards plus infinity for negatives too, so that adding a whole number of cents
    before or after rounding gives the same amount. Raises ZeroDivisionError for denominator 0.

    >>> divide_half_up(5, 2), divide_half_up(-5, 2), divide_half_up(-7, 4)
    (3, -2, -2)
    """
    return (2 * numerator + denominator) // (2 * denominator)


def share_bps(amount_cents: int, bps: int) -> int:
    """Return the share of an amount, in cents, rounded once; `bps` are basis points.

    >>> share_bps(1200, 500), share_bps(1, 5000), share_bps(-1, 5000)
    (60, 1, 0)
    """
    return divide_half_up(amount_cents * bps, WHOLE_BPS)
