"""The audit: every invariant of the records, worked out again from the records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from clearing.document import Finding
from clearing.errors import TermsInvalid
from clearing.period import month_of
from clearing.reading import Agreement as VotedAgreement
from cowopass.audit.lines import audit_lines, check_strays, check_withholding
from cowopass.audit.locks import (
    check_chain,
    check_lock,
    check_transfers,
    check_unlocked,
    check_write_offs,
)
from cowopass.audit.visits import check_charges, check_usages
from cowopass.audit.votes import check_votes
from cowopass.config import Config
from cowopass.ledger.models import LedgerEntry, Period, SettlementLine
from cowopass.networks.agreements import cited_votes, terms_of
from cowopass.networks.keys import list_keys, trusted
from cowopass.networks.models import Agreement, Network
from cowopass.settlement.balances import check_balances
from cowopass.settlement.service import get_network

Tell = Callable[[str], None]
"""Is told how far the audit has come."""


def audit_records(
    session: Session, config: Config, network: str | None, tell: Tell
) -> Iterator[Finding]:
    """Yield every place where the records of one network, or of all, do not agree.

    A month's lines are streamed, so their number costs time and little memory. Raises
    NetworkUnknown.
    """
    if network is not None:
        slugs = [get_network(session, network).slug]
    else:
        slugs = list(session.scalars(select(Network.slug).order_by(Network.slug)))
    agreements: dict[str, VotedAgreement] = {}
    yield from _read_agreements(session, agreements)
    for slug in slugs:
        yield from _audit_network(session, config, slug, agreements, tell)
    for finding in check_balances(session):
        # Such a finding's place begins with its network.
        if finding.where.split(" ", 1)[0] in slugs:
            yield finding


def _read_agreements(session: Session, found: dict[str, VotedAgreement]) -> Iterator[Finding]:
    """Fill in the terms of all agreements, and yield those that can't be read."""
    for row in session.scalars(select(Agreement).order_by(Agreement.id)):
        try:
            found[row.id] = VotedAgreement(month_of(row.effective_from), terms_of(row))
        except TermsInvalid as error:
            yield Finding("agreement_invalid", row.id, str(error))


def _audit_network(
    session: Session,
    config: Config,
    network: str,
    agreements: Mapping[str, VotedAgreement],
    tell: Tell,
) -> Iterator[Finding]:
    periods = {
        period.month: period
        for period in session.scalars(select(Period).where(Period.network == network))
    }
    keys = [trusted(row, config) for row in list_keys(session, network)]
    yield from check_votes(session, network, keys)
    for month in _months(session, network):
        lines = audit_lines(session, network, month, agreements)
        tell(f"{network} {month}: {lines.totals.count} lines")
        yield from lines.findings
        period = periods.get(month)
        if period is None:
            yield Finding("period_missing", f"{network} {month}", "it has records and no row")
        elif period.locked_at is None:
            yield from check_unlocked(period)
        else:
            votes = cited_votes(session, (period.totals or {}).get("agreements", ()))
            yield from check_lock(period, lines, keys, votes)
            yield from check_transfers(session, period)
    yield from check_chain(periods.values())
    yield from check_write_offs(session, network)
    yield from check_withholding(session, network)
    yield from check_strays(session, network)
    yield from check_charges(session, network)
    yield from check_usages(session, network)


def _months(session: Session, network: str) -> list[str]:
    """Return the months that have anything recorded, in order."""
    recorded = union(
        select(Period.month).where(Period.network == network),
        select(SettlementLine.period).where(SettlementLine.network == network),
        select(LedgerEntry.period).where(LedgerEntry.network == network),
    ).subquery()
    return list(session.scalars(select(recorded.c[0]).order_by(recorded.c[0])))
