"""A space's statement of a month: its own lines, each with the proof that it is in the month."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal, TextIO

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from clearing.document import LOCKED
from clearing.line import FUND, Line, effects
from clearing.merkle import proofs_in, tree_levels
from clearing.netting import Plan, Transfer
from clearing.statement import Header, ProvenLine, make_statement
from cowopass.config import Config
from cowopass.csvfile import write_table
from cowopass.documents.jsonfile import write_document
from cowopass.documents.month import network_jwks, network_to_json
from cowopass.errors import SpaceUnknown
from cowopass.ledger.models import SettlementLine
from cowopass.ledger.rows import LINE_COLUMNS, line_of
from cowopass.networks.models import Network
from cowopass.settlement.months import ROWS_AT_ONCE
from cowopass.settlement.service import get_month
from cowopass.settlement.steps import Month
from cowopass.spaces.models import Space

TextFormat = Literal["json", "csv"]

CSV_COLUMNS = (
    "on",
    "kind",
    "home",
    "host",
    "unit",
    "visit",
    "pseudonym",
    "effect_cents",
    "amount_cents",
    "levy_cents",
    "host_price_cents",
    "pass_value_cents",
    "top_up_cents",
    "agreement",
    "late_from",
    "since",
    "notes",
    "check_in",
    "id",
    "reverses",
    "index",
    "leaf_hash",
)
"""The columns of a statement as CSV; `effect_cents` adds up to the position."""


class Statements:
    """The statements of one month: what they share is read once, however many are asked for.

    Making one raises NetworkUnknown and MonthInvalid.
    """

    def __init__(self, session: Session, config: Config, slug: str, month: str) -> None:
        self._session = session
        self._config = config
        self.found: Month = get_month(session, slug, month)

    def read(self, participant: str) -> dict[str, Any]:
        """Return the statement (`cowopass-statement/1`) of a space, the fund or another network.

        With the signed head and proofs once the month is locked; before that it is a draft. `jwks`
        has the network's public keys. Raises SpaceUnknown.
        """
        found = self.found
        _check_participant(self._session, found.network.slug, participant)
        head = found.row.head if found.row else None
        header = Header(network_to_json(found.network), found.month, found.state, head)
        statement = make_statement(header, participant, self._lines(participant), self._plan)
        return {**statement, "jwks": self._jwks}

    def _lines(self, participant: str) -> list[ProvenLine]:
        rows = self._session.execute(
            select(*LINE_COLUMNS, SettlementLine.number)
            .where(
                SettlementLine.network == self.found.network.slug,
                SettlementLine.period == self.found.month,
                _concerns(participant),
            )
            .order_by(SettlementLine.number)
        ).all()
        numbers, levels = self._tree
        places = [bisect_left(numbers, row.number) for row in rows]
        is_locked = self.found.state in LOCKED
        proofs = proofs_in(levels, places) if is_locked else [[] for _ in places]
        return [
            ProvenLine(line_of(row), place, proof)
            for row, place, proof in zip(rows, places, proofs, strict=True)
        ]

    @cached_property
    def _tree(self) -> tuple[array[int], list[Sequence[bytes]]]:
        """The row numbers of the month's lines, in leaf order, and the tree over their hashes."""
        numbers, hashes = _read_leaves(self._session, self.found.network.slug, self.found.month)
        return numbers, tree_levels(hashes) if self.found.state in LOCKED else []

    @cached_property
    def _plan(self) -> Plan | None:
        return _locked_plan(self.found)

    @cached_property
    def _jwks(self) -> dict[str, Any]:
        return network_jwks(self._session, self._config, self.found.network.slug)


def read_statement(
    session: Session, config: Config, slug: str, month: str, participant: str
) -> dict[str, Any]:
    """Return one statement (`Statements.read`).

    Raises NetworkUnknown, MonthInvalid and SpaceUnknown.
    """
    return Statements(session, config, slug, month).read(participant)


def write_statement(stream: TextIO, statement: dict[str, Any], form: TextFormat) -> None:
    """Write a statement to a stream that does not translate line ends."""
    if form == "csv":
        _write_csv(stream, statement)
    else:
        write_document(stream, statement, statement["lines"])


def _write_csv(stream: TextIO, statement: dict[str, Any]) -> None:
    """Write a statement's lines, each with what it adds to the position, in cents."""
    participant = statement["space"]
    rows = ({**row, "effect_cents": _effect_cents(row, participant)} for row in statement["lines"])
    write_table(stream, CSV_COLUMNS, rows)


def _check_participant(session: Session, slug: str, participant: str) -> None:
    space = session.get(Space, participant)
    is_ours = space is not None and space.network == slug
    is_correspondent = participant != slug and session.get(Network, participant) is not None
    if not (is_ours or is_correspondent or participant == FUND):
        raise SpaceUnknown(participant)


def _concerns(participant: str) -> ColumnElement[bool]:
    """Return the condition of `clearing.statement.concerns`."""
    is_party = or_(SettlementLine.debtor == participant, SettlementLine.creditor == participant)
    return or_(is_party, SettlementLine.levy_cents > 0) if participant == FUND else is_party


def _read_leaves(session: Session, slug: str, month: str) -> tuple[array[int], list[bytes]]:
    """Return the row numbers and the leaf hashes of a month, in leaf order."""
    numbers, hashes = array("q"), []
    rows = session.execute(
        select(SettlementLine.number, SettlementLine.leaf_hash)
        .where(SettlementLine.network == slug, SettlementLine.period == month)
        .order_by(SettlementLine.number),
        execution_options={"yield_per": ROWS_AT_ONCE},
    )
    for number, leaf_hash in rows:
        numbers.append(number)
        hashes.append(leaf_hash)
    return numbers, hashes


def _locked_plan(found: Month) -> Plan | None:
    stored = found.row.plan if found.row is not None else None
    if stored is None:
        return None
    made, carried = (
        tuple(Transfer(**{"since": found.month, **row}) for row in stored[name])
        for name in ("transfers", "carried")
    )
    alternative = stored["alternative"]
    return Plan(stored["method"], made, carried, alternative["method"], alternative["transfers"])


def _effect_cents(row: dict[str, Any], participant: str) -> int:
    fields = {name: row[name] for name in Line._fields}
    return sum(cents for name, cents in effects(Line(**fields)) if name == participant)
