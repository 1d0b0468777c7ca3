"""The network's own ledger as books: what every participant is owed, disputes, carries, transfers.

The network holds no money, so all of it is on accounts of set-off, one for each participant.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from clearing.period import first_day, last_day, parse_month
from cowopass import clock
from cowopass.accounting.books import Books, lock_day, names_of, number, read_books
from cowopass.accounting.chart import usual_chart
from cowopass.accounting.entries import Entry, Posting
from cowopass.ledger.models import LedgerEntry, SettlementLine
from cowopass.networks.models import Network
from cowopass.settlement.service import get_network

LATER = {"payment": "BQ", "bounce": "BQ", "write_off": "AB"}
"""Events of transfers, which happen after the lock, by their journal."""

LABELS = {
    "charge": "Créance",
    "reversal": "Annulation",
    "withheld": "Contestation, somme retenue",
    "released": "Contestation refusée",
    "upheld": "Contestation acceptée",
    "carried": "Report",
    "write_off": "Abandon de créance",
    "transfer": "Virement à faire",
    "carry": "Report sur le mois suivant",
    "payment": "Virement reçu",
    "bounce": "Virement rejeté",
}


def books_of(session: Session, network: str, month: str, space: str) -> Books:
    """Return a locked month's books: of a space, of the fund (`fund`), or of the network itself.

    Raises NetworkUnknown, MonthInvalid, PeriodNotLocked and SpaceUnknown.
    """
    if space == network:
        return read_network_books(session, network, month)
    return read_books(session, network, month, space)


def read_network_books(session: Session, network: str, month: str) -> Books:
    """Return the books of a network itself for a locked month.

    Raises NetworkUnknown, MonthInvalid and PeriodNotLocked.
    """
    found = get_network(session, network)
    locked_on = lock_day(session, found, parse_month(month))
    rows = session.execute(
        select(LedgerEntry, SettlementLine.on)
        .join(SettlementLine, SettlementLine.id == LedgerEntry.line_id, isouter=True)
        .where(LedgerEntry.network == network, LedgerEntry.period == month)
        .order_by(LedgerEntry.number)
    )
    entries = [_entry(row, found, month, locked_on) for row in rows]
    return Books(
        found,
        month,
        network,
        found.name,
        found.fund,
        usual_chart(),
        names_of(session, found),
        list(number(entries, Counter(CP=_count_before(session, network, month)))),
        [],
    )


def _count_before(session: Session, network: str, month: str) -> int:
    """Return how many entries the year's earlier months have, without what came after a lock."""
    is_later = (LedgerEntry.transfer_id.is_not(None)) & LedgerEntry.event.in_(list(LATER))
    counted = session.scalar(
        select(func.count()).where(
            LedgerEntry.network == network,
            LedgerEntry.period >= f"{month[:4]}-01",
            LedgerEntry.period < month,
            ~is_later,
        )
    )
    return counted or 0


def _entry(row: Row[*tuple[Any, ...]], network: Network, month: str, locked_on: date) -> Entry:
    written, visited_on = row
    written_on = clock.local_day(written.written_at, network.timezone)
    is_later = written.transfer_id is not None and written.event in LATER
    day = date.fromisoformat(visited_on) if visited_on else last_day(month)
    on = written_on if is_later else min(max(day, first_day(month)), last_day(month))
    return Entry(
        f"{LATER[written.event]}{month[5:]}" if is_later else "CP",
        on,
        written.line_id or written.transfer_id or "",
        on,
        LABELS.get(written.event, written.event),
        max(locked_on, written_on) if is_later else locked_on,
        (
            _posting(written.debit, written.amount_cents),
            _posting(written.credit, -written.amount_cents),
        ),
    )


def _posting(account: str, cents: int) -> Posting:
    kind, *_, participant = account.split(":")
    return Posting(kind, cents, participant)
