"""A month's ledger for two accounting programs: beancount and hledger.

Each file stands alone and ends with the closing balance of every account, which the program
checks: a cent that is wrong anywhere makes it refuse the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TextIO

from clearing.document import show_cents
from clearing.period import first_day
from cowopass.documents.journal import Balances, Move
from cowopass.networks.models import Network


def write_beancount(
    stream: TextIO, network: Network, month: str, state: str, moves: Iterable[Move]
) -> None:
    """Write `month.beancount`. Its order is free, so accounts are opened after their moves."""
    title = _one_line(f"{network.name}, {month}, {state}").replace("\\", "\\\\")
    escaped = title.replace('"', '\\"')
    stream.write(f'option "title" "{escaped}"\n')
    stream.write(f'option "operating_currency" "{network.currency}"\n\n')
    balances = Balances(month)
    for move in moves:
        balances.add(move)
        amount = show_cents(move.amount_cents)
        stream.write(
            f'{move.on} * "{move.event}"\n'
            f'  reference: "{move.reference}"\n'
            f"  {move.debit}  {amount} {network.currency}\n"
            f"  {move.credit}  -{amount} {network.currency}\n\n"
        )
    # A balance holds at the beginning of its day. Without `~ 0` beancount would let a cent pass.
    checked_on = _after(balances.closes_on)
    for account, cents in sorted(balances.cents.items()):
        stream.write(f"{first_day(month)} open {account} {network.currency}\n")
        stream.write(
            f"{checked_on} balance {account}  {show_cents(cents)} ~ 0 {network.currency}\n"
        )


def write_hledger(
    stream: TextIO, network: Network, month: str, state: str, moves: Iterable[Move]
) -> None:
    """Write `month.journal`, which also passes hledger's strict checks."""
    stream.write(f"; {_one_line(f'{network.name}, {month}, {state}')}\n")
    stream.write(f"decimal-mark .\ncommodity 1000.00 {network.currency}\n\n")
    balances = Balances(month)
    for move in moves:
        balances.add(move)
        amount = show_cents(move.amount_cents)
        stream.write(
            f"{move.on} * {move.event}  ; reference:{move.reference}\n"
            f"    {move.debit}  {amount} {network.currency}\n"
            f"    {move.credit}  -{amount} {network.currency}\n\n"
        )
    accounts = sorted(balances.cents.items())
    for account, _ in accounts:
        stream.write(f"account {account}\n")
    if accounts:
        stream.write(f"\n{balances.closes_on} * closing balances\n")
    for account, cents in accounts:
        closing = f"{show_cents(cents)} {network.currency}"
        stream.write(f"    {account}  0.00 {network.currency} = {closing}\n")


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _one_line(text: str) -> str:
    return " ".join(text.split())
