"""The same payment on two bank statements: its creditor's and its debtor's. It counts once."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from cowopass.bank.matching import Known, find_references
from cowopass.bank.models import BankEntry, BankMatch
from cowopass.settlement.models import Payment

NEAR = timedelta(days=7)
"""How far apart two banks, or a bank and a treasurer, may date the same payment."""


def pair(session: Session, entry: BankEntry, world: Known) -> bool:
    """Let an open entry be the twin of the one that tells of the same payment, if there is one.

    What this one says of it is added there, for one bank tells more than another; and this one's
    account is the other side's.
    """
    twin = None if _has_twin(session, entry) else _find_twin(session, entry, world)
    if twin is None:
        return False
    entry.state, entry.twin_id = "twin", twin.id
    twin.texts = list(dict.fromkeys([*twin.texts, *entry.texts]))
    twin.iban = entry.account
    session.flush()
    return True


def _has_twin(session: Session, entry: BankEntry) -> bool:
    statement = select(BankEntry.id).where(BankEntry.twin_id == entry.id)
    return session.scalar(statement) is not None


def _find_twin(session: Session, entry: BankEntry, world: Known) -> BankEntry | None:
    """Return the entry by which the other side's bank told of the same payment, the nearest one."""
    other = aliased(BankEntry)
    candidates = session.scalars(
        select(BankEntry)
        .join(other, other.twin_id == BankEntry.id, isouter=True)
        .where(
            BankEntry.network == entry.network,
            BankEntry.id != entry.id,
            BankEntry.account != entry.account,
            BankEntry.amount_cents == -entry.amount_cents,
            BankEntry.state.in_(("open", "matched")),
            BankEntry.booked_on.between(entry.booked_on - NEAR, entry.booked_on + NEAR),
            other.id.is_(None),
        )
    ).all()
    found = [each for each in candidates if _is_same(session, entry, each, world)]
    found.sort(key=lambda each: (abs(each.booked_on - entry.booked_on), each.id))
    return found[0] if found else None


def _is_same(session: Session, entry: BankEntry, other: BankEntry, world: Known) -> bool:
    """Say whether two entries of the same amount, one in and one out, are one payment.

    One that came back before the other was booked is not: the payer has tried again.
    """
    one = find_references(entry.texts, world.references)
    two = find_references(other.texts, world.references)
    if one and two:
        is_same = one == two
    else:
        is_same = entry.iban == other.account or other.iban == entry.account
    back_on = _came_back_on(session, other)
    return is_same and (back_on is None or entry.booked_on <= back_on)


def _came_back_on(session: Session, entry: BankEntry) -> date | None:
    """Return the day on which what an entry paid was given back, None when it stands."""
    bounce = aliased(Payment)
    return session.scalar(
        select(bounce.paid_on)
        .join(BankMatch, BankMatch.payment_id == bounce.reverses_id)
        .where(BankMatch.entry_id == entry.id)
        .limit(1)
    )
