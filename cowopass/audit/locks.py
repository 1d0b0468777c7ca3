"""Locked months: what was signed, planned and paid, against what their lines give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.document import Finding, plan_to_json, show_cents, totals_to_json
from clearing.errors import ClearingError
from clearing.ledger import (
    Entry,
    entries_of_bounce,
    entries_of_carry,
    entries_of_payment,
    entries_of_transfer,
)
from clearing.line import FUND
from clearing.netting import make_plan
from clearing.period import next_month
from clearing.reading import read_head
from clearing.sums import Totals
from cowopass.audit.lines import LinesAudit
from cowopass.audit.verifying import verify_head
from cowopass.ledger.models import LedgerEntry, Period, SettlementLine
from cowopass.settlement.models import Payment, Transfer
from cowopass.settlement.transfers import list_dues, planned
from wallet.keys import TrustedKey


def check_lock(
    period: Period, lines: LinesAudit, keys: Iterable[TrustedKey], votes: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield where a locked month's totals, plan or head are not what its lines give.

    `keys` are all the network ever signed with, stolen ones too: the records speak of themselves.
    `votes` has the hash of the recorded vote of each agreement of the month that has one.
    """
    where = f"{period.network} {period.month}"
    stored = period.totals or {}
    given = _figures(lines.totals)
    yield from _compare(where, "total_differs", {**given, "root": period.root}, given)
    yield from _compare(where, "total_differs", stored, given)
    if not lines.cited <= set(stored.get("agreements", ())):
        yield Finding("total_differs", f"{where} agreements", "its lines cite others as well")
    yield from _check_plan(period, lines.totals, where)
    try:
        yield from _check_head(period, {**given, "votes": dict(votes)}, keys, where)
    except ClearingError as error:
        yield Finding("head_differs", f"{where} head", f"it can't be read: {error}")


def check_unlocked(period: Period) -> Iterator[Finding]:
    """Yield what a month has that only a lock gives."""
    for name in ("root", "totals", "plan", "head", "previous_root"):
        if getattr(period, name) is not None:
            where = f"{period.network} {period.month} {name}"
            yield Finding("locked_without_lock", where, "the month is not locked")


def check_chain(periods: Iterable[Period]) -> Iterator[Finding]:
    """Yield where locked months do not follow each other, each naming the root before it."""
    previous: Period | None = None
    for period in sorted(periods, key=lambda row: row.month):
        if period.locked_at is None:
            continue
        where = f"{period.network} {period.month} previous_root"
        if period.previous_root != (previous.root if previous else None):
            yield Finding("chain_broken", where, "it is not the root of the month locked before")
        if previous and period.month != next_month(previous.month):
            yield Finding("chain_broken", where, f"no month was locked since {previous.month}")
        previous = period


def check_transfers(session: Session, period: Period) -> Iterator[Finding]:
    """Yield where transfers, their entries, payments and carries are not those of the plan."""
    where = f"{period.network} {period.month}"
    transfers = list(
        session.scalars(
            select(Transfer).where(
                Transfer.network == period.network, Transfer.period == period.month
            )
        )
    )
    yield from _check_rows(period.plan or {}, transfers, where)
    entered, expected = _entered(session, period), _expected(session, transfers)
    for event, transfer, entry in (entered - expected) + (expected - entered):
        yield Finding(
            "entries_differ",
            f"{where} {transfer}",
            f"{event}: {entry.debit} to {entry.credit} {show_cents(entry.amount_cents)} "
            f"{'is missing' if (event, transfer, entry) in expected - entered else 'is too much'}",
        )
    for due in list_dues(session, period.network, period.month):
        if due.left_cents < 0:
            yield Finding("paid_too_much", due.id, f"{show_cents(-due.left_cents)} too much")
    yield from _check_carries(session, period, transfers, where)


def check_write_offs(session: Session, network: str) -> Iterator[Finding]:
    """Yield where what the fund bears is not exactly what was given up at its cost."""
    payments = session.execute(
        select(Transfer.creditor, Payment.amount_cents)
        .join(Transfer, Transfer.id == Payment.transfer_id)
        .where(Transfer.network == network, Payment.borne_by == FUND)
    )
    lines = session.execute(
        select(SettlementLine.creditor, SettlementLine.amount_cents).where(
            SettlementLine.network == network,
            SettlementLine.kind == "write_off",
            SettlementLine.debtor == FUND,
        )
    )
    given_up = Counter((creditor, cents) for creditor, cents in payments)
    borne = Counter((creditor, cents) for creditor, cents in lines)
    for creditor, cents in sorted((given_up - borne) + (borne - given_up)):
        message = f"{show_cents(cents)}: the fund's line and the write-off do not both exist"
        yield Finding("write_off_differs", f"{network} {creditor}", message)


def _figures(totals: Totals) -> dict[str, Any]:
    return {
        **totals_to_json(totals),
        "positions": dict(sorted(totals.positions.items())),
        "carried_in": dict(sorted(totals.carried_in_cents.items())),
    }


def _check_plan(period: Period, totals: Totals, where: str) -> Iterator[Finding]:
    stored = period.totals or {}
    plan = make_plan(
        period.network,
        period.month,
        totals,
        netting=stored.get("netting", "bilateral"),
        carry_forward_below_cents=stored.get("carry_forward_below_cents", 0),
        leaving=frozenset(stored.get("leaving", ())),
    )
    if period.plan != plan_to_json(plan):
        yield Finding("plan_differs", f"{where} plan", "it does not follow from the lines")


def _check_head(
    period: Period, given: Mapping[str, Any], keys: Iterable[TrustedKey], where: str
) -> Iterator[Finding]:
    if period.head is None:
        yield Finding("head_missing", f"{where} head", "the month is locked without a head")
        return
    _, wrong = verify_head(period.head, keys)
    yield from (Finding(code, f"{where} head", message) for code, _, message in wrong)
    expected = {
        "net": period.network,
        "period": period.month,
        **given,
        "agreements": (period.totals or {}).get("agreements"),
        "previous_root": period.previous_root,
    }
    head, plan = read_head(period.head), period.plan or {}
    for name in ("transfers", "carried"):
        if head[name] is not None:
            expected[name] = {row["id"]: row["amount_cents"] for row in plan.get(name, ())}
    yield from _compare(f"{where} head", "head_differs", head, expected)


def _compare(
    where: str, code: str, said: Mapping[str, Any], given: Mapping[str, Any]
) -> Iterator[Finding]:
    for name, value in given.items():
        if said.get(name) != value:
            message = f"the record says {said.get(name)}, the lines give {value}"
            yield Finding(code, f"{where} {name}", message)


def _check_rows(
    plan: Mapping[str, Any], transfers: Iterable[Transfer], where: str
) -> Iterator[Finding]:
    names = ("id", "debtor", "creditor", "amount_cents")
    in_plan = {
        (kind, *(row[name] for name in names))
        for kind, rows in (("transfer", "transfers"), ("carried", "carried"))
        for row in plan.get(rows, ())
    }
    recorded = {(row.kind, *(getattr(row, name) for name in names)) for row in transfers}
    for _, transfer, *_ in sorted(in_plan ^ recorded):
        message = "the transfer and the plan that was locked differ"
        yield Finding("plan_differs", f"{where} {transfer}", message)


_Event = tuple[str, str, Entry]


def _entered(session: Session, period: Period) -> Counter[_Event]:
    rows = session.execute(
        select(
            LedgerEntry.event,
            LedgerEntry.transfer_id,
            LedgerEntry.debit,
            LedgerEntry.credit,
            LedgerEntry.amount_cents,
        ).where(
            LedgerEntry.network == period.network,
            LedgerEntry.period == period.month,
            LedgerEntry.transfer_id.is_not(None),
        )
    )
    return Counter(
        (event, transfer or "", Entry(debit, credit, amount_cents))
        for event, transfer, debit, credit, amount_cents in rows
    )


def _expected(session: Session, transfers: Iterable[Transfer]) -> Counter[_Event]:
    by_id = {row.id: planned(row) for row in transfers}
    events: Counter[_Event] = Counter()
    for row in transfers:
        word = "transfer" if row.kind == "transfer" else "carry"
        write = entries_of_transfer if row.kind == "transfer" else entries_of_carry
        events.update((word, row.id, entry) for entry in write(by_id[row.id]))
    payments = session.scalars(select(Payment).where(Payment.transfer_id.in_(by_id)))
    for payment in payments:
        settle = entries_of_bounce if payment.kind == "bounce" else entries_of_payment
        entries = settle(by_id[payment.transfer_id], payment.amount_cents)
        events.update((payment.kind, payment.transfer_id, entry) for entry in entries)
    return events


def _check_carries(
    session: Session, period: Period, transfers: Iterable[Transfer], where: str
) -> Iterator[Finding]:
    """Check that what is carried out comes in again in the next month, and nothing else does."""
    out: Counter[tuple[str, str, int, str | None]] = Counter(
        (row.debtor, row.creditor, row.amount_cents, row.since)
        for row in transfers
        if row.kind == "carried"
    )
    rows = session.execute(
        select(
            SettlementLine.debtor,
            SettlementLine.creditor,
            SettlementLine.amount_cents,
            SettlementLine.since,
        ).where(
            SettlementLine.network == period.network,
            SettlementLine.period == next_month(period.month),
            SettlementLine.kind == "carried",
        )
    )
    carried_in = Counter(
        (debtor, creditor, cents, since) for debtor, creditor, cents, since in rows
    )
    for debtor, creditor, cents, _ in (out - carried_in) + (carried_in - out):
        message = f"{debtor} to {creditor} {show_cents(cents)} is not carried from month to month"
        yield Finding("carry_differs", where, message)
