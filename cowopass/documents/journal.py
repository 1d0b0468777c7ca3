"""A month's ledger as dated moves between accounts, named so that accounting programs take them.

The service says what a participant is owed as credit less debit. Plain-text accounting counts the
other way, debit less credit, so what the network's members are owed reads as a liability: below
zero.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from clearing.period import first_day, last_day
from cowopass import clock
from cowopass.ledger.models import LedgerEntry, SettlementLine
from cowopass.networks.models import Network
from cowopass.settlement.models import Payment, Transfer
from cowopass.settlement.months import ROWS_AT_ONCE


class Move(NamedTuple):
    """One entry: an amount above zero, in cents, from a debit to a credit account, on a day.

    `event` is the word of the ledger (`charge`, `payment`, …), `reference` the id of the line or
    of the transfer it was written for.
    """

    on: date
    event: str
    reference: str
    debit: str
    credit: str
    amount_cents: int


class Balances:
    """Debit less credit of each account, in cents, and the last day of the moves so far."""

    def __init__(self, month: str) -> None:
        self.closes_on = last_day(month)
        self.cents: dict[str, int] = {}

    def add(self, move: Move) -> None:
        """Add a move."""
        self.closes_on = max(self.closes_on, move.on)
        self.cents[move.debit] = self.cents.get(move.debit, 0) + move.amount_cents
        self.cents[move.credit] = self.cents.get(move.credit, 0) - move.amount_cents


def read_moves(session: Session, network: Network, month: str) -> Iterator[Move]:
    """Yield the moves of a month as they were written, a few thousand in memory at a time.

    None is dated before the month, or after it but for payments: a late visit stands on the first
    day, what the lock wrote on the last. A payment has the day of the bank statement.
    """
    first, last = first_day(month), last_day(month)
    paid_on = _payment_days(session, network.slug, month)
    rows = session.execute(
        select(*_COLUMNS, SettlementLine.on)
        .join(SettlementLine, SettlementLine.id == LedgerEntry.line_id, isouter=True)
        .where(LedgerEntry.network == network.slug, LedgerEntry.period == month)
        .order_by(LedgerEntry.number),
        execution_options={"yield_per": ROWS_AT_ONCE},
    )
    for row in rows:
        if row.transfer_id is None:
            written_on = clock.local_day(row.written_at, network.timezone)
            day = date.fromisoformat(row.on) if row.on else written_on
            on = min(max(day, first), last)
        else:
            days = paid_on.get((row.transfer_id, row.event, row.amount_cents))
            on = max(days.popleft(), last) if days else last
        yield _move(row, on, month)


_COLUMNS = (
    LedgerEntry.event,
    LedgerEntry.line_id,
    LedgerEntry.transfer_id,
    LedgerEntry.debit,
    LedgerEntry.credit,
    LedgerEntry.amount_cents,
    LedgerEntry.written_at,
)


def _move(row: Row[*tuple[Any, ...]], on: date, month: str) -> Move:
    return Move(
        on=on,
        event=row.event,
        reference=row.line_id or row.transfer_id or "",
        debit=account_name(row.debit, month),
        credit=account_name(row.credit, month),
        amount_cents=row.amount_cents,
    )


def account_name(account: str, month: str) -> str:
    """Return a ledger account's name as both programs take it, the month or transfer last.

    Each month has accounts of its own, so that the files of several months add up when they are
    read together. Slugs are words of small letters and digits with dashes, ids have an underscore
    at a known place: no two accounts get the same name.

    >>> account_name("position:la-rubanerie", "2026-11")
    'Liabilities:Position:La-rubanerie:2026-11'
    >>> account_name("due:trf_wkdk4dofkiv2gxjjpdyy:comptoir", "2026-11")
    'Liabilities:Due:Comptoir:Trf-wkdk4dofkiv2gxjjpdyy'
    """
    kind, *transfer, participant = account.split(":")
    last = _part(transfer[0]) if transfer else month
    return ":".join(("Liabilities", _part(kind), _part(participant), last))


def _part(name: str) -> str:
    text = name.replace("_", "-")
    return text[:1].upper() + text[1:]


def _payment_days(
    session: Session, network: str, month: str
) -> dict[tuple[str, str, int], deque[date]]:
    """Return the days of a month's payments and write-offs, by what their entries say of them."""
    rows = session.execute(
        select(Payment.transfer_id, Payment.kind, Payment.amount_cents, Payment.paid_on)
        .join(Transfer, Transfer.id == Payment.transfer_id)
        .where(Transfer.network == network, Transfer.period == month)
        .order_by(Payment.recorded_at, Payment.id)
    )
    days: dict[tuple[str, str, int], deque[date]] = {}
    for transfer, kind, amount_cents, paid_on in rows:
        days.setdefault((transfer, kind, amount_cents), deque()).append(paid_on)
    return days
