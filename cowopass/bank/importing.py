"""Taking a bank statement in: read whole, kept where it may be of a transfer, then matched.

What is on a space's account is mostly nobody else's business: a movement that has no reference of
ours, no other side in the network and no amount that is awaited is counted and forgotten.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cowopass import clock
from cowopass.acts.service import record_act
from cowopass.bank.camt import read_camt
from cowopass.bank.lines import BankAccount, BankLine, compact_iban, fingerprints
from cowopass.bank.matched import know, match_open, movement_of
from cowopass.bank.matching import Known, examine, find_references, others_of
from cowopass.bank.models import BankEntry, BankFile
from cowopass.bank.statement_csv import read_statement_csv
from cowopass.database import insert_claim
from cowopass.errors import BankAccountUnknown, BankFileUnreadable, CurrencyForeign
from cowopass.networks.models import Network
from cowopass.settlement.lock import hold_network

LARGEST_FILE = 8 * 1024 * 1024


class Upload(NamedTuple):
    """A file as it came: its bytes, its name, and the account that somebody says it is of."""

    content: bytes
    name: str = ""
    account: str | None = None


class Imported(NamedTuple):
    """What an import came to, in movements.

    `repeated` were there before, `unrelated` were not kept, `twins` show a payment that the other
    side's bank showed already. Of the others, `matched`, `bounced`, `suggested` (to be confirmed)
    and `unmatched`; `surplus_cents` is what the matched ones brought too much.
    """

    file_id: str
    is_new: bool
    lines: int
    repeated: int
    unrelated: int
    twins: int
    matched: int
    bounced: int
    suggested: int
    unmatched: int
    surplus_cents: int


def import_statement(session: Session, network: str, upload: Upload) -> Imported:
    """Take a bank statement in: camt.053, or CSV with its account; what is there already stays.

    Nothing is written when anything of the file can not be read. Raises NetworkUnknown,
    BankFileUnreadable, BankAmountUnreadable, BankDayUnreadable, BankAccountUnknown,
    BankAccountNeeded, CsvHeaderWrong, CsvUnreadable and CurrencyForeign.
    """
    found = hold_network(session, network)
    kind, accounts = _read(upload)
    world = know(session, found)
    chosen = _choose(accounts, found, world, upload.account)
    lines = [line for account in chosen for line in account.lines if line.amount_cents]
    file_id, is_new = _claim_file(session, network, upload, kind, len(lines))
    counts = _keep(session, found, world, file_id, kind, lines)
    results = match_open(session, found)
    mine = [result for result in results if result.file_id == file_id]
    outcomes = Counter(result.outcome for result in mine)
    imported = Imported(
        file_id=file_id,
        is_new=is_new,
        lines=len(lines),
        repeated=counts["repeated"],
        unrelated=counts["unrelated"],
        twins=outcomes["twin"],
        matched=sum(result.outcome == "matched" for result in results),
        bounced=sum(result.outcome == "bounced" for result in results),
        suggested=outcomes["suggested"],
        unmatched=outcomes["unknown"],
        surplus_cents=sum(result.surplus_cents for result in results),
    )
    if counts["kept"]:
        record_act(session, "bank_file_imported", network=network, subject=file_id)
    return imported


def _read(upload: Upload) -> tuple[str, list[BankAccount]]:
    if len(upload.content) > LARGEST_FILE:
        raise BankFileUnreadable(f"it is larger than {LARGEST_FILE} bytes")
    content = upload.content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not content:
        raise BankFileUnreadable("it is empty")
    if content.startswith(b"<"):
        return "camt", read_camt(content)
    account = compact_iban(upload.account) if upload.account else None
    return "csv", read_statement_csv(upload.content, account)


def _choose(
    accounts: Sequence[BankAccount], network: Network, world: Known, account: str | None
) -> list[BankAccount]:
    """Return the accounts to take, all of the network. Raises BankAccountUnknown."""
    wanted = compact_iban(account) if account else None
    chosen = [each for each in accounts if wanted in {None, each.iban}]
    if not chosen:
        raise BankAccountUnknown(wanted or "", network.slug)
    for each in chosen:
        if each.iban not in world.owners:
            raise BankAccountUnknown(each.iban, network.slug)
        for currency in sorted(each.currencies - {network.currency}):
            raise CurrencyForeign(currency, network.currency)
    return chosen


def _claim_file(
    session: Session, network: str, upload: Upload, kind: str, lines: int
) -> tuple[str, bool]:
    """Return the id of a file, and whether its very bytes are new here."""
    digest = sha256(upload.content).hexdigest()
    row = {
        "id": f"bnk_{secrets.token_hex(8)}",
        "network": network,
        "digest": digest,
        "name": upload.name[:200],
        "kind": kind,
        "lines": lines,
        "imported_at": clock.now(),
    }
    is_new = insert_claim(session, BankFile, row)
    where = BankFile.network == network, BankFile.digest == digest
    return session.scalars(select(BankFile.id).where(*where)).one(), is_new


def _keep(
    session: Session,
    network: Network,
    world: Known,
    file_id: str,
    kind: str,
    lines: Sequence[BankLine],
) -> Counter[str]:
    """Keep the lines that are new and may be of a transfer; return how many are what."""
    elsewhere = _told_otherwise(session, network.slug, kind)
    counts: Counter[str] = Counter()
    for line, fingerprint in zip(lines, fingerprints(lines), strict=True):
        told = (line.account, line.booked_on, line.amount_cents)
        if elsewhere[told]:
            elsewhere[told] -= 1
            counts["repeated"] += 1
        elif _is_known(session, network.slug, fingerprint):
            counts["repeated"] += 1
        elif _is_ours(line, world):
            session.add(_entry(line, network.slug, file_id, fingerprint))
            counts["kept"] += 1
        else:
            counts["unrelated"] += 1
    session.flush()
    return counts


def _told_otherwise(session: Session, network: str, kind: str) -> Counter[tuple[object, ...]]:
    """Count what files of the other kind told: a CSV says what a camt.053 does, in other words."""
    rows = session.execute(
        select(BankEntry.account, BankEntry.booked_on, BankEntry.amount_cents, func.count())
        .join(BankFile, BankFile.id == BankEntry.file_id)
        .where(BankEntry.network == network, BankFile.kind != kind)
        .group_by(BankEntry.account, BankEntry.booked_on, BankEntry.amount_cents)
    )
    return Counter({(account, day, cents): count for account, day, cents, count in rows})


def _is_known(session: Session, network: str, fingerprint: str) -> bool:
    where = BankEntry.network == network, BankEntry.fingerprint == fingerprint
    return session.scalar(select(BankEntry.id).where(*where)) is not None


def _is_ours(line: BankLine, world: Known) -> bool:
    """Say whether a line may be of a transfer of the network, and is to be kept."""
    movement = movement_of(line, world)
    return bool(
        find_references(line.texts, world.references)
        or others_of(movement, world.parties)
        or examine(movement, world)
    )


def _entry(line: BankLine, network: str, file_id: str, fingerprint: str) -> BankEntry:
    return BankEntry(
        id=f"ent_{secrets.token_hex(8)}",
        network=network,
        file_id=file_id,
        fingerprint=fingerprint,
        account=line.account,
        booked_on=line.booked_on,
        amount_cents=line.amount_cents,
        texts=[text[:200] for text in line.texts],
        name=line.name[:200],
        iban=line.iban[:34],
        is_return=line.is_return,
        reason=line.reason[:200],
        state="open",
        surplus_cents=0,
    )
