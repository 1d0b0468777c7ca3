"""Writing down what a bank entry shows: payments, and payments that came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.bank.matching import Finding, allocate
from cowopass.bank.models import BankEntry, BankMatch
from cowopass.bank.twins import NEAR
from cowopass.networks.models import Network
from cowopass.settlement.models import Payment
from cowopass.settlement.payments import Bill, payments_of, record_bounce, record_payment
from cowopass.settlement.transfers import dues_of_network


def record_finding(
    session: Session, network: Network, entry: BankEntry, finding: Finding
) -> Literal["matched", "bounced"] | None:
    """Record what an entry shows; None when it takes back a payment that nobody recorded."""
    if finding.is_bounce:
        return "bounced" if _take_back(session, network, entry, finding.transfers) else None
    _pay(session, network, entry, finding.transfers)
    return "matched"


def transfers_of(session: Session, entry: BankEntry) -> list[str]:
    """Return the transfers of the payments that an entry shows."""
    return list(
        session.scalars(
            select(Payment.transfer_id)
            .join(BankMatch, BankMatch.payment_id == Payment.id)
            .where(BankMatch.entry_id == entry.id)
        )
    )


def _pay(session: Session, network: Network, entry: BankEntry, transfers: Sequence[str]) -> None:
    """Record the payments that an entry shows; what a treasurer noted before is linked to it."""
    cents = entry.surplus_cents or abs(entry.amount_cents)
    dues = dues_of_network(session, network.slug)
    for payment in _noted(session, entry, transfers):
        is_whole = payment.amount_cents == cents
        if is_whole or (
            payment.amount_cents < cents and not dues[payment.transfer_id][1].left_cents
        ):
            session.add(BankMatch(payment_id=payment.id, entry_id=entry.id))
            cents -= payment.amount_cents
    shares, surplus_cents = allocate(cents, [dues[transfer][1] for transfer in transfers])
    paid_on = min(entry.booked_on, clock.today(network.timezone))
    for transfer, share in shares:
        bill = Bill(network.slug, dues[transfer][0], transfer)
        recorded = record_payment(session, bill, share, paid_on)
        session.add(BankMatch(payment_id=recorded.payment.id, entry_id=entry.id))
    entry.state, entry.surplus_cents = "matched", surplus_cents
    session.flush()


def _noted(session: Session, entry: BankEntry, transfers: Sequence[str]) -> list[Payment]:
    """Return payments near in time that were noted by hand, and that no entry shows so far."""
    payments = payments_of(session, transfers)
    taken_back = {payment.reverses_id for payment in payments}
    shown = _shown(session, (payment.id for payment in payments))
    return [
        payment
        for payment in payments
        if payment.kind == "payment"
        and payment.id not in taken_back
        and payment.id not in shown
        and abs(payment.paid_on - entry.booked_on) <= NEAR
    ]


def _take_back(
    session: Session, network: Network, entry: BankEntry, transfers: Sequence[str]
) -> bool:
    """Record that the payments an earlier entry showed came back; say whether there are any."""
    payments = _payments_to_take_back(session, entry, transfers)
    if not payments:
        return False
    dues = dues_of_network(session, network.slug)
    bounced_on = min(entry.booked_on, clock.today(network.timezone))
    reason = entry.reason or "returned by the bank"
    for payment in payments:
        month = dues[payment.transfer_id][0]
        bounce = record_bounce(session, network.slug, month, payment.id, bounced_on, reason)
        session.add(BankMatch(payment_id=bounce.payment.id, entry_id=entry.id))
    for shown in _entries_of(session, (payment.id for payment in payments)):
        shown.surplus_cents = 0
    entry.state = "matched"
    session.flush()
    return True


def _payments_to_take_back(
    session: Session, entry: BankEntry, transfers: Sequence[str]
) -> list[Payment]:
    """Return the latest payments of some transfers that come to what an entry gives back.

    Those of one earlier entry, with its surplus, come back together; else one noted by hand.
    """
    cents = abs(entry.amount_cents)
    payments = payments_of(session, transfers)
    taken_back = {payment.reverses_id for payment in payments}
    standing = [
        payment
        for payment in payments
        if payment.kind == "payment"
        and payment.id not in taken_back
        and payment.paid_on <= entry.booked_on
    ]
    for shown in _entries_of(session, (payment.id for payment in standing)):
        if abs(shown.amount_cents) == cents and shown.id != entry.id:
            ids = set(
                session.scalars(select(BankMatch.payment_id).where(BankMatch.entry_id == shown.id))
            )
            return [session.get_one(Payment, payment_id) for payment_id in sorted(ids)]
    by_hand = [payment for payment in standing if payment.amount_cents == cents]
    return by_hand[-1:]


def _shown(session: Session, payments: Iterable[str]) -> set[str]:
    where = BankMatch.payment_id.in_(list(payments))
    return set(session.scalars(select(BankMatch.payment_id).where(where)))


def _entries_of(session: Session, payments: Iterable[str]) -> list[BankEntry]:
    """Return the entries that show some payments, the latest first."""
    shows = select(BankMatch.entry_id).where(BankMatch.payment_id.in_(list(payments)))
    entries = select(BankEntry).where(BankEntry.id.in_(shows))
    return list(session.scalars(entries.order_by(BankEntry.booked_on.desc(), BankEntry.id)))
