"""Books as a table, and for hledger, which checks every closing balance."""

from __future__ import annotations

import io
from collections.abc import Iterator

from clearing.document import show_cents
from cowopass.accounting.books import Books, Numbered
from cowopass.accounting.entries import Posting
from cowopass.csvfile import write_table

COLUMNS = (
    "journal",
    "number",
    "date",
    "account",
    "account_name",
    "party",
    "party_name",
    "piece",
    "piece_date",
    "label",
    "debit_cents",
    "credit_cents",
    "letter",
    "lettered_on",
    "valid_on",
)


def write_csv(books: Books) -> bytes:
    """Return books as a table: a row for each posting, amounts in cents, days as ISO 8601."""
    stream = io.StringIO(newline="")
    rows = (row for numbered in books.entries for row in _rows(books, numbered))
    write_table(stream, COLUMNS, (dict(zip(COLUMNS, row, strict=True)) for row in rows))
    return stream.getvalue().encode()


def write_hledger(books: Books) -> bytes:
    """Return books as a journal that passes hledger's strict checks."""
    title = " ".join(f"{books.name}, {books.network.name}, {books.month}".split())
    lines = [
        f"; {title}",
        "decimal-mark .",
        f"commodity 1000.00 {books.network.currency}",
        "",
    ]
    sums: dict[str, int] = {}
    closes_on = books.on
    for numbered in books.entries:
        entry, closes_on = numbered.entry, max(closes_on, numbered.entry.on)
        lines.append(
            f"{entry.on} * ({entry.journal}-{numbered.number}) {_word(entry.label)}"
            f"  ; piece:{_word(entry.piece)}"
        )
        for posting in entry.postings:
            account = _account(books, posting)
            sums[account] = sums.get(account, 0) + posting.cents
            amount = f"{show_cents(posting.cents)} {books.network.currency}"
            letter = f"  ; letter:{posting.letter}" if posting.letter else ""
            lines.append(f"    {account}  {amount}{letter}")
        lines.append("")
    lines += [f"account {account}" for account in sorted(sums)]
    if sums:
        lines += ["", f"{closes_on} * closing balances"]
    for account, cents in sorted(sums.items()):
        lines.append(
            f"    {account}  0.00 {books.network.currency}"
            f" = {show_cents(cents)} {books.network.currency}"
        )
    return ("\n".join(lines) + "\n").encode()


def _rows(books: Books, numbered: Numbered) -> Iterator[tuple[object, ...]]:
    entry = numbered.entry
    for posting in entry.postings:
        account = books.account(posting)
        yield (
            entry.journal,
            numbered.number,
            entry.on,
            account.number,
            account.name,
            posting.party or "",
            books.party_name(posting.party) if posting.party else "",
            entry.piece,
            entry.piece_on,
            entry.label,
            max(posting.cents, 0),
            max(-posting.cents, 0),
            posting.letter,
            posting.lettered_on or "",
            entry.valid_on,
        )


def _account(books: Books, posting: Posting) -> str:
    account = books.account(posting)
    party = f":{posting.party}" if posting.party else ""
    return f"{account.number} {_word(account.name)}{party}"


def _word(text: str) -> str:
    """Return text without what means something to hledger: comments, and two spaces in a row."""
    return " ".join(text.replace(";", ",").split())
