"""What invoices are made from: a month's lines, earlier invoices, and who stands behind a name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from clearing.line import FUND, Line
from cowopass.invoicing.entities import Entities
from cowopass.invoicing.items import (
    ANSWERS,
    Change,
    Covered,
    Item,
    Side,
    changes_of,
    items_of,
)
from cowopass.invoicing.models import Invoice, InvoiceLine
from cowopass.ledger.models import SettlementLine
from cowopass.ledger.rows import LINE_COLUMNS, line_of

AT_ONCE = 5_000
"""How many ids a statement names, below what either database takes."""


class Wrong(NamedTuple):
    """An invoice with items of days on which its issuer stood to VAT in another way."""

    number: str
    items: list[Item]


def read_changes(session: Session, network: str, month: str) -> list[Change]:
    """Return what a month does to the charges of visits to a network's own spaces.

    A visit abroad is invoiced by its host, with the month of the host's network.
    """
    return changes_among(session, network, month, SettlementLine.creditor == SettlementLine.host)


def changes_among(
    session: Session, network: str, month: str, *conditions: ColumnElement[bool]
) -> list[Change]:
    """Return what those of a month's lines that meet the conditions do to charges."""
    lines = _read_lines(
        session,
        SettlementLine.network == network,
        SettlementLine.period == month,
        SettlementLine.kind.in_(("charge", *sorted(ANSWERS))),
        *conditions,
    )
    return changes_of(lines, _read_answered(session, lines))


def read_covered(session: Session, charges: Collection[str]) -> dict[Side, Covered]:
    """Return what invoices have said of the sides of some charges."""
    invoices: dict[Side, list[str]] = {}
    credited: set[tuple[str, Side]] = set()
    for charge, number, issuer, kind, about in _read_coverage(session, charges):
        side = (charge, issuer == FUND)
        if kind == "invoice":
            invoices.setdefault(side, []).append(number)
        else:
            credited.add((about, side))
    covered = {}
    for side, numbers in invoices.items():
        live = [number for number in numbers if (number, side) not in credited]
        covered[side] = Covered((live or numbers)[-1], bool(live))
    return covered


def read_wrong(session: Session, network: str, entities: Entities) -> list[Wrong]:
    """Return the invoices whose VAT is wrong by what is known now, with what still stands of them.

    That is so when somebody says late that an issuer's regime has changed.
    """
    columns = (Invoice.number, Invoice.issuer, Invoice.regime, Invoice.first_on, Invoice.last_on)
    rows = session.execute(
        select(*columns)
        .where(Invoice.network == network, Invoice.kind == "invoice")
        .order_by(Invoice.issued_on, Invoice.number)
    )
    suspects = [
        (row.number, row.regime)
        for row in rows
        if entities.regimes_between(row.issuer, row.first_on, row.last_on) != {row.regime}
    ]
    found = (Wrong(number, _standing_items(session, number)) for number, _ in suspects)
    return [
        wrong
        for wrong, (_, regime) in zip(found, suspects, strict=True)
        if any(entities.regime_on(item.issuer, item.on) != regime for item in wrong.items)
    ]


def _read_lines(session: Session, *conditions: ColumnElement[bool]) -> list[Line]:
    rows = session.execute(select(*LINE_COLUMNS).where(*conditions).order_by(SettlementLine.number))
    return [line_of(row) for row in rows]


def _read_answered(session: Session, lines: Iterable[Line]) -> dict[str, Line]:
    """Return the earlier lines that lines answer, down to the charges, by id."""
    known = {line.id: line for line in lines}
    wanted = _unknown(known)
    while wanted:
        for ids in _pieces(wanted):
            known |= {line.id: line for line in _read_lines(session, SettlementLine.id.in_(ids))}
        wanted = _unknown(known)
    return known


def _unknown(known: dict[str, Line]) -> list[str]:
    answered = {line.reverses for line in known.values() if line.kind in ANSWERS}
    return sorted(name for name in answered if name is not None and name not in known)


def _read_coverage(session: Session, charges: Collection[str]) -> Iterator[Sequence[Any]]:
    """Yield (charge, number, issuer, kind, about) of what was issued about charges, in order."""
    for ids in _pieces(sorted(charges)):
        yield from session.execute(
            select(InvoiceLine.charge, Invoice.number, Invoice.issuer, Invoice.kind, Invoice.about)
            .join(Invoice, Invoice.number == InvoiceLine.invoice)
            .where(InvoiceLine.charge.in_(ids))
            .order_by(Invoice.year, Invoice.sequence)
        )


def _standing_items(session: Session, number: str) -> list[Item]:
    """Return the items of an invoice that no credit note has taken back."""
    invoice = session.get_one(Invoice, number)
    charges = session.scalars(select(InvoiceLine.charge).where(InvoiceLine.invoice == number)).all()
    covered = read_covered(session, charges)
    is_levy = invoice.issuer == FUND
    standing = [
        charge for charge in charges if covered[charge, is_levy] == Covered(number, is_live=True)
    ]
    lines = (
        line
        for ids in _pieces(standing)
        for line in _read_lines(session, SettlementLine.id.in_(ids))
    )
    return [item for line in lines for item in items_of(line) if (item.issuer == FUND) == is_levy]


def _pieces(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
