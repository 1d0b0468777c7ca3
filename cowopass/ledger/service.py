"""Writing the ledger: a charge for each visit away from home, and what takes it back.

Nothing is ever edited. A line is written with its leaf hash and its entries, in the period that
is open to it; what was wrong is answered by another line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from clearing.line import Line, Unit
from clearing.period import month_of
from clearing.valuation import Valuation
from cowopass.ledger.claims import take_back
from cowopass.ledger.disputes import close_dispute, open_dispute_of
from cowopass.ledger.periods import Book, Landing, ensure_period, hold_months
from cowopass.ledger.rows import new_line_id, pseudonym, write_lines

__all__ = ["Charge", "ensure_period", "post_charge", "post_charges", "reverse_charges"]


class Charge(NamedTuple):
    """One visit away from home, valued: what the home owes the host.

    `home` and `host` are spaces, `home_network` and `host_network` their networks. `on` is the
    visit's local day. `monthly_price_cents` is what the pass costs a month where the plan's payout
    is capped, else None. `notes` are stable words: `overused`, `override`, `extended`, `imported`,
    `offline`; `late` and `liability_capped` are added here.
    """

    check_in: str
    on: date
    unit: Unit
    golden: bool
    home: str
    home_network: str
    host: str
    host_network: str
    pass_id: str
    valuation: Valuation
    monthly_price_cents: int | None
    agreement: str
    notes: tuple[str, ...] = ()


def post_charge(session: Session, charge: Charge) -> str:
    """Write a charge and return its line's id in the host network's ledger.

    Three statements, once the month has its row: hold the periods, write the lines, write the
    entries. Between two networks there is a line in each ledger. Raises NetworkUnknown.
    """
    return post_charges(session, [charge])[charge.check_in]


def post_charges(session: Session, charges: Sequence[Charge]) -> dict[str, str]:
    """Write many charges in order; return each line's id in the host's ledger, by check-in."""
    if not charges:
        return {}
    books = hold_months(
        session,
        {
            (network, month_of(charge.on))
            for charge in charges
            for network in (charge.host_network, charge.home_network)
        },
    )
    lines = [line for charge in charges for line in _lines_of(charge, books)]
    write_lines(session, lines)
    hosts = {charge.check_in: charge.host_network for charge in charges}
    return {
        line.check_in: line.id
        for line in lines
        if line.check_in is not None and line.network == hosts[line.check_in]
    }


def reverse_charges(session: Session, check_in: str) -> None:
    """Take the charge of a check-in back, in both ledgers if it has two; no charge is no error.

    In the visit's own period while that is unlocked, else in the open one. What a dispute withholds
    falls for good instead, and an open dispute is closed as upheld: it got what it asked for.
    """
    dispute = open_dispute_of(session, check_in)
    take_back(session, check_in)
    if dispute is not None:
        close_dispute(dispute, "upheld", "The check-in was taken back.")


def _lines_of(charge: Charge, books: Mapping[str, Book]) -> Iterable[Line]:
    """Yield the line of each ledger: the host network's, then the home's if it is another.

    Another network stands in for its space as a correspondent. The levy is the host network's.
    """
    here, there = charge.host_network, charge.home_network
    debtor = charge.home if here == there else there
    levy_cents = charge.valuation.levy_cents
    yield _line(charge, books, here, debtor=debtor, creditor=charge.host, levy_cents=levy_cents)
    if here != there:
        yield _line(charge, books, there, debtor=charge.home, creditor=here, levy_cents=0)


def _line(
    charge: Charge,
    books: Mapping[str, Book],
    network: str,
    *,
    debtor: str,
    creditor: str,
    levy_cents: int,
) -> Line:
    landing = books[network].landing(month_of(charge.on))
    valuation = charge.valuation
    return Line(
        id=new_line_id(),
        network=network,
        period=landing.period,
        kind="charge",
        debtor=debtor,
        creditor=creditor,
        amount_cents=valuation.charge_cents,
        levy_cents=levy_cents,
        home=charge.home,
        host=charge.host,
        on=charge.on.isoformat(),
        unit=charge.unit,
        visit="golden" if charge.golden else "normal",
        pseudonym=pseudonym(landing.pseudonym_key, charge.pass_id),
        host_price_cents=valuation.host_price_cents,
        pass_value_cents=valuation.pass_value_cents,
        top_up_cents=valuation.top_up_cents,
        monthly_price_cents=charge.monthly_price_cents,
        agreement=charge.agreement,
        check_in=charge.check_in,
        late_from=landing.late_from,
        notes=_notes(charge, landing),
    )


def _notes(charge: Charge, landing: Landing) -> tuple[str, ...]:
    notes = list(charge.notes)
    if charge.valuation.capped:
        notes.append("liability_capped")
    if landing.late_from is not None:
        notes.append("late")
    return tuple(dict.fromkeys(notes))
