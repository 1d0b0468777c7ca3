"""Forgetting whom bank statements name: an account has more than transfers of the network."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from cowopass.bank.models import BankEntry, BankFile


def forget_old_entries(session: Session, before: datetime) -> int:
    """Blank whom the entries of bank statements imported before an instant name; return how many.

    Their amounts, days and fingerprints stay: a file that is imported again still brings nothing.
    """
    old = select(BankFile.id).where(BankFile.imported_at < before)
    named = or_(BankEntry.name != "", BankEntry.iban != "", BankEntry.reason != "")
    blanked = session.scalars(
        update(BankEntry)
        .where(BankEntry.file_id.in_(old), named)
        .values(texts=[], name="", iban="", reason="")
        .returning(BankEntry.id)
    ).all()
    session.execute(
        update(BankFile).where(BankFile.imported_at < before, BankFile.name != "").values(name="")
    )
    return len(blanked)
