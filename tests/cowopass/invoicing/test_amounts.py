"""Net, VAT and rounding: every rule of EN 16931 holds to the letter, for every amount."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from cowopass.invoicing.amounts import net_of, share_net, split_gross, unit_price

RATES = st.sampled_from([0, 550, 1_000, 2_000])
CENTS = st.integers(1, 10_000_000)


@given(CENTS, RATES)
def test_the_parts_add_up_and_the_vat_is_the_rate_of_the_net(gross, rate):
    net, vat, rounding, total = split_gross(gross, rate)
    exact = Decimal(net * rate) / 10_000
    assert net + vat + rounding == total == gross
    assert vat == exact.quantize(Decimal(1), ROUND_HALF_UP)
    assert abs(rounding) <= 1
    assert net >= 0


def test_one_gross_amount_in_six_needs_the_rounding():
    rounded = {gross: split_gross(gross, 2_000).rounding_cents for gross in range(1, 25)}
    assert {gross: cents for gross, cents in rounded.items() if cents} == {
        3: -1,
        9: -1,
        15: -1,
        21: -1,
    }


@given(st.lists(CENTS, min_size=1, max_size=30), RATES)
def test_lines_add_up_to_the_net_of_all_and_none_strays_by_more_than_a_cent(lines, rate):
    nets = share_net(lines, rate)
    assert sum(nets) == net_of(sum(lines), rate)
    assert all(abs(net - net_of(gross, rate)) <= 1 for net, gross in zip(nets, lines, strict=True))


@given(CENTS, st.integers(1, 5_000))
def test_quantity_times_price_is_the_amount_of_a_line(net, quantity):
    product = quantity * Decimal(unit_price(net, quantity))
    assert product.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(net) / 100
