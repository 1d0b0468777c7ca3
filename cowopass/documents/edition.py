"""What the documents of a month are made of, as one short word: made of the same, none is new."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import NamedTuple

from flask_babel import force_locale
from sqlalchemy import func, select

from cowopass import clock
from cowopass.documents.kinds import KINDS, Bench, Wanted
from cowopass.documents.parties import Party, read_parties
from cowopass.ledger.models import SettlementLine

FORM = 1
"""Counted up when documents come to look different, so that they are made anew."""


class Edition(NamedTuple):
    """What final documents are made of, and what those that follow the payments are made of."""

    final: str
    payments: str

    def of(self, wanted: Wanted) -> str:
        """Return what a document is made of."""
        return self.final if KINDS[wanted.kind].is_final else self.payments


def read_edition(bench: Bench) -> Edition:
    """Return the edition of a month's documents as they would be made now.

    It changes with the lines of a draft, and for good and all with names, colours, accounts; that
    of payments with what is paid, and each day, since banks want the day in the file.
    """
    found = bench.found
    today = clock.today(found.network.timezone)
    with force_locale("fr"):
        parties = read_parties(bench.session, bench.network)
    said = [
        FORM,
        found.network.name,
        found.row.head if found.row else None,
        None if bench.is_locked else [str(today), _last_line(bench)],
        [_said(party) for party in parties.values()],
    ]
    paid = [str(today), [list(due) for due in found.dues]]
    return Edition(_digest(said), _digest([said, paid]))


def _said(party: Party) -> list[object]:
    """Return what documents say of a party, and what they say of who stands behind it."""
    legal = party.legal
    columns = legal.__table__.columns if legal is not None else ()
    return [
        party.slug,
        party.name,
        party.weave,
        party.colours,
        [str(getattr(legal, column.name)) for column in columns],
        [[str(vat.effective_from), vat.regime] for vat in legal.vat] if legal is not None else [],
    ]


def _last_line(bench: Bench) -> int:
    last = bench.session.scalar(
        select(func.max(SettlementLine.number)).where(
            SettlementLine.network == bench.network, SettlementLine.period == bench.month
        )
    )
    return last or 0


def _digest(said: object) -> str:
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]
