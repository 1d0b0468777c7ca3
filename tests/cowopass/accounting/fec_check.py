"""What article A47 A-1 of the Livre des procédures fiscales asks of a file of entries (FEC).

Written from the text of the law, VII 1° and VIII 1°: a flat file, a first line with the names of
the fields, then one line for each line of an entry, with 18 fields in this order. It knows nothing
of how the file is made.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from decimal import Decimal

FIELDS = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib "
    "PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise "
    "Idevise"
).split()
REQUIRED = set(FIELDS) - {
    "CompAuxNum",
    "CompAuxLib",
    "EcritureLet",
    "DateLet",
    "Montantdevise",
    "Idevise",
}
DAYS = ("EcritureDate", "PieceDate", "DateLet", "ValidDate")
AMOUNT = re.compile(r"-?\d+,\d{2}")


def check_fec(content: bytes, before: dict[str, int] | None = None) -> list[str]:
    """Return what is wrong with a file; nothing when it is right.

    `before` is the last number of each journal in the year's files before this one.
    """
    if content.startswith(b"\xef\xbb\xbf"):
        return ["a byte order mark"]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ["not UTF-8"]
    header, *lines = text.removesuffix("\r\n").split("\r\n")
    if header.split("\t") != FIELDS:
        return [f"the header is {header!r}"]
    wrong, rows = [], []
    for number, line in enumerate(lines, start=2):
        values = line.split("\t")
        if len(values) != len(FIELDS):
            wrong.append(f"line {number} has {len(values)} fields")
        else:
            rows.append(dict(zip(FIELDS, values, strict=True)))
            wrong += [f"line {number}: {what}" for what in _wrong_in_row(rows[-1])]
    return wrong or [*_wrong_entries(rows), *_wrong_numbers(rows, before or {}), *_letters(rows)]


def _wrong_in_row(row: dict[str, str]) -> list[str]:
    wrong = [f"{name} is empty" for name in sorted(REQUIRED) if not row[name]]
    wrong += [f"{name} is {row[name]}" for name in DAYS if row[name] and not _is_day(row[name])]
    for name in ("Debit", "Credit"):
        if not AMOUNT.fullmatch(row[name]):
            wrong.append(f"{name} is {row[name]}")
    if not wrong and (_cents(row, "Debit") != 0) == (_cents(row, "Credit") != 0):
        wrong.append("neither debit nor credit alone")
    if not re.fullmatch(r"[1-8]\d{2,}", row["CompteNum"]):
        wrong.append(f"the account {row['CompteNum']} is not of the general chart")
    if bool(row["EcritureLet"]) != bool(row["DateLet"]):
        wrong.append("a letter without its day, or a day without its letter")
    if bool(row["CompAuxNum"]) != bool(row["CompAuxLib"]):
        wrong.append("an auxiliary account without its name, or a name without it")
    if bool(row["Montantdevise"]) != bool(row["Idevise"]):
        wrong.append("a foreign amount without its currency")
    return wrong


def _wrong_entries(rows: list[dict[str, str]]) -> list[str]:
    """Return entries that do not balance, or whose lines tell of different days or journals."""
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    facts: defaultdict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for row in rows:
        key = row["JournalCode"], row["EcritureNum"]
        sums[key] += _cents(row, "Debit") - _cents(row, "Credit")
        names = "JournalLib EcritureDate PieceRef PieceDate ValidDate".split()
        facts[key].add(tuple(row[name] for name in names))
    wrong = [f"the entry {' '.join(key)} is off by {cents}" for key, cents in sums.items() if cents]
    return wrong + [
        f"the entry {' '.join(key)} says two things" for key in facts if len(facts[key]) > 1
    ]


def _wrong_numbers(rows: list[dict[str, str]], before: dict[str, int]) -> list[str]:
    """Return journals whose numbers do not go on without a gap, and entries out of order."""
    wrong, last = [], dict(before)
    known: set[tuple[str, str]] = set()
    for row in rows:
        journal, number = row["JournalCode"], row["EcritureNum"]
        if (journal, number) in known:
            continue
        known.add((journal, number))
        if not number.isdigit() or int(number) != last.get(journal, 0) + 1:
            wrong.append(f"{journal} {number} follows {last.get(journal, 0)}")
        last[journal] = int(number) if number.isdigit() else last.get(journal, 0)
    valid = [row["ValidDate"] for row in rows]
    return wrong + (["not in the order of ValidDate"] if valid != sorted(valid) else [])


def _letters(rows: list[dict[str, str]]) -> list[str]:
    """Return letters whose lines do not settle each other."""
    sums: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["EcritureLet"]:
            key = row["CompteNum"], row["CompAuxNum"], row["EcritureLet"]
            sums[key] += _cents(row, "Debit") - _cents(row, "Credit")
    return [f"the letter {' '.join(key)} is off by {cents}" for key, cents in sums.items() if cents]


def _cents(row: dict[str, str], name: str) -> Decimal:
    return Decimal(row[name].replace(",", "."))


def _is_day(text: str) -> bool:
    try:
        return len(text) == 8 and bool(datetime.strptime(text, "%Y%m%d"))  # noqa: DTZ007 (a day)
    except ValueError:
        return False
