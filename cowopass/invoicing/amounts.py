"""From amounts with tax to net and VAT, by integer cents and the one rounding of the project.

All prices include tax, so an invoice starts from its gross. EN 16931 wants the VAT to be the net
amount times the rate, rounded, and the total to be the sum of both; of six gross amounts at 20 %,
one is no such sum. There the cent that is too much is taken off by the rounding amount (BT-114), so
that both rules hold to the letter and what is due is the gross that the ledger has.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import NamedTuple

from clearing.money import WHOLE_BPS, divide_half_up, share_bps


class Amounts(NamedTuple):
    """What an invoice comes to, in cents: net + VAT + rounding = gross.

    The rounding is 0 or -1 at 20 %, and never more than a cent.
    """

    net_cents: int
    vat_cents: int
    rounding_cents: int
    gross_cents: int


def split_gross(gross_cents: int, rate_bps: int) -> Amounts:
    """Return the parts of an amount that includes VAT at a rate in basis points.

    >>> split_gross(1200, 2000), split_gross(1203, 2000)[:3]
    (Amounts(net_cents=1000, vat_cents=200, rounding_cents=0, gross_cents=1200), (1003, 201, -1))
    """
    net_cents = net_of(gross_cents, rate_bps)
    vat_cents = share_bps(net_cents, rate_bps)
    return Amounts(net_cents, vat_cents, gross_cents - net_cents - vat_cents, gross_cents)


def net_of(gross_cents: int, rate_bps: int) -> int:
    """Return the amount without VAT, in cents, rounded once."""
    return divide_half_up(gross_cents * WHOLE_BPS, WHOLE_BPS + rate_bps)


def share_net(gross_cents: Sequence[int], rate_bps: int) -> list[int]:
    """Return the net amount of each line, such that they add up to the net amount of all.

    Each is what the sum so far grows by, so none is further than a cent from its own rounding.

    >>> share_net([100, 100, 100], 2000), net_of(300, 2000)
    ([83, 84, 83], 250)
    """
    sums = accumulate(gross_cents, initial=0)
    nets = (net_of(so_far, rate_bps) for so_far in sums)
    return [after - before for before, after in pairwise(nets)]


def unit_price(net_cents: int, quantity: int) -> str:
    """Return the net price of one, in euros with up to six decimals, as an invoice writes it.

    >>> unit_price(1000, 1), unit_price(2501, 2), unit_price(1000, 3)
    ('10.00', '12.505', '3.333333')
    """
    price = (Decimal(net_cents) / 100 / quantity).quantize(Decimal("0.000001"))
    whole, decimals = str(price).split(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
