"""The lines of a month, and the entries that each of them wrote, worked out again one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session, aliased

from clearing.document import Finding
from clearing.ledger import Entry, entries_of, entries_of_upheld
from clearing.line import Line, leaf_hash
from clearing.line_checks import check_lines
from clearing.month import Fold
from clearing.reading import Agreement, Meta
from clearing.sums import Totals
from cowopass.documents.month import read_hashed_lines
from cowopass.ledger.models import Dispute, LedgerEntry, SettlementLine
from cowopass.ledger.rows import LINE_COLUMNS, line_of
from cowopass.settlement.months import ROWS_AT_ONCE

ANSWERS = ("reversal", "withheld", "released")
"""Kinds of lines that name the line they answer."""


class LinesAudit(NamedTuple):
    """What the lines of a month give, the agreements they cite, and what is wrong with them."""

    totals: Totals
    cited: set[str]
    findings: list[Finding]


def audit_lines(
    session: Session, network: str, month: str, agreements: Mapping[str, Agreement]
) -> LinesAudit:
    """Work a month's lines out again, a few thousand in memory at a time.

    Each must have the hash it was written with, the amount that its agreement gives, and exactly
    the entries that follow from it.
    """
    meta = _meta(network, month, agreements)
    fold, cited, answers = Fold(), set[str](), list[Line]()
    findings: list[Finding] = []
    entries = _Entries(session, network, month)
    hashed_lines = read_hashed_lines(session, network, month)
    while chunk := list(islice(hashed_lines, ROWS_AT_ONCE)):
        for line, written_hash in chunk:
            hashed = leaf_hash(line)
            fold.add(line, hashed)
            findings += _check_written(line, hashed == written_hash, entries.take(line.id))
        lines = [line for line, _ in chunk]
        cited.update(line.agreement for line in lines if line.agreement is not None)
        answers += [line for line in lines if line.kind in ANSWERS]
        findings += check_lines(meta, [line for line in lines if line.kind not in ANSWERS])
    findings += _check_answers(session, meta, answers)
    return LinesAudit(fold.totals(), cited, list(dict.fromkeys(findings)))


def check_withholding(session: Session, network: str) -> Iterator[Finding]:
    """Yield what is withheld without reason.

    The reason is an open dispute, a release, or the entries of a dispute upheld: that is all that
    disputed accounts may hold.
    """
    upheld = _upheld_entries(session, network)
    released = aliased(SettlementLine)
    is_released = select(released.id).where(
        released.check_in == SettlementLine.check_in,
        released.kind == "released",
        released.reverses == SettlementLine.id,
    )
    is_open = select(Dispute.id).where(
        Dispute.check_in == SettlementLine.check_in, Dispute.state == "open"
    )
    rows = session.execute(
        select(*LINE_COLUMNS, is_released.exists(), is_open.exists()).where(
            SettlementLine.network == network, SettlementLine.kind == "withheld"
        )
    )
    for row in rows:
        line, (was_released, is_disputed) = line_of(row), row[-2:]
        expected = () if was_released or is_disputed else entries_of_upheld(line)
        if sorted(upheld.pop(line.id, ())) != sorted(expected):
            yield Finding(
                "withheld_unexplained",
                line.id,
                "what is withheld has neither an open dispute, nor a release, nor the entries of "
                "a dispute upheld, or more than one of these",
            )
    for line_id in upheld:
        yield Finding("entry_unexplained", line_id, "upheld entries of no withheld line")


def check_strays(session: Session, network: str) -> Iterator[Finding]:
    """Yield entries that belong to nothing, and answers to lines that are not what they name."""
    line = aliased(SettlementLine)
    is_elsewhere = or_(
        line.network != LedgerEntry.network,
        and_(line.period != LedgerEntry.period, LedgerEntry.event != "upheld"),
    )
    entries = session.execute(
        select(LedgerEntry.number, LedgerEntry.period, LedgerEntry.event)
        .join(line, line.id == LedgerEntry.line_id, isouter=True)
        .where(
            LedgerEntry.network == network,
            LedgerEntry.transfer_id.is_(None),
            or_(line.id.is_(None), is_elsewhere),
        )
    )
    for number, period, event in entries:
        where = f"{network} {period} entry {number}"
        yield Finding("entry_unexplained", where, f"no line of this month wrote this {event}")
    for (line_id,) in session.execute(_wrong_answers(network)):
        yield Finding("mirror_differs", line_id, "it is not the mirror of the line it answers")


_EntryRow = Row[str | None, str, str, str, int]
"""Line, event, debit, credit and cents of an entry."""


class _Entries:
    """The entries of a month's lines, in the order of the lines, taken line by line."""

    def __init__(self, session: Session, network: str, month: str) -> None:
        rows = session.execute(
            select(
                LedgerEntry.line_id,
                LedgerEntry.event,
                LedgerEntry.debit,
                LedgerEntry.credit,
                LedgerEntry.amount_cents,
            )
            .join(SettlementLine, SettlementLine.id == LedgerEntry.line_id)
            .where(
                LedgerEntry.network == network,
                LedgerEntry.period == month,
                LedgerEntry.event != "upheld",
                SettlementLine.network == network,
                SettlementLine.period == month,
            )
            .order_by(SettlementLine.number, LedgerEntry.number),
            execution_options={"yield_per": ROWS_AT_ONCE},
        )
        self._groups = groupby(rows, key=lambda row: row.line_id)
        self._group = next(self._groups, None)

    def take(self, line_id: str) -> list[_EntryRow]:
        """Return the entries of the next line; none if it wrote none."""
        if self._group is None or self._group[0] != line_id:
            return []
        rows = list(self._group[1])
        self._group = next(self._groups, None)
        return rows


def _check_written(line: Line, is_as_hashed: bool, rows: Sequence[_EntryRow]) -> Iterator[Finding]:  # noqa: FBT001 (a fact)
    if not is_as_hashed:
        yield Finding(
            "leaf_hash_differs", line.id, "the line is not what was hashed when it was written"
        )
    entered = sorted((row.event, row.debit, row.credit, row.amount_cents) for row in rows)
    expected = sorted((line.kind, *entry) for entry in entries_of(line))
    if entered != expected:
        yield Finding(
            "entries_differ", line.id, "the ledger's entries are not those that the line writes"
        )


def _check_answers(session: Session, meta: Meta, answers: list[Line]) -> list[Finding]:
    """Check reversals and withholdings together with the lines of this month that they name."""
    named = {line.reverses for line in answers if line.reverses is not None}
    lines = {line.id: line for line in answers}
    for ids in _batches(sorted(named - lines.keys())):
        rows = session.execute(
            select(*LINE_COLUMNS).where(
                SettlementLine.id.in_(ids),
                SettlementLine.network == meta.network["slug"],
                SettlementLine.period == meta.period,
            )
        )
        lines.update((line.id, line) for line in map(line_of, rows))
    return list(check_lines(meta, list(lines.values())))


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while batch := list(islice(rest, 500)):
        yield batch


def _wrong_answers(network: str) -> Any:  # noqa: ANN401 (a statement of SQLAlchemy)
    answer, named = SettlementLine, aliased(SettlementLine)
    same = ("network", "debtor", "creditor", "amount_cents", "levy_cents")
    return (
        select(answer.id)
        .join(named, named.id == answer.reverses, isouter=True)
        .where(
            answer.network == network,
            answer.kind.in_(ANSWERS),
            or_(
                named.id.is_(None),
                named.kind.not_in(("charge", "withheld")),
                *(getattr(named, name) != getattr(answer, name) for name in same),
            ),
        )
    )


def _upheld_entries(session: Session, network: str) -> dict[str, list[Entry]]:
    rows = session.execute(
        select(
            LedgerEntry.line_id, LedgerEntry.debit, LedgerEntry.credit, LedgerEntry.amount_cents
        ).where(LedgerEntry.network == network, LedgerEntry.event == "upheld")
    )
    found: dict[str, list[Entry]] = {}
    for line_id, debit, credit, amount_cents in rows:
        found.setdefault(line_id or "", []).append(Entry(debit, credit, amount_cents))
    return found


def _meta(network: str, month: str, agreements: Mapping[str, Agreement]) -> Meta:
    """Return what the checks of lines ask of a month; its figures are compared elsewhere."""
    return Meta(
        network={"slug": network},
        period=month,
        state="open",
        netting="bilateral",
        carry_forward_below_cents=0,
        leaving=frozenset(),
        agreements=agreements,
        leaf_hashes=[],
        totals={},
        positions={},
        carried_in={},
        plan=None,
        head=None,
        previous_root=None,
    )
