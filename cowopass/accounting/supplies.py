"""What a space, or the fund, supplied and was supplied in a month: invoices, and what has none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from clearing.line import FUND
from clearing.period import last_day
from cowopass.accounting.entries import Supply
from cowopass.invoicing.amounts import Amounts, split_gross
from cowopass.invoicing.entities import Entities
from cowopass.invoicing.items import Item, items_of
from cowopass.invoicing.models import Invoice, InvoiceLine
from cowopass.invoicing.reading import changes_among
from cowopass.invoicing.wordings import treatment_on
from cowopass.ledger.models import SettlementLine


class Numbered(NamedTuple):
    """The number of an invoice from another network's month, and its day."""

    number: str
    issued_on: date


class _Group(NamedTuple):
    """What is told of together where there is no invoice: one pair, one way of applying VAT."""

    issuer: str
    recipient: str
    sign: int
    rate_bps: int
    elsewhere: Numbered | None


def read_supplies(
    session: Session, network: str, month: str, party: str, entities: Entities
) -> list[Supply]:
    """Return a month's supplies from and to a party, which has its part in the month's lines.

    First the invoices issued with the month, with the amounts that they say; then what the lines
    bring or take back and no invoice of the month tells of.
    """
    invoices = _read_invoices(session, network, month, party)
    told = _sides(session, [invoice.number for invoice in invoices])
    supplies = [_of_invoice(invoice) for invoice in invoices]
    sums: dict[_Group, int] = {}
    items = [
        (item, sign)
        for item, sign in _read_items(session, network, month, party)
        if (item.charge, item.issuer) not in told
    ]
    elsewhere = _numbers_elsewhere(session, network, [item for item, _ in items])
    for item, sign in items:
        group = _Group(
            item.issuer,
            item.recipient,
            sign,
            _rate_bps(entities, item),
            elsewhere.get((item.charge, sign)),
        )
        sums[group] = sums.get(group, 0) + item.amount_cents
    return supplies + [_unnumbered(group, cents, month) for group, cents in _sorted(sums)]


def _read_items(
    session: Session, network: str, month: str, party: str
) -> Iterator[tuple[Item, int]]:
    """Yield the sides of a month's charges that are a party's, and whether they come or go."""
    for line, sign in changes_among(session, network, month, *_of_party(party)):
        for item in items_of(line):
            # A visit abroad is a purchase here; its levy is the other network's.
            if party in (item.issuer, item.recipient):
                yield item, sign


def _of_party(party: str) -> list[ColumnElement[bool]]:
    if party == FUND:
        return [SettlementLine.levy_cents > 0]
    return [or_(SettlementLine.home == party, SettlementLine.host == party)]


def _read_invoices(session: Session, network: str, month: str, party: str) -> list[Invoice]:
    return list(
        session.scalars(
            select(Invoice)
            .where(
                Invoice.network == network,
                Invoice.period == month,
                or_(Invoice.issuer == party, Invoice.recipient == party),
            )
            .order_by(Invoice.issuer, Invoice.year, Invoice.sequence)
        )
    )


def _sides(session: Session, numbers: list[str]) -> set[tuple[str, str]]:
    """Return the (charge, issuer) that some invoices tell of."""
    rows = session.execute(
        select(InvoiceLine.charge, Invoice.issuer)
        .join(Invoice, Invoice.number == InvoiceLine.invoice)
        .where(Invoice.number.in_(numbers))
    )
    return {(charge, issuer) for charge, issuer in rows}


def _numbers_elsewhere(
    session: Session, network: str, items: Iterable[Item]
) -> dict[tuple[str, int], Numbered]:
    """Return by which invoice of another network a visit abroad was told of, by charge and sign.

    The visit has a line in each of the two ledgers; the host's is the one that is invoiced.
    """
    charges = [item.charge for item in items]
    rows = session.execute(
        select(SettlementLine.check_in, SettlementLine.id).where(
            SettlementLine.id.in_(charges), SettlementLine.creditor != SettlementLine.host
        )
    )
    ours = {check_in: charge for check_in, charge in rows if check_in is not None}
    found = session.execute(
        select(SettlementLine.check_in, Invoice.number, Invoice.issued_on, Invoice.kind)
        .join(InvoiceLine, InvoiceLine.charge == SettlementLine.id)
        .join(Invoice, Invoice.number == InvoiceLine.invoice)
        .where(
            SettlementLine.check_in.in_(list(ours)),
            SettlementLine.network != network,
            Invoice.issuer != FUND,
        )
        .order_by(Invoice.year, Invoice.sequence)
    )
    return {
        (ours[row.check_in], 1 if row.kind == "invoice" else -1): Numbered(
            row.number, row.issued_on
        )
        for row in found
    }


def _rate_bps(entities: Entities, item: Item) -> int:
    regime = entities.regime_on(item.issuer, item.on)
    return treatment_on(regime, item.on).rate_bps if regime else 0


def _of_invoice(invoice: Invoice) -> Supply:
    return Supply(
        invoice.issuer,
        invoice.recipient,
        1 if invoice.kind == "invoice" else -1,
        Amounts(invoice.net_cents, invoice.vat_cents, invoice.rounding_cents, invoice.gross_cents),
        invoice.number,
        invoice.issued_on,
        is_numbered=True,
    )


def _unnumbered(group: _Group, gross_cents: int, month: str) -> Supply:
    kind = "" if group.sign > 0 else "-avoir"
    rate = f"-{group.rate_bps // 100}" if group.rate_bps else ""
    number, issued_on = group.elsewhere or (
        f"{month}-{group.issuer}-{group.recipient}{rate}{kind}",
        last_day(month),
    )
    return Supply(
        group.issuer,
        group.recipient,
        group.sign,
        split_gross(gross_cents, group.rate_bps),
        number,
        issued_on,
        is_numbered=group.elsewhere is not None,
    )


def _sorted(sums: dict[_Group, int]) -> list[tuple[_Group, int]]:
    return sorted(sums.items(), key=lambda each: (each[0][:4], str(each[0].elsewhere)))
