"""What each line of an exported month must bear out, alone and with the line it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from clearing.document import Finding, show_cents
from clearing.line import Line
from clearing.reading import Agreement, Meta
from clearing.replay import is_borne_by_host, revalue


def check_lines(meta: Meta, lines: Sequence[Line]) -> Iterator[Finding]:
    """Yield what is wrong with the lines of a month; their hashes are checked elsewhere.

    Liability caps cannot be replayed from one month's lines of one network, so a charge marked
    `liability_capped` may be anything up to what its agreement gives.
    """
    for line in lines:
        yield from check_place(line, meta.network["slug"], meta.period)
        if line.kind == "charge":
            yield from _check_month_of_visit(line)
            yield from _check_charge(line, meta.agreements)
        elif line.kind in ("carried", "write_off"):
            yield from _check_no_levy(line)
    yield from check_ids(lines)
    yield from _check_answers(lines)


def check_place(line: Line, network: str, period: str) -> Iterator[Finding]:
    """Yield a finding when a line belongs to another network or month, or to one participant."""
    if (line.network, line.period) != (network, period):
        yield Finding(
            "line_misplaced",
            line.id,
            f"the line is of {line.network} {line.period}, the document of {network} {period}",
        )
    if line.debtor == line.creditor:
        yield Finding("line_to_itself", line.id, f"{line.debtor} owes itself")
    if line.kind == "carried" and not (line.since and line.since < line.period):
        yield Finding(
            "carry_undated", line.id, f"it is carried into {line.period} since {line.since}"
        )


def check_ids(lines: Sequence[Line]) -> Iterator[Finding]:
    """Yield a finding for each id that more than one line has."""
    for line_id, number in Counter(line.id for line in lines).items():
        if number > 1:
            yield Finding("id_repeated", line_id, f"{number} lines have this id")


def _check_month_of_visit(line: Line) -> Iterator[Finding]:
    if line.late_from is not None and line.late_from >= line.period:
        yield Finding("late_line_early", line.id, f"it is late from {line.late_from}")
    elif line.on is not None and line.on[:7] != (line.late_from or line.period):
        yield Finding(
            "visit_misplaced",
            line.id,
            f"the visit of {line.on} counts in {line.period} and is not marked late from its month",
        )


def _check_charge(line: Line, agreements: Mapping[str, Agreement]) -> Iterator[Finding]:
    if is_borne_by_host(line):
        yield from _check_no_levy(line)
        return
    agreement = agreements.get(line.agreement or "")
    if agreement is None:
        yield Finding(
            "agreement_unknown", line.id, f"its agreement, {line.agreement}, is not in the document"
        )
        return
    if line.on is not None and line.on[:7] < agreement.effective_from:
        yield Finding(
            "agreement_not_in_force",
            line.id,
            f"{line.agreement} starts in {agreement.effective_from}, the visit was on {line.on}",
        )
    yield from _check_amounts(line, agreement)


def _check_amounts(line: Line, agreement: Agreement) -> Iterator[Finding]:
    # What is left of a cap is unknown, but a capped charge is all that was left.
    room_cents = line.amount_cents if "liability_capped" in line.notes else None
    valuation = revalue(line, agreement.terms, room_cents)
    if valuation is None:
        yield Finding(
            "charge_without_prices", line.id, "it lacks the unit or the prices it is valued from"
        )
    elif line.amount_cents != valuation.charge_cents:
        yield Finding(
            "charge_differs",
            line.id,
            f"the charge is {show_cents(line.amount_cents)}, "
            f"{line.agreement} gives {show_cents(valuation.charge_cents)}",
        )
    elif line.levy_cents != valuation.levy_cents:
        yield Finding(
            "levy_differs",
            line.id,
            f"the levy is {show_cents(line.levy_cents)}, "
            f"{line.agreement} gives {show_cents(valuation.levy_cents)}",
        )


def _check_no_levy(line: Line) -> Iterator[Finding]:
    if line.levy_cents:
        yield Finding(
            "levy_differs",
            line.id,
            f"the levy is {show_cents(line.levy_cents)}, where there can be none",
        )


def _check_answers(lines: Sequence[Line]) -> Iterator[Finding]:
    """Check the lines that take a charge back, or release it, against the charge they name.

    The charge may be of an earlier month, and then not in the document.
    """
    by_id = {line.id: line for line in lines}
    answers = [line for line in lines if line.kind in ("reversal", "withheld", "released")]
    taken_back: Counter[str] = Counter()
    reversed_times: Counter[str] = Counter()
    for line in answers:
        yield from _check_answer(line, by_id)
        charge_id = _charge_of(line, by_id)
        taken_back[charge_id] += -1 if line.kind == "released" else 1
        reversed_times[charge_id] += line.kind == "reversal"
    for charge_id, times in taken_back.items():
        # A charge of an earlier month may have been withheld there, and released here.
        fewest = 0 if charge_id in by_id else -1
        if times > 1 or reversed_times[charge_id] > 1:
            yield Finding("taken_back_twice", charge_id, "the charge is taken back more than once")
        elif times < fewest:
            yield Finding("released_unheld", charge_id, "the charge is released, never withheld")


def _check_answer(line: Line, by_id: Mapping[str, Line]) -> Iterator[Finding]:
    named = by_id.get(line.reverses or "")
    if named is None:
        of_this_month = line.late_from is None and (line.on or "")[:7] == line.period
        if line.reverses is None or of_this_month:
            yield Finding(
                "reverses_unknown", line.id, f"it answers {line.reverses}, no line of this month"
            )
    elif named.kind not in ("charge", "withheld"):
        yield Finding(
            "reverses_no_charge", line.id, f"it answers {line.reverses}, a {named.kind} line"
        )
    elif _moves(named) != _moves(line):
        yield Finding(
            "mirror_differs",
            line.id,
            f"it answers {line.reverses} but differs in debtor, creditor, amount or levy",
        )


def _charge_of(line: Line, by_id: Mapping[str, Line]) -> str:
    """Return the id of the charge a line answers: directly, or by the line that withheld it."""
    named = by_id.get(line.reverses or "")
    if named is not None and named.kind == "withheld" and named.reverses is not None:
        return named.reverses
    return line.reverses or ""


def _moves(line: Line) -> tuple[str, str, int, int]:
    return line.debtor, line.creditor, line.amount_cents, line.levy_cents
