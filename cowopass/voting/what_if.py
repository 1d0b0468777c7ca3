"""What the last months would have been under a proposed rule: all vote on the same figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cowopass.errors import AgreementMissing
from cowopass.ledger.models import SettlementLine
from cowopass.ledger.periods import open_month
from cowopass.networks.models import Network
from cowopass.settlement.simulation import simulate_month

MONTHS = 3
"""How many of the last complete months are replayed."""

LANGUAGES = ("fr", "en")


def replay(
    session: Session, networks: Iterable[Network], details: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the last complete months that have charges, as they were and as they would have been.

    Of each network in whose ledger the rule moves something; the latest month first. Empty where
    there is nothing to replay, as for a rule between networks that had none. Nothing is written.
    """
    changes = {**details["changes"], "home": details["home"], "host": details["host"]}
    found = []
    for network in networks:
        for month in _last_months(session, network):
            try:
                told = [
                    simulate_month(session, network.slug, month, changes, language)
                    for language in LANGUAGES
                ]
            except AgreementMissing:
                continue
            found.append(_attach(*told))
    return found


def _last_months(session: Session, network: Network) -> list[str]:
    months = session.scalars(
        select(SettlementLine.period)
        .where(
            SettlementLine.network == network.slug,
            SettlementLine.period < open_month(network.timezone),
            SettlementLine.kind == "charge",
        )
        .group_by(SettlementLine.period)
        .having(func.count() > 0)
        .order_by(SettlementLine.period.desc())
        .limit(MONTHS)
    )
    return list(months)


def _attach(french: dict[str, Any], english: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of a replayed month: each position now and then, and its sentences."""
    positions = [
        {
            **{name: row[name] for name in ("participant", "name", "now_cents", "then_cents")},
            "sentences": {"fr": row["sentence"], "en": in_english["sentence"]},
        }
        for row, in_english in zip(french["positions"], english["positions"], strict=True)
    ]
    return {
        **{name: french[name] for name in ("network", "period", "now", "then")},
        "positions": positions,
    }
