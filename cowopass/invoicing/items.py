"""What one charge makes somebody invoice, and which of it a month brings. Pure.

A charge has two sides: the host invoices the home for the visit, and the fund's holder invoices
the host for the levy. Each side is invoiced once, taken back once, and invoiced anew only when its
VAT was wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from clearing.line import FUND, TAKES_BACK, Line

ANSWERS = frozenset({"reversal", "withheld", "released"})
"""Kinds of lines that answer a charge: each takes it back, or puts it back."""

Side = tuple[str, bool]
"""A charge's id, and whether its levy is meant rather than the visit."""


@dataclass(frozen=True)
class Item:
    """One side of a charge: `issuer` invoices `recipient`, both spaces or the fund.

    `charge` is the id of the charge's line. `amount_cents` includes tax: the charge, or its levy.
    `on` is the visit's local day; `since` is the month the charge counted in (YYYY-MM).
    """

    charge: str
    issuer: str
    recipient: str
    on: date
    unit: str
    visit: str
    pseudonym: str
    amount_cents: int
    charge_cents: int
    since: str

    @property
    def side(self) -> Side:
        """Return what tells this side from all others."""
        return self.charge, self.issuer == FUND


class Change(NamedTuple):
    """What a month does to a charge: it brings it (+1), takes it back (-1), or both (0)."""

    line: Line
    sign: int


Outcome = Literal["invoice", "credit", "credit_unnumbered", "none"]


class Covered(NamedTuple):
    """What invoices have said of a side so far: the last number, and whether it still stands."""

    number: str
    is_live: bool


def changes_of(lines: Iterable[Line], answered: Mapping[str, Line]) -> list[Change]:
    """Return what a month does to each charge that its lines are about, in their order.

    `answered` are the lines of earlier months that lines of this one answer, by id. What is
    charged and taken back, or charged and withheld, within the month comes to nothing.
    """
    known = dict(answered)
    signs: dict[str, int] = {}
    charges: dict[str, Line] = {}
    for line in lines:
        known[line.id] = line
        charge = _charge_of(line, known)
        charges[charge.id] = charge
        sign = -1 if line.kind in TAKES_BACK else 1
        signs[charge.id] = signs.get(charge.id, 0) + sign
    return [Change(charges[charge], sign) for charge, sign in signs.items() if sign]


def items_of(charge: Line) -> Iterator[Item]:
    """Yield the sides of a charge that are above zero; a free visit makes no invoice."""
    if charge.home is None or charge.host is None or charge.on is None:
        raise ValueError(f"the charge {charge.id} does not say who visited whom, and when")
    sides = (
        (charge.host, charge.home, charge.amount_cents),
        (FUND, charge.host, charge.levy_cents),
    )
    for issuer, recipient, amount_cents in sides:
        if amount_cents:
            yield Item(
                charge=charge.id,
                issuer=issuer,
                recipient=recipient,
                on=date.fromisoformat(charge.on),
                unit=charge.unit or "day",
                visit=charge.visit or "normal",
                pseudonym=charge.pseudonym or "",
                amount_cents=amount_cents,
                charge_cents=charge.amount_cents,
                since=charge.period,
            )


def outcome_of(sign: int, covered: Covered | None) -> Outcome:
    """Return what a month's change asks for, given what invoices have said of the side.

    A charge that was invoiced is not invoiced again, whatever became of it: only the month that
    takes it back credits it, and only while it stands.
    """
    if sign > 0:
        return "none" if covered else "invoice"
    if covered is None:
        return "credit_unnumbered"
    return "credit" if covered.is_live else "none"


def _charge_of(line: Line, known: Mapping[str, Line]) -> Line:
    """Return the charge that a line answers, through the line that withheld it if there is one."""
    while line.kind in ANSWERS:
        if line.reverses is None:
            raise ValueError(f"the line {line.id} does not say what it answers")
        line = known[line.reverses]
    return line
