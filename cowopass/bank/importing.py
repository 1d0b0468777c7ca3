"""Taking a bank statement in: read whole, kept where it may be of a transfer, then matched.

What is on a space's account is mostly nobody else's business: a movement that has no reference of
ours, no other side in the network and no amount that is awaited is counted and forgotten.
"""

from __future__ import annotations

import secrets
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import select
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

XML_BEGINS = (b"<", BOM_UTF16_LE, BOM_UTF16_BE)
"""How a camt.053 begins: as UTF-8 or as a letter set of the bank's, or as UTF-16."""

LONGEST_TEXT = 500
"""The longest that camt.053 has: a bank may write a reference at the end of it."""

Told = tuple[str, date, int]
"""An account, a day and cents: all that is the same in both forms of a statement."""


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
    if content.startswith(XML_BEGINS):
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
    elsewhere = _told_otherwise(session, network.slug, kind, world)
    counts: Counter[str] = Counter()
    for line, fingerprint in zip(lines, fingerprints(lines), strict=True):
        if _is_known(session, network.slug, fingerprint) or _strike(elsewhere, line, world):
            counts["repeated"] += 1
        elif _is_ours(line, world):
            session.add(_entry(line, network.slug, file_id, fingerprint))
            counts["kept"] += 1
        else:
            counts["unrelated"] += 1
    session.flush()
    return counts


def _told_otherwise(
    session: Session, network: str, kind: str, world: Known
) -> dict[Told, list[list[str]]]:
    """Return what files of the other kind told, as the transfers whose references each line has.

    A CSV says what a camt.053 does, in other words.
    """
    rows = session.execute(
        select(BankEntry.account, BankEntry.booked_on, BankEntry.amount_cents, BankEntry.texts)
        .join(BankFile, BankFile.id == BankEntry.file_id)
        .where(BankEntry.network == network, BankFile.kind != kind)
    )
    found: dict[Told, list[list[str]]] = {}
    for account, day, cents, texts in rows:
        named = find_references(texts, world.references)
        found.setdefault((account, day, cents), []).append(named)
    return found


def _strike(elsewhere: dict[Told, list[list[str]]], line: BankLine, world: Known) -> bool:
    """Strike a line off what the other kind of file told, and say whether it was there.

    One with another reference is another payment, were it of the same day and amount.
    """
    told = elsewhere.get((line.account, line.booked_on, line.amount_cents), [])
    named = find_references(line.texts, world.references)
    same = [each for each in told if each == named] or [
        each for each in told if not (each and named)
    ]
    if same:
        told.remove(same[0])
    return bool(same)


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
        texts=[text[:LONGEST_TEXT] for text in line.texts],
        name=line.name[:200],
        iban=line.iban[:34],
        is_return=line.is_return,
        reason=line.reason[:200],
        state="open",
        surplus_cents=0,
    )
