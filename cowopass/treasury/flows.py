"""Who owes whom for the visits of a month: the exact table, and what the chord is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext

from cowopass.treasury.participants import Participant
from cowopass.web.formats import amount


class Flow(NamedTuple):
    """A cell of the table, in cents; `shade` is 1 to 3 by its share of the largest, 0 for none."""

    debtor: Participant
    creditor: Participant
    cents: int
    shade: int


class Flows(NamedTuple):
    """The table: a row a debtor, with what she owes in all; below, what each creditor receives."""

    parties: list[Participant]
    rows: list[tuple[Participant, list[Flow], int]]
    received_cents: list[int]
    total_cents: int


def table_of(
    owed: Mapping[tuple[str, str], int], parties: Mapping[str, Participant], always: list[str]
) -> Flows:
    """Return the table of what is owed; `always` are those who have a row in every month."""
    named = {slug for pair in owed for slug in pair}
    order = [*always, *sorted(named - set(always))]
    largest = max((abs(cents) for cents in owed.values()), default=0)

    def flow(debtor: str, creditor: str) -> Flow:
        cents = owed.get((debtor, creditor), 0)
        shade = -(-3 * abs(cents) // largest) if cents else 0
        return Flow(parties[debtor], parties[creditor], cents, shade)

    rows = [(parties[debtor], [flow(debtor, creditor) for creditor in order]) for debtor in order]
    received = [sum(owed.get((debtor, creditor), 0) for debtor in order) for creditor in order]
    return Flows(
        [parties[slug] for slug in order],
        [(party, cells, sum(cell.cents for cell in cells)) for party, cells in rows],
        received,
        sum(received),
    )


def chord_of(flows: Flows, currency: str) -> dict[str, Any]:
    """Return what the chord is drawn from: the table in cents, and the words on its parts.

    A flow that only takes back what an earlier month counted has no width; the table has it.
    """
    return {
        "parties": [party._asdict() for party in flows.parties],
        "matrix": [[max(cell.cents, 0) for cell in cells] for _, cells, _ in flows.rows],
        "sentences": [[sentence(cell, currency) for cell in cells] for _, cells, _ in flows.rows],
        "totals": [amount(owed_cents, currency) for _, _, owed_cents in flows.rows],
    }


def sentence(flow: Flow, currency: str) -> str:
    """Say a cell aloud."""
    return str(
        gettext(
            "%(debtor)s doit %(amount)s à %(creditor)s",
            debtor=flow.debtor.name,
            amount=amount(flow.cents, currency),
            creditor=flow.creditor.name,
        )
    )
