"""The kept entries of a network, with what each was matched to or may be of."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.bank.matched import know, left_of
from cowopass.bank.matching import Finding, examine
from cowopass.bank.models import BankEntry, BankMatch
from cowopass.errors import NetworkUnknown
from cowopass.networks.models import Network
from cowopass.settlement.models import Payment

MOST = 500
"""How many entries are listed: more belong to years that are settled."""


class Shown(NamedTuple):
    """An entry, the payments or bounces it shows, and what it, or its surplus, may be of."""

    entry: BankEntry
    payments: list[Payment]
    options: list[Finding]

    def document(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        entry = self.entry
        names = (
            "id",
            "account",
            "booked_on",
            "amount_cents",
            "name",
            "iban",
            "texts",
            "is_return",
            "reason",
            "state",
            "surplus_cents",
        )
        return {
            **{name: getattr(entry, name) for name in names},
            "transfers": [payment.transfer_id for payment in self.payments],
            "options": [option._asdict() for option in self.options],
        }


def list_entries(session: Session, slug: str, state: str | None = None) -> list[Shown]:
    """Return the kept entries of a network, the latest first. Raises NetworkUnknown."""
    network = session.get(Network, slug)
    if network is None:
        raise NetworkUnknown(slug)
    statement = select(BankEntry).where(BankEntry.network == slug)
    if state is not None:
        statement = statement.where(BankEntry.state == state)
    latest = statement.order_by(BankEntry.booked_on.desc(), BankEntry.id).limit(MOST)
    entries = session.scalars(latest).all()
    payments = _payments_by_entry(session, [entry.id for entry in entries])
    world = know(session, network)
    return [
        Shown(
            entry,
            payments.get(entry.id, []),
            examine(left_of(entry, world), world) if is_to_look_at(entry) else [],
        )
        for entry in entries
    ]


def is_to_look_at(entry: BankEntry) -> bool:
    """Say whether an entry waits for a person: open, or with a surplus."""
    return entry.state == "open" or (entry.state == "matched" and entry.surplus_cents > 0)


def _payments_by_entry(session: Session, entries: list[str]) -> dict[str, list[Payment]]:
    rows = session.execute(
        select(BankMatch.entry_id, Payment)
        .join(Payment, Payment.id == BankMatch.payment_id)
        .where(BankMatch.entry_id.in_(entries))
        .order_by(Payment.recorded_at, Payment.id)
    )
    found: dict[str, list[Payment]] = {}
    for entry, payment in rows:
        found.setdefault(entry, []).append(payment)
    return found
