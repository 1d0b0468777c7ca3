"""What becomes of the transfers of a locked month: paid, in parts or whole, or given up."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.ledger import entries_of_bounce, entries_of_payment
from clearing.line import FUND, Line
from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.errors import (
    DataInvalid,
    IdempotencyConflict,
    PaymentTooLarge,
    PaymentUnknown,
    PeriodNotLocked,
    TransferUnknown,
)
from cowopass.ledger.periods import hold_months
from cowopass.ledger.rows import event_rows, new_line_id, write_entries, write_lines
from cowopass.networks.models import Network
from cowopass.settlement.models import Payment, Transfer
from cowopass.settlement.service import get_month
from cowopass.settlement.steps import Month
from cowopass.settlement.transfers import get_due, list_dues, planned

BorneBy = Literal["creditor", "fund"]

_OURS = uuid.UUID("0b1f3c52-4a52-5d0e-9f7b-6f3f5e1c9a77")
"""The name space of ids made from what a payment says."""


class Recorded(NamedTuple):
    """A payment or write-off as it is recorded; `is_new` is False when its id came before."""

    payment: Payment
    is_new: bool
    left_cents: int

    def document(self) -> dict[str, Any]:
        """Return it as the API shows it; `left_cents` is what the transfer still lacks now."""
        payment = self.payment
        return {
            "id": payment.id,
            "transfer": payment.transfer_id,
            "kind": payment.kind,
            "amount_cents": payment.amount_cents,
            "paid_on": payment.paid_on,
            "reason": payment.reason,
            "borne_by": payment.borne_by,
            "recorded_at": payment.recorded_at,
            "reverses": payment.reverses_id,
            "left_cents": self.left_cents,
        }


class Bill(NamedTuple):
    """The month and the transfer that money, or its loss, is recorded against."""

    network: str
    month: str
    transfer: str


def record_payment(
    session: Session, bill: Bill, amount_cents: int, paid_on: date, payment_id: str | None = None
) -> Recorded:
    """Record money seen on a bank statement against a transfer, whole or in part.

    `payment_id` is made by the client (a UUID); the same one again returns what was recorded.
    Raises NetworkUnknown, MonthInvalid, PeriodNotLocked, TransferUnknown, DataInvalid for a day to
    come, IdempotencyConflict and PaymentTooLarge.
    """
    network, transfer = _hold_transfer(session, bill)
    if paid_on > clock.today(network.timezone):
        raise DataInvalid([{"path": "paid_on", "message": "is still to come"}])
    payment = _payment(payment_id, transfer, "payment", amount_cents, paid_on)
    return _record(session, transfer, payment)


def pay_all(session: Session, network: str, month: str, paid_on: date) -> list[Recorded]:
    """Record that what is left of every transfer of a month was paid on one day.

    Again it finds nothing left. Raises what `record_payment` does.
    """
    _check_locked(get_month(session, network, month))
    return [
        record_payment(session, Bill(network, month, due.id), due.left_cents, paid_on)
        for due in list_dues(session, network, month)
        if due.left_cents
    ]


def list_payments(session: Session, network: str, month: str) -> list[Recorded]:
    """Return what was recorded against the transfers of a month, the oldest first.

    Raises NetworkUnknown, MonthInvalid and PeriodNotLocked.
    """
    _check_locked(get_month(session, network, month))
    left = {due.id: due.left_cents for due in list_dues(session, network, month)}
    rows = payments_of(session, left)
    return [Recorded(row, is_new=False, left_cents=left[row.transfer_id]) for row in rows]


def payments_of(session: Session, transfers: Iterable[str]) -> list[Payment]:
    """Return what was recorded against transfers, the oldest first; a bounce after its payment."""
    came_back = Payment.reverses_id.is_not(None)
    return list(
        session.scalars(
            select(Payment)
            .where(Payment.transfer_id.in_(list(transfers)))
            .order_by(Payment.paid_on, Payment.recorded_at, came_back, Payment.id)
        )
    )


def write_off(
    session: Session,
    bill: Bill,
    *,
    reason: str,
    borne_by: BorneBy,
    amount_cents: int | None = None,
    payment_id: str | None = None,
) -> Recorded:
    """Give up what is left of a transfer, or `amount_cents` of it.

    The creditor bears the loss, or the fund: it then owes the creditor that much in the open
    period. Raises as `record_payment`, and DataInvalid without a reason, or when the fund is
    itself a party.
    """
    if not reason.strip():
        raise DataInvalid([{"path": "reason", "message": "is missing: say why"}])
    network, transfer = _hold_transfer(session, bill)
    if borne_by == "fund" and FUND in (transfer.debtor, transfer.creditor):
        message = "the fund is a party to this transfer: only the creditor can bear the loss"
        raise DataInvalid([{"path": "borne_by", "message": message}])
    if amount_cents is None:
        amount_cents = _amount_given_up(session, transfer, payment_id)
    today = clock.today(network.timezone)
    payment = _payment(payment_id, transfer, "write_off", amount_cents, today)
    payment.reason, payment.borne_by = reason, borne_by
    recorded = _record(session, transfer, payment)
    if recorded.is_new and borne_by == "fund":
        _charge_fund(session, transfer, amount_cents)
    return recorded


def record_bounce(
    session: Session, network: str, month: str, payment_id: str, bounced_on: date, reason: str
) -> Recorded:
    """Take back a payment that came back, whole: the transfer lacks it again.

    Told again, it is the first bounce: a payment comes back once. Raises NetworkUnknown,
    MonthInvalid, PeriodNotLocked, PaymentUnknown for what is no payment of this month, and
    DataInvalid for a day to come.
    """
    paid = session.get(Payment, payment_id)
    if paid is None or paid.kind != "payment":
        raise PaymentUnknown(payment_id)
    found, transfer = _hold_transfer(session, Bill(network, month, paid.transfer_id))
    if bounced_on > clock.today(found.timezone):
        raise DataInvalid([{"path": "paid_on", "message": "is still to come"}])
    bounce_id = str(uuid.uuid5(_OURS, f"bounce {payment_id}"))
    earlier = session.get(Payment, bounce_id)
    if earlier is not None:
        return Recorded(earlier, is_new=False, left_cents=get_due(session, transfer.id).left_cents)
    bounce = _payment(bounce_id, transfer, "bounce", paid.amount_cents, bounced_on)
    bounce.reason, bounce.reverses_id = reason, paid.id
    return _write(session, transfer, bounce)


def id_of_payment(bill: Bill, amount_cents: int, paid_on: date) -> str:
    """Return the id of a payment by what it says: to say the same twice is to say it once."""
    return str(uuid.uuid5(_OURS, f"{bill.transfer} {amount_cents} {paid_on}"))


def id_of_write_off(bill: Bill, amount_cents: int | None, reason: str) -> str:
    """Return the id of a write-off by what it says: to say the same twice is to say it once."""
    return str(uuid.uuid5(_OURS, f"{bill.transfer} {amount_cents} {reason}"))


def _check_locked(found: Month) -> None:
    if found.row is None or found.row.locked_at is None:
        raise PeriodNotLocked(found.network.slug, found.month)


def _hold_transfer(session: Session, bill: Bill) -> tuple[Network, Transfer]:
    """Return a transfer to make, held so that two payments of it queue."""
    found = get_month(session, bill.network, bill.month)
    _check_locked(found)
    transfer = session.scalar(
        select(Transfer)
        .where(
            Transfer.id == bill.transfer,
            Transfer.network == bill.network,
            Transfer.period == bill.month,
            Transfer.kind == "transfer",
        )
        .with_for_update()
    )
    if transfer is None:
        raise TransferUnknown(bill.transfer)
    return found.network, transfer


def _amount_given_up(session: Session, transfer: Transfer, payment_id: str | None) -> int:
    """Return what is left of a transfer, or what this very write-off gave up when it first came."""
    earlier = session.get(Payment, payment_id) if payment_id else None
    return earlier.amount_cents if earlier else get_due(session, transfer.id).left_cents


def _payment(
    payment_id: str | None, transfer: Transfer, kind: str, amount_cents: int, paid_on: date
) -> Payment:
    return Payment(
        id=payment_id or str(uuid.uuid4()),
        transfer_id=transfer.id,
        kind=kind,
        amount_cents=amount_cents,
        paid_on=paid_on,
        reason="",
        borne_by=None,
        recorded_at=clock.now(),
    )


def _record(session: Session, transfer: Transfer, payment: Payment) -> Recorded:
    left_cents = get_due(session, transfer.id).left_cents
    earlier = session.get(Payment, payment.id)
    if earlier is not None:
        if _said(earlier) != _said(payment):
            raise IdempotencyConflict(payment.id)
        return Recorded(earlier, is_new=False, left_cents=left_cents)
    if not 0 < payment.amount_cents <= left_cents:
        raise PaymentTooLarge(transfer.id, left_cents)
    return _write(session, transfer, payment)


def _write(session: Session, transfer: Transfer, payment: Payment) -> Recorded:
    session.add(payment)
    session.flush()
    write = entries_of_bounce if payment.kind == "bounce" else entries_of_payment
    entries = event_rows(
        write(planned(transfer), payment.amount_cents),
        transfer.network,
        transfer.period,
        payment.kind,
        clock.now(),
        transfer_id=transfer.id,
    )
    write_entries(session, entries)
    record_act(
        session,
        f"{payment.kind}_recorded",
        network=transfer.network,
        subject=transfer.id,
        amount_cents=payment.amount_cents,
    )
    return Recorded(payment, is_new=True, left_cents=get_due(session, transfer.id).left_cents)


def _said(payment: Payment) -> tuple[object, ...]:
    """Return what a client says of a payment; the day of a write-off is the service's."""
    day = payment.paid_on if payment.kind == "payment" else None
    said = (payment.transfer_id, payment.kind, payment.amount_cents, day)
    return (*said, payment.reason, payment.borne_by)


def _charge_fund(session: Session, transfer: Transfer, amount_cents: int) -> None:
    """Let the fund owe the creditor, in the open period, what was given up."""
    books = hold_months(session, {(transfer.network, transfer.period)})
    line = Line(
        id=new_line_id(),
        network=transfer.network,
        period=books[transfer.network].lands_in(transfer.period)[0],
        kind="write_off",
        debtor=FUND,
        creditor=transfer.creditor,
        amount_cents=amount_cents,
    )
    write_lines(session, [line])
