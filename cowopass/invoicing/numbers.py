"""Numbers of invoices: one series for each issuer and year, without a gap."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import update
from sqlalchemy.orm import Session

from clearing.line import FUND
from cowopass.database import insert_or_ignore
from cowopass.invoicing.models import InvoiceCounter

LONGEST_PREFIX = 22
"""So that a number fits into the 35 characters that electronic invoicing allows in France."""


def take_numbers(session: Session, network: str, issuer: str, year: int, count: int) -> int:
    """Return the first of `count` numbers that follow each other in an issuer's series.

    The series is held until the transaction ends: who takes the next ones waits, and what is
    rolled back leaves no gap.
    """
    row = {"network": network, "issuer": issuer, "year": year, "last": 0}
    insert_or_ignore(session, InvoiceCounter, [row])
    last = session.scalars(
        update(InvoiceCounter)
        .where(
            InvoiceCounter.network == network,
            InvoiceCounter.issuer == issuer,
            InvoiceCounter.year == year,
        )
        .values(last=InvoiceCounter.last + count)
        .returning(InvoiceCounter.last)
        .execution_options(synchronize_session=False)
    ).one()
    return last - count + 1


def number_of(network: str, issuer: str, year: int, sequence: int) -> str:
    """Return a number as it stands on an invoice; no other issuer of the instance has it.

    >>> number_of("sainte", "comptoir", 2026, 7), number_of("sainte", "fund", 2026, 12)
    ('COMPTOIR-2026-000007', 'CAISSE_SAINTE-2026-000012')
    """
    return f"{_prefix(network, issuer)}-{year}-{sequence:06}"


def _prefix(network: str, issuer: str) -> str:
    """Return the start of an issuer's numbers. No slug has an underscore, so a fund's is its own.

    >>> _prefix("sainte", "la-tres-longue-maison-des-projets")
    'LA-TRES-LONGUE-MA-4FD2'
    """
    name = f"caisse_{network}" if issuer == FUND else issuer
    if len(name) > LONGEST_PREFIX:
        name = f"{name[: LONGEST_PREFIX - 5].rstrip('-')}-{sha256(name.encode()).hexdigest()[:4]}"
    return name.upper()
