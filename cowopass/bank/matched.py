"""Matching kept bank entries to transfers: payments recorded, paired with their twins, taken back.

Whoever calls holds the network, so that two imports, or an import and a click, queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cowopass.acts.service import record_act
from cowopass.bank.lines import BankLine
from cowopass.bank.matching import Finding, Known, Movement, examine, known
from cowopass.bank.models import BankEntry
from cowopass.bank.parties import list_parties
from cowopass.bank.recording import record_finding, transfers_of
from cowopass.bank.twins import pair
from cowopass.errors import BankEntryAmbiguous, BankEntrySettled, BankEntryUnknown
from cowopass.networks.models import Network
from cowopass.settlement.lock import hold_network
from cowopass.settlement.transfers import dues_of_network

Outcome = Literal["matched", "bounced", "twin", "suggested", "unknown"]


class Result(NamedTuple):
    """What became of an entry that was open."""

    file_id: str
    outcome: Outcome
    surplus_cents: int = 0


def know(session: Session, network: Network) -> Known:
    """Return what the entries of a network can be matched to now."""
    dues = dues_of_network(session, network.slug)
    return known(
        list_parties(session, network), {transfer: due for transfer, (_, due) in dues.items()}
    )


def movement_of(entry: BankEntry | BankLine, world: Known) -> Movement:
    """Return a line of a file, or an entry that was kept, as matching sees it."""
    return Movement(
        owners=world.owners.get(entry.account, set()),
        amount_cents=entry.amount_cents,
        texts=entry.texts,
        name=entry.name,
        iban=entry.iban,
        is_return=entry.is_return,
    )


def match_open(session: Session, network: Network) -> list[Result]:
    """Pair the open entries with their twins, then match what is certain, the oldest first.

    Payments come before what takes them back, whatever the order of the files.
    """
    entries = session.scalars(
        select(BankEntry)
        .where(BankEntry.network == network.slug, BankEntry.state == "open")
        .order_by(BankEntry.booked_on, BankEntry.is_return, BankEntry.id)
    ).all()
    world = know(session, network)
    results = [Result(entry.file_id, "twin") for entry in entries if pair(session, entry, world)]
    for entry in entries:
        if entry.state == "open":
            result = _match(session, network, entry, world)
            results.append(result)
            if result.outcome in {"matched", "bounced"}:
                world = world._replace(dues=know(session, network).dues)
    return results


def confirm(
    session: Session, slug: str, entry_id: str, transfers: Sequence[str] | None = None
) -> BankEntry:
    """Match an entry as a person says: to the transfers named, or as is suggested, if one way is.

    Confirmed again, it stays. Raises NetworkUnknown, BankEntryUnknown, BankEntryAmbiguous, and
    BankEntrySettled for what was matched otherwise or can not be paid by this entry.
    """
    network = hold_network(session, slug)
    entry = get_entry(session, slug, entry_id)
    if entry.state == "matched" and not entry.surplus_cents:
        if transfers and set(transfers) != set(transfers_of(session, entry)):
            raise BankEntrySettled(entry_id)
        return entry
    if entry.state not in {"open", "matched"}:
        raise BankEntrySettled(entry_id)
    world = know(session, network)
    finding = _choose(entry_id, examine(left_of(entry, world), world), transfers)
    if finding is None or record_finding(session, network, entry, finding) is None:
        raise BankEntrySettled(entry_id)
    return entry


def ignore(session: Session, slug: str, entry_id: str) -> BankEntry:
    """Note that an entry, or its surplus, is no payment of a transfer, and forget who it names.

    Raises NetworkUnknown, BankEntryUnknown, and BankEntrySettled for one that is matched whole.
    """
    hold_network(session, slug)
    entry = get_entry(session, slug, entry_id)
    if entry.state == "ignored":
        return entry
    if entry.state != "open" and not entry.surplus_cents:
        raise BankEntrySettled(entry_id)
    entry.state, entry.texts, entry.name, entry.iban = "ignored", [], "", ""
    record_act(
        session,
        "bank_entry_ignored",
        network=slug,
        subject=entry.id,
        amount_cents=entry.amount_cents,
    )
    return entry


def get_entry(session: Session, network: str, entry_id: str) -> BankEntry:
    """Return an entry of a network. Raises BankEntryUnknown."""
    entry = session.get(BankEntry, entry_id)
    if entry is None or entry.network != network:
        raise BankEntryUnknown(entry_id)
    return entry


def left_of(entry: BankEntry, world: Known) -> Movement:
    """Return an entry as matching sees it, with what of its amount is not matched."""
    movement = movement_of(entry, world)
    if not entry.surplus_cents:
        return movement
    sign = 1 if entry.amount_cents > 0 else -1
    return movement._replace(amount_cents=sign * entry.surplus_cents, texts=())


def _choose(
    entry_id: str, findings: Sequence[Finding], transfers: Sequence[str] | None
) -> Finding | None:
    """Return the finding that a person means: the only one, or the one of the transfers named."""
    if not transfers and len(findings) > 1:
        raise BankEntryAmbiguous(entry_id, [list(finding.transfers) for finding in findings])
    wanted = [one for one in findings if not transfers or set(one.transfers) == set(transfers)]
    return wanted[0] if wanted else None


def _match(session: Session, network: Network, entry: BankEntry, world: Known) -> Result:
    """Record what an entry shows for certain, or leave it to a person."""
    findings = examine(movement_of(entry, world), world)
    certain = [finding for finding in findings if finding.is_certain]
    if certain:
        outcome = record_finding(session, network, entry, certain[0])
        if outcome is not None:
            return Result(entry.file_id, outcome, entry.surplus_cents)
    return Result(entry.file_id, "suggested" if findings else "unknown")
