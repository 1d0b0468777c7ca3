"""From items to bills: one for each issuer, recipient and way of applying VAT. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Literal, NamedTuple

from clearing.line import FUND
from cowopass.invoicing.amounts import Amounts, share_net, split_gross, unit_price
from cowopass.invoicing.items import Item
from cowopass.invoicing.wordings import Treatment

BillKind = Literal["invoice", "credit_note"]

UNITS = {
    "day": ("Accueil, une journée", "DAY"),
    "half_day": ("Accueil, une demi-journée", "C62"),
    "hour": ("Accueil, une heure", "HUR"),
}
"""How a unit is named on an invoice, and its code in UN/ECE Recommendation 20 (C62 is `one`)."""


@dataclass(frozen=True)
class Bill:
    """An invoice or credit note to make out: all its items are taxed in one way.

    `about` is the number of the invoice that a credit note takes back, or that an invoice replaces.
    """

    kind: BillKind
    issuer: str
    recipient: str
    treatment: Treatment
    items: tuple[Item, ...]
    about: str | None = None

    @property
    def days(self) -> list[date]:
        """Return the days of its visits, in order."""
        return sorted({item.on for item in self.items})


@dataclass(frozen=True)
class Row:
    """A line of an invoice: visits of one unit at one price, or the levy.

    Amounts are in cents; `net_price` is the price of one without VAT, in euros.
    """

    name: str
    unit_code: str
    quantity: int
    net_price: str
    net_cents: int
    gross_cents: int
    days: tuple[str, ...]


class Gathering(NamedTuple):
    """What an item goes into: a bill of its own for each of these."""

    kind: BillKind
    about: str | None
    treatment: Treatment


def gather(placed: Iterable[tuple[Item, Gathering]]) -> list[Bill]:
    """Return the bills that items go into, by issuer, recipient, what they are about, VAT."""
    bills: dict[tuple[str, str, Gathering], list[Item]] = {}
    for item, gathering in placed:
        bills.setdefault((item.issuer, item.recipient, gathering), []).append(item)
    return sorted(
        (
            Bill(kind, issuer, recipient, treatment, tuple(sorted(items, key=_order)), about)
            for (issuer, recipient, (kind, about, treatment)), items in bills.items()
        ),
        key=_order_of_bill,
    )


def amounts_of(bill: Bill) -> Amounts:
    """Return what a bill comes to."""
    gross_cents = sum(item.amount_cents for item in bill.items)
    return split_gross(gross_cents, bill.treatment.rate_bps)


def rows_of(bill: Bill) -> list[Row]:
    """Return the lines of a bill: for visits by unit and price, for the levy a single one."""
    groups = _levy(bill) if bill.issuer == FUND else _visits(bill)
    nets = share_net(
        [sum(each.amount_cents for each in items) for _, _, items in groups],
        bill.treatment.rate_bps,
    )
    return [
        _row(name, unit_code, items, net_cents, is_levy=bill.issuer == FUND)
        for (name, unit_code, items), net_cents in zip(groups, nets, strict=True)
    ]


Group = tuple[str, str, list[Item]]


def _visits(bill: Bill) -> list[Group]:
    groups: dict[tuple[int, bool, int], list[Item]] = {}
    units = list(UNITS)
    for item in bill.items:
        key = (units.index(item.unit), item.visit == "golden", -item.amount_cents)
        groups.setdefault(key, []).append(item)
    return [
        (UNITS[units[unit]][0] + (" (ticket d’or)" if golden else ""), UNITS[units[unit]][1], items)
        for (unit, golden, _), items in sorted(groups.items())
    ]


def _levy(bill: Bill) -> list[Group]:
    count = len(bill.items)
    visits = f"{count} passage accueilli" if count == 1 else f"{count} passages accueillis"
    return [(f"Cotisation à la caisse du réseau, {visits}", "C62", list(bill.items))]


def _row(name: str, unit_code: str, items: list[Item], net_cents: int, *, is_levy: bool) -> Row:
    quantity = 1 if is_levy else len(items)
    return Row(
        name,
        unit_code,
        quantity,
        unit_price(net_cents, quantity),
        net_cents,
        sum(item.amount_cents for item in items),
        tuple(sorted({item.on.isoformat() for item in items})),
    )


_order = attrgetter("on", "charge")


def _order_of_bill(bill: Bill) -> tuple[str, str, bool, str, str, Treatment]:
    """Return what sorts bills: what takes back comes before what invoices anew."""
    return (
        bill.issuer,
        bill.recipient,
        bill.kind == "invoice",
        bill.about or "",
        bill.days[0].isoformat(),
        bill.treatment,
    )
