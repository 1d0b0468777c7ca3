"""The invariants of the ledger, worked out from its records alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clearing.document import Finding, show_cents
from clearing.ledger import due
from clearing.line import Line, LineKind, effects
from cowopass.ledger.models import Dispute, LedgerEntry, Period, SettlementLine
from cowopass.settlement.models import Transfer
from cowopass.settlement.transfers import list_dues
from cowopass.spaces.models import Space


class _Account(NamedTuple):
    network: str
    period: str
    name: str


def check_balances(session: Session) -> list[Finding]:
    """Return where the entries of the ledger do not add up, as findings; none is right.

    The entries of lines give the positions that the lines give; a locked month has no position
    left; what a transfer lacks is what its payments left; nothing stays carried; and nothing stays
    withheld without an open dispute.
    """
    balances = _balances(session)
    return [
        *_check_positions(session),
        *_check_locked(session, balances),
        *_check_dues(session, balances),
        *_check_suspense(session, balances),
    ]


def _balances(session: Session, *, of_lines: bool = False) -> dict[_Account, int]:
    """Return credit less debit of every account of each month; `of_lines`: by lines alone."""
    sums: dict[_Account, int] = {}
    for side, sign in ((LedgerEntry.debit, -1), (LedgerEntry.credit, 1)):
        statement = select(
            LedgerEntry.network, LedgerEntry.period, side, func.sum(LedgerEntry.amount_cents)
        ).group_by(LedgerEntry.network, LedgerEntry.period, side)
        if of_lines:
            statement = statement.where(LedgerEntry.transfer_id.is_(None))
        for network, period, name, cents in session.execute(statement):
            account = _Account(network, period, name)
            sums[account] = sums.get(account, 0) + sign * cents
    return sums


def _check_positions(session: Session) -> Iterator[Finding]:
    by_entries = {
        account: cents
        for account, cents in _balances(session, of_lines=True).items()
        if account.name.startswith("position:")
    }
    by_lines = _positions_by_lines(session)
    for account in sorted({*by_entries, *by_lines}):
        entered, due_cents = by_entries.get(account, 0), by_lines.get(account, 0)
        if entered != due_cents:
            yield _finding(
                "position_differs",
                account,
                f"entries give {show_cents(entered)}, lines {show_cents(due_cents)}",
            )


def _positions_by_lines(session: Session) -> dict[_Account, int]:
    columns = (
        SettlementLine.network,
        SettlementLine.period,
        SettlementLine.kind,
        SettlementLine.debtor,
        SettlementLine.creditor,
    )
    sums: dict[_Account, int] = {}
    amounts = func.sum(SettlementLine.amount_cents), func.sum(SettlementLine.levy_cents)
    rows = session.execute(select(*columns, *amounts).group_by(*columns))
    for network, month, kind, debtor, creditor, amount_cents, levy_cents in rows:
        parties = (cast(LineKind, kind), debtor, creditor)
        line = Line("", network, month, *parties, amount_cents, levy_cents)
        for participant, cents in effects(line):
            account = _Account(line.network, line.period, f"position:{participant}")
            sums[account] = sums.get(account, 0) + cents
    return sums


def _check_locked(session: Session, balances: dict[_Account, int]) -> Iterator[Finding]:
    locked = {
        (network, month)
        for network, month in session.execute(
            select(Period.network, Period.month).where(Period.locked_at.is_not(None))
        )
    }
    for account, cents in sorted(balances.items()):
        is_closed = (account.network, account.period) in locked
        if is_closed and cents and account.name.startswith("position:"):
            yield _finding("position_open", account, f"{show_cents(cents)} is left after the lock")


def _check_dues(session: Session, balances: dict[_Account, int]) -> Iterator[Finding]:
    months = session.execute(select(Transfer.network, Transfer.period).distinct())
    for network, month in months.all():
        for transfer in list_dues(session, network, month):
            for participant, cents in (
                (transfer.creditor, transfer.left_cents),
                (transfer.debtor, -transfer.left_cents),
            ):
                account = _Account(network, month, due(transfer.id, participant))
                entered = balances.get(account, 0)
                if entered != cents:
                    yield _finding(
                        "due_differs",
                        account,
                        f"entries give {show_cents(entered)}, payments {show_cents(cents)}",
                    )


def _check_suspense(session: Session, balances: dict[_Account, int]) -> Iterator[Finding]:
    """Check what may stay in no account beyond a month: carried, and withheld without dispute."""
    disputed = _networks_with_disputes(session)
    sums: dict[tuple[str, str], int] = {}
    for account, cents in balances.items():
        if account.name.startswith(("carried:", "disputed:")):
            key = account.network, account.name
            sums[key] = sums.get(key, 0) + cents
    for (network, name), cents in sorted(sums.items()):
        is_awaited = name.startswith("disputed:") and network in disputed
        if cents and not is_awaited:
            account = _Account(network, "all months", name)
            yield _finding("suspense_open", account, f"{show_cents(cents)} never came back")


def _networks_with_disputes(session: Session) -> set[str]:
    """Return the networks with an open dispute of a visit there, or by a pass of theirs."""
    visits = select(Dispute.network).where(Dispute.state == "open")
    passes = (
        select(Space.network)
        .join(Dispute, Dispute.home == Space.slug)
        .where(Dispute.state == "open")
    )
    return set(session.scalars(visits.union(passes)))


def _finding(code: str, account: _Account, message: str) -> Finding:
    return Finding(code, " ".join(account), message)
