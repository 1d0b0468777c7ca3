"""The file that a space uploads to its own bank to pay what it owes of a month: pain.001.001.09."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.bank.pain import Order, write_orders
from cowopass.bank.parties import Party, list_parties
from cowopass.errors import CurrencyForeign, PartyIncomplete, PeriodNotLocked, SpaceUnknown
from cowopass.settlement.service import get_month
from cowopass.settlement.steps import Month
from cowopass.settlement.transfers import Due, creditor_reference

EURO = "EUR"
"""The one currency of SEPA."""


def payment_file(session: Session, network: str, month: str, space: str) -> bytes | None:
    """Return the payments that a space, or `fund`, still owes of a locked month, for its bank.

    None when it owes nothing that can be paid from here. What is owed to another network waits
    (`waiting_dues`). Asked for again on the same day it is the same file; on another day it has
    the day of that day, and the same message id as long as the same amounts are left, so that the
    bank refuses it twice. Raises NetworkUnknown, MonthInvalid, PeriodNotLocked, SpaceUnknown,
    PartyIncomplete, and CurrencyForeign for a network that does not count in euros.
    """
    found = get_month(session, network, month)
    if found.row is None or found.row.locked_at is None:
        raise PeriodNotLocked(network, month)
    parties = list_parties(session, found.network)
    if space not in parties:
        raise SpaceUnknown(space)
    dues = payable_dues(found.dues, space, parties)
    if not dues:
        return None
    if found.network.currency != EURO:
        raise CurrencyForeign(found.network.currency, EURO)
    _check_complete([parties[slug] for slug in (space, *(due.creditor for due in dues))])
    today = clock.today(found.network.timezone)
    return write_orders(
        parties[space],
        [_order(due, parties[due.creditor]) for due in dues],
        message_id=_message_id(found, space, dues),
        made_on=today,
        execute_on=next_weekday(today),
    )


def payable_dues(dues: Sequence[Due], space: str, parties: dict[str, Party]) -> list[Due]:
    """Return what a space still owes to somebody with an account in its own network."""
    return [due for due in _owed(dues, space) if due.creditor in parties]


def waiting_dues(dues: Sequence[Due], space: str, parties: dict[str, Party]) -> list[Due]:
    """Return what a space still owes to another network: it waits until both have locked."""
    return [due for due in _owed(dues, space) if due.creditor not in parties]


def next_weekday(day: date) -> date:
    """Return the day itself, or the Monday after it: banks pay nothing at the weekend.

    >>> next_weekday(date(2026, 12, 5)), next_weekday(date(2026, 12, 7))
    (datetime.date(2026, 12, 7), datetime.date(2026, 12, 7))
    """
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _owed(dues: Sequence[Due], space: str) -> list[Due]:
    return [due for due in dues if due.debtor == space and due.left_cents]


def _check_complete(parties: Sequence[Party]) -> None:
    missing = {party.slug: party.missing for party in parties if party.missing}
    if missing:
        raise PartyIncomplete(missing)


def _order(due: Due, creditor: Party) -> Order:
    return Order(creditor, due.left_cents, creditor_reference(due.id))


def _message_id(found: Month, space: str, dues: Sequence[Due]) -> str:
    """Return an id of at most 35 letters and digits that follows from what is to be paid.

    What bounced counts too: the same amount is then to be paid a second time.
    """
    said = [found.network.slug, found.month, space]
    left = [[due.id, due.left_cents, due.bounced_cents] for due in dues]
    digest = sha256(json.dumps([said, left]).encode()).hexdigest()
    return f"CWP{found.month.replace('-', '')}{digest[:24].upper()}"
