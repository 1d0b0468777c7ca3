"""What a month's plan leaves to a party, and what was paid of it: set-off, bank, write-offs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clearing.line import FUND
from clearing.period import last_day
from cowopass import clock
from cowopass.accounting.entries import OTHER, Entry, Moment, Posting
from cowopass.ledger.models import SettlementLine
from cowopass.settlement.models import Payment, Transfer
from cowopass.settlement.transfers import creditor_reference, list_dues


def read_carried_in(session: Session, network: str, month: str, party: str) -> list[Posting]:
    """Return what a party took along from the month before: above zero, it is owed that."""
    rows = session.execute(
        select(SettlementLine.debtor, SettlementLine.creditor, SettlementLine.amount_cents)
        .where(*_of_month(network, month, "carried"), _is_between(SettlementLine, party))
        .order_by(SettlementLine.number)
    )
    return [_owed(party, *row) for row in rows]


def entries_of_write_offs(
    session: Session, network: str, month: str, party: str, moment: Moment
) -> list[Entry]:
    """Return what it writes that the fund bears a debt between spaces that was given up."""
    rows = session.execute(
        select(SettlementLine.id, SettlementLine.creditor, SettlementLine.amount_cents)
        .where(*_of_month(network, month, "write_off"), _is_between(SettlementLine, party))
        .order_by(SettlementLine.number)
    )
    entries = []
    for name, creditor, cents in rows:
        sides = (
            (Posting("other_expense", cents), _settled("supplier", -cents, creditor, moment))
            if party == FUND
            else (_settled("customer", cents, FUND, moment), Posting("other_income", -cents))
        )
        label = "Créance abandonnée, prise en charge par la caisse"
        entries.append(Entry(OTHER, moment.on, name, moment.on, label, moment.valid_on, sides))
    return entries


def read_plan(session: Session, network: str, month: str, party: str) -> list[Posting]:
    """Return what a month's plan leaves a party to receive (above zero), to pay, or to carry.

    A transfer that is settled bears the reference that its payment bears as its letter.
    """
    rows = session.scalars(
        select(Transfer)
        .where(Transfer.network == network, Transfer.period == month, _is_between(Transfer, party))
        .order_by(Transfer.id)
    )
    letters = settled_on(session, network, month)
    return [
        _owed(party, row.debtor, row.creditor, row.amount_cents)._replace(
            **_letter(row.id, letters)
        )
        for row in rows
    ]


def settled_on(session: Session, network: str, month: str) -> dict[str, date]:
    """Return the transfers of a month that nothing is left of, and when they were settled."""
    done = [each.id for each in list_dues(session, network, month) if not each.left_cents]
    rows = session.execute(
        select(Payment.transfer_id, Payment.paid_on).where(Payment.transfer_id.in_(done))
    )
    days: dict[str, date] = {}
    for transfer, paid_on in rows:
        days[transfer] = max(paid_on, days.get(transfer, paid_on))
    return days


def entries_of_payments(
    session: Session, network: str, month: str, party: str, timezone: str
) -> Iterator[Entry]:
    """Yield what payments, bounces and write-offs of a month's transfers write, as recorded."""
    letters = settled_on(session, network, month)
    rows = session.execute(
        select(Payment, Transfer)
        .join(Transfer, Transfer.id == Payment.transfer_id)
        .where(Transfer.network == network, Transfer.period == month, _is_between(Transfer, party))
        .order_by(Payment.recorded_at, Payment.id)
    )
    for payment, transfer in rows:
        yield _entry_of_payment(payment, transfer, party, letters, timezone)


def _entry_of_payment(
    payment: Payment, transfer: Transfer, party: str, letters: dict[str, date], timezone: str
) -> Entry:
    """Return what one payment writes at one of its two sides."""
    is_creditor = party == transfer.creditor
    other = transfer.debtor if is_creditor else transfer.creditor
    is_payment, is_back = payment.kind != "write_off", payment.kind == "bounce"
    cents = payment.amount_cents if is_creditor != is_back else -payment.amount_cents
    against = "bank" if is_payment else "loss" if is_creditor else "other_income"
    settled = Posting("set_off", -cents, other)._replace(**_letter(transfer.id, letters))
    label = {"payment": "Virement", "bounce": "Virement rejeté"}.get(payment.kind, "Abandon")
    return Entry(
        f"{'BQ' if is_payment else 'AB'}{transfer.period[5:]}",
        payment.paid_on,
        creditor_reference(transfer.id),
        last_day(transfer.period),
        f"{label} {transfer.period}",
        clock.local_day(payment.recorded_at, timezone),
        (Posting(against, cents), settled),
    )


def _letter(transfer: str, settled: dict[str, date]) -> dict[str, Any]:
    if transfer not in settled:
        return {}
    return {"letter": creditor_reference(transfer), "lettered_on": settled[transfer]}


def _owed(party: str, debtor: str, creditor: str, cents: int) -> Posting:
    if party == creditor:
        return Posting("set_off", cents, debtor)
    return Posting("set_off", -cents, creditor)


def _settled(account: str, cents: int, party: str, moment: Moment) -> Posting:
    return Posting(account, cents, party, moment.letter, moment.on)


def _of_month(network: str, month: str, kind: str) -> tuple[Any, ...]:
    return (
        SettlementLine.network == network,
        SettlementLine.period == month,
        SettlementLine.kind == kind,
    )


def _is_between(table: Any, party: str) -> Any:  # noqa: ANN401 (lines or transfers)
    return or_(table.debtor == party, table.creditor == party)
