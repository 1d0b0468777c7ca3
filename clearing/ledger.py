"""Entries: each moves an amount from a debit to a credit account, so they balance by construction.

Accounts are texts. Each participant (a space, `fund`, a correspondent network) has `position:P`,
what it is owed this month; `disputed:P`, what is withheld; `carried:P`, what waits for the next
month; and `due:T:P` for each transfer T of a locked plan. A balance is credit less debit: above
zero is owed to the participant, below zero is owed by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, assert_never

from clearing.line import FUND, Line

if TYPE_CHECKING:
    from clearing.netting import Transfer


class Entry(NamedTuple):
    """An amount above zero, in cents, moved from the account `debit` to the account `credit`."""

    debit: str
    credit: str
    amount_cents: int


def position(participant: str) -> str:
    """Return the account of what a participant is owed in the month of the entry."""
    return f"position:{participant}"


def disputed(participant: str) -> str:
    """Return the account of what is withheld from a participant until a dispute is solved."""
    return f"disputed:{participant}"


def carried(participant: str) -> str:
    """Return the account of what a participant takes along into the next month."""
    return f"carried:{participant}"


def due(transfer_id: str, participant: str) -> str:
    """Return the account of what a participant still has to pay or get by a transfer.

    >>> due("trf_1", "comptoir")
    'due:trf_1:comptoir'
    """
    return f"due:{transfer_id}:{participant}"


def entries_of(line: Line) -> tuple[Entry, ...]:
    """Return the entries that a line writes in its period; none for a line of zero.

    They change positions exactly as `clearing.line.effects` says. A reversal is the mirror of its
    charge, `released` of `withheld`, and `carried` (in, at the start of a month, without a levy)
    of the carry out at the lock of the month before. A `write_off` is what the fund bears.

    >>> for entry in entries_of(Line("lin_1", "sainte", "2026-11", "charge", "a", "b", 1200, 60)):
    ...     print(*entry)
    position:a position:b 1200
    position:b position:fund 60
    """
    match line.kind:
        case "charge" | "write_off":
            return _claim(line)
        case "reversal":
            return _mirror(_claim(line))
        case "withheld":
            return _withhold(line)
        case "released":
            return _mirror(_withhold(line))
        case "carried":
            return _mirror(_carry_out(line.debtor, line.creditor, line.amount_cents))
        case _:
            assert_never(line.kind)


def entries_of_upheld(line: Line) -> tuple[Entry, ...]:
    """Return what ends the withholding of a charge for good: a dispute upheld, or a void.

    `line` is the withheld line, or its charge. Positions have been right since it was withheld, so
    nothing moves in them and the month needs no line for it.
    """
    return _entries(
        Entry(disputed(line.creditor), disputed(line.debtor), line.amount_cents - line.levy_cents),
        Entry(disputed(FUND), disputed(line.debtor), line.levy_cents),
    )


def entries_of_transfer(transfer: Transfer) -> tuple[Entry, ...]:
    """Return what the lock writes for a transfer of the plan: positions become dues."""
    debtor, creditor, amount_cents = transfer.debtor, transfer.creditor, transfer.amount_cents
    return _entries(
        Entry(position(creditor), due(transfer.id, creditor), amount_cents),
        Entry(due(transfer.id, debtor), position(debtor), amount_cents),
    )


def entries_of_carry(transfer: Transfer) -> tuple[Entry, ...]:
    """Return what the lock writes for a transfer too small to make: both sides carry it out."""
    return _carry_out(transfer.debtor, transfer.creditor, transfer.amount_cents)


def entries_of_payment(transfer: Transfer, amount_cents: int) -> tuple[Entry, ...]:
    """Return what a payment of a transfer, whole or part, or its write-off, writes."""
    return _entries(
        Entry(due(transfer.id, transfer.creditor), due(transfer.id, transfer.debtor), amount_cents)
    )


def entries_of_bounce(transfer: Transfer, amount_cents: int) -> tuple[Entry, ...]:
    """Return what a payment that came back writes: the mirror of what the payment wrote."""
    return _mirror(entries_of_payment(transfer, amount_cents))


def balances(entries: Iterable[Entry]) -> dict[str, int]:
    """Return credit less debit, in cents, of every account seen; the sum is zero.

    >>> balances([Entry("position:a", "position:b", 1200), Entry("position:b", "position:a", 200)])
    {'position:a': -1000, 'position:b': 1000}
    """
    sums: dict[str, int] = {}
    for debit, credit, amount_cents in entries:
        sums[debit] = sums.get(debit, 0) - amount_cents
        sums[credit] = sums.get(credit, 0) + amount_cents
    return sums


def _claim(line: Line) -> tuple[Entry, ...]:
    return _entries(
        Entry(position(line.debtor), position(line.creditor), line.amount_cents),
        Entry(position(line.creditor), position(FUND), line.levy_cents),
    )


def _withhold(line: Line) -> tuple[Entry, ...]:
    debtor, creditor = line.debtor, line.creditor
    return _entries(
        Entry(position(creditor), disputed(creditor), line.amount_cents - line.levy_cents),
        Entry(position(FUND), disputed(FUND), line.levy_cents),
        Entry(disputed(debtor), position(debtor), line.amount_cents),
    )


def _carry_out(debtor: str, creditor: str, amount_cents: int) -> tuple[Entry, ...]:
    return _entries(
        Entry(position(creditor), carried(creditor), amount_cents),
        Entry(carried(debtor), position(debtor), amount_cents),
    )


def _mirror(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(Entry(credit, debit, amount_cents) for debit, credit, amount_cents in entries)


def _entries(*entries: Entry) -> tuple[Entry, ...]:
    """Return the entries without those of zero cents, which move nothing.

    Raises ValueError for an amount below zero: it would be the opposite entry in disguise.
    """
    for entry in entries:
        if entry.amount_cents < 0:
            raise ValueError(f"an entry moves an amount above zero: {entry}")
    return tuple(entry for entry in entries if entry.amount_cents)
