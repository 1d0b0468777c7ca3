"""Where the charges of a check-in stand, and the lines that answer them.

A charge is live until it is taken back by a reversal, or withheld by a dispute. What is withheld
is released when the dispute is refused, and falls for good when it is upheld.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.ledger import entries_of_upheld
from clearing.line import Line, LineKind
from cowopass import clock
from cowopass.ledger.models import Dispute, SettlementLine
from cowopass.ledger.periods import Book, hold_months
from cowopass.ledger.rows import (
    LINE_COLUMNS,
    event_rows,
    line_of,
    new_line_id,
    write_entries,
    write_lines,
)

Standing = Literal["live", "withheld", "fallen"]


class Claim(NamedTuple):
    """A charge line, where it stands, and the line that withholds it, if one does."""

    line: Line
    standing: Standing
    withheld_by: Line | None = None


def claims_of(session: Session, check_in: str) -> list[Claim]:
    """Return the charges of a check-in in every ledger, oldest first, the fallen ones too."""
    rows = session.execute(
        select(*LINE_COLUMNS)
        .where(SettlementLine.check_in == check_in)
        .order_by(SettlementLine.number)
    )
    lines = [line_of(row) for row in rows]
    is_disputed = _has_open_dispute(session, check_in) if _any_withheld(lines) else False
    return [_claim(line, lines, is_disputed) for line in lines if line.kind == "charge"]


def withhold(session: Session, check_in: str) -> list[Line]:
    """Take the live charges of a check-in out of the positions while a dispute is open.

    Only in ledgers where their period is not locked; returns the lines that withhold them.
    """
    live = [claim.line for claim in claims_of(session, check_in) if claim.standing == "live"]
    books = _hold(session, live)
    lines = [
        _answer(line, "withheld", books)
        for line in live
        if books[line.network].lands_in(line.period)[0] == line.period
    ]
    write_lines(session, lines)
    return lines


def release(session: Session, check_in: str) -> None:
    """Put what is withheld of a check-in back into the positions: the dispute is refused."""
    held = [claim.withheld_by for claim in claims_of(session, check_in) if claim.withheld_by]
    books = _hold(session, held)
    write_lines(session, [_answer(line, "released", books) for line in held])


def take_back(session: Session, check_in: str) -> None:
    """End the charges of a check-in for good: a live one by a reversal, a withheld one as upheld.

    Call it before the dispute is closed: what was withheld then counts as fallen.
    """
    claims = claims_of(session, check_in)
    live = [claim.line for claim in claims if claim.standing == "live"]
    held = [claim.withheld_by for claim in claims if claim.withheld_by]
    books = _hold(session, [*live, *held])
    write_lines(session, [_answer(line, "reversal", books) for line in live])
    for line in held:
        _drop(session, line, books)


def _drop(session: Session, withheld: Line, books: Mapping[str, Book]) -> None:
    period, _ = books[withheld.network].lands_in(withheld.period)
    entries = entries_of_upheld(withheld)
    write_entries(
        session,
        event_rows(entries, withheld.network, period, "upheld", clock.now(), line_id=withheld.id),
    )


def _any_withheld(lines: Iterable[Line]) -> bool:
    return any(line.kind == "withheld" for line in lines)


def _has_open_dispute(session: Session, check_in: str) -> bool:
    found = session.scalar(
        select(Dispute.id).where(Dispute.check_in == check_in, Dispute.state == "open")
    )
    return found is not None


def _claim(charge: Line, lines: Iterable[Line], is_disputed: bool) -> Claim:  # noqa: FBT001 (a fact)
    answered = {(line.kind, line.reverses) for line in lines}
    if ("reversal", charge.id) in answered:
        return Claim(charge, "fallen")
    for line in lines:
        is_held = line.kind == "withheld" and line.reverses == charge.id
        if is_held and ("released", line.id) not in answered:
            return Claim(charge, "withheld", line) if is_disputed else Claim(charge, "fallen")
    return Claim(charge, "live")


def _hold(session: Session, lines: Iterable[Line]) -> Mapping[str, Book]:
    wanted = {(line.network, line.period) for line in lines}
    return hold_months(session, wanted) if wanted else {}


def _answer(line: Line, kind: LineKind, books: Mapping[str, Book]) -> Line:
    """Return the line that answers another: in its own period, or the open one once locked."""
    period, moved_from = books[line.network].lands_in(line.period)
    return line._replace(
        id=new_line_id(),
        period=period,
        kind=kind,
        reverses=line.id,
        late_from=line.late_from or moved_from,
        notes=() if moved_from is None else ("late",),
    )
