"""A month as documents tell it: what it comes to, what it rests on, and its lines one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clearing.document import MONTH_FORMAT, TOTALS_SHAPES
from clearing.line import Line
from cowopass.config import Config
from cowopass.ledger.models import SettlementLine
from cowopass.ledger.rows import LINE_COLUMNS, line_of
from cowopass.networks.agreements import agreement_to_json
from cowopass.networks.keys import list_keys, trusted
from cowopass.networks.models import Agreement, Network
from cowopass.settlement.months import ROWS_AT_ONCE, close_month, stored_totals
from cowopass.settlement.service import get_month
from cowopass.settlement.steps import Month
from wallet.keys import jwks


def describe_month(session: Session, config: Config, slug: str, month: str) -> dict[str, Any]:
    """Return an exported month (`cowopass-month/1`) without its lines, whose place is kept.

    A locked month is told as it was locked, another as its lines give it now. `jwks` has the
    network's public keys. Raises NetworkUnknown, MonthInvalid, and AgreementMissing for a month
    that is not locked and whose network has no agreement with itself.
    """
    found = get_month(session, slug, month)
    totals, plan = _figures(session, found)
    row = found.row
    return {
        "format": MONTH_FORMAT,
        "network": network_to_json(found.network),
        "period": month,
        "state": found.state,
        **{name: totals[name] for name in ("netting", "carry_forward_below_cents", "leaving")},
        "agreements": _agreements(session, totals["agreements"]),
        "lines": [],
        "totals": {name: totals[name] for name in TOTALS_SHAPES},
        "positions": _positions(totals),
        "plan": plan,
        "head": row.head if row else None,
        "previous_root": row.previous_root if row else None,
        "jwks": network_jwks(session, config, slug),
    }


def read_hashed_lines(session: Session, slug: str, month: str) -> Iterator[tuple[Line, bytes]]:
    """Yield a month's lines in leaf order with the hashes they were written with.

    A few thousand are in memory at a time.
    """
    rows = session.execute(
        select(*LINE_COLUMNS, SettlementLine.leaf_hash)
        .where(SettlementLine.network == slug, SettlementLine.period == month)
        .order_by(SettlementLine.number),
        execution_options={"yield_per": ROWS_AT_ONCE},
    )
    return ((line_of(row), row.leaf_hash) for row in rows)


def network_to_json(network: Network) -> dict[str, str]:
    """Return the field `network` of an exported month or a statement."""
    return {name: getattr(network, name) for name in ("slug", "name", "timezone", "currency")}


def network_jwks(session: Session, config: Config, slug: str) -> dict[str, Any]:
    """Return all public keys a network ever had, except the stolen ones, as a JWK Set.

    An old month's head was signed by a key that is no longer published for tickets.
    """
    return jwks(trusted(row, config) for row in list_keys(session, slug))


def _figures(session: Session, found: Month) -> tuple[dict[str, Any], dict[str, Any] | None]:
    if found.row is not None and found.row.locked_at is not None:
        return stored_totals(found.row), found.row.plan
    close = close_month(session, found.network.slug, found.month)
    return close.totals_json(), close.plan_json()


def _positions(totals: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "participant": participant,
            "amount_cents": amount_cents,
            "carried_in_cents": totals["carried_in"].get(participant, 0),
        }
        for participant, amount_cents in sorted(totals["positions"].items())
    ]


def _agreements(session: Session, ids: list[str]) -> list[dict[str, Any]]:
    rows = session.scalars(select(Agreement).where(Agreement.id.in_(ids)).order_by(Agreement.id))
    return [agreement_to_json(row) for row in rows]
