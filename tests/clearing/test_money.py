from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearing.money import divide_half_up, share_bps

AMOUNTS = st.integers(-(10**15), 10**15)


def rounded(numerator: int, denominator: int) -> int:
    """⌊x + ½⌋ by decimals, wide enough to be exact about which side of a half x is on."""
    with localcontext(prec=60):
        half_more = Decimal(numerator) / Decimal(denominator) + Decimal("0.5")
        return int(half_more.to_integral_value(ROUND_FLOOR))


@pytest.mark.parametrize(
    ("numerator", "denominator", "result"),
    [
        (0, 7, 0),
        (1, 3, 0),
        (2, 3, 1),
        (1, 2, 1),
        (3, 2, 2),
        (-1, 2, 0),
        (-3, 2, -1),
        (-2, 3, -1),
        (-1, 3, 0),
        (1500, 8, 188),
        (10**30 + 1, 2, 5 * 10**29 + 1),
    ],
)
def test_half_a_cent_goes_up(numerator: int, denominator: int, result: int) -> None:
    assert divide_half_up(numerator, denominator) == result


@given(AMOUNTS, st.integers(1, 10**6))
def test_a_quotient_is_rounded_as_decimals_round_it(numerator: int, denominator: int) -> None:
    assert divide_half_up(numerator, denominator) == rounded(numerator, denominator)


@given(AMOUNTS, st.integers(-(10**6), -1))
def test_a_negative_denominator_turns_both_signs(numerator: int, denominator: int) -> None:
    assert divide_half_up(numerator, denominator) == divide_half_up(-numerator, -denominator)


@given(AMOUNTS, AMOUNTS, st.integers(1, 10**6))
def test_whole_cents_may_be_added_before_or_after_rounding(
    whole: int, numerator: int, denominator: int
) -> None:
    after = whole + divide_half_up(numerator, denominator)
    assert divide_half_up(whole * denominator + numerator, denominator) == after


def test_nothing_is_divided_by_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        divide_half_up(1, 0)


@pytest.mark.parametrize(
    ("amount_cents", "bps", "result"),
    [(1200, 500, 60), (1500, 500, 75), (1, 4999, 0), (1, 5000, 1), (-3, 5000, -1), (7, 0, 0)],
)
def test_a_share_is_rounded_once(amount_cents: int, bps: int, result: int) -> None:
    assert share_bps(amount_cents, bps) == result


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_a_share_is_between_nothing_and_the_whole(amount_cents: int, bps: int) -> None:
    assert 0 <= share_bps(amount_cents, bps) <= amount_cents
    assert share_bps(amount_cents, 10_000) == amount_cents
