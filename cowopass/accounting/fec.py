"""The file of accounting entries (FEC), in the form of article A47 A-1 of the LPF.

A legal FEC covers all of a company's books. This one has what the network knows of, for the
company's accountant to import.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from clearing.period import last_day
from cowopass.accounting.books import Books, Numbered
from cowopass.accounting.entries import Posting
from cowopass.accounting.network_books import books_of

FIELDS = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)
"""The 18 fields in the order of the law."""

EURO = "EUR"


def fec_file(session: Session, network: str, month: str, space: str) -> bytes:
    """Return a locked month in the books of a space; of the fund's holder for `fund`.

    UTF-8 without a mark, tabs between fields, one header. A network's own slug asks for its own
    ledger. Raises NetworkUnknown, MonthInvalid, PeriodNotLocked and SpaceUnknown.
    """
    return write_fec(books_of(session, network, month, space))


def write_fec(books: Books) -> bytes:
    """Return books as a FEC."""
    rows = [FIELDS, *(row for numbered in books.entries for row in _rows(books, numbered))]
    return "".join("\t".join(map(_plain, row)) + "\r\n" for row in rows).encode()


def fec_name(books: Books) -> str:
    """Return the name that the law gives the file: SIREN, `FEC`, and the last day.

    Without a SIREN the party's slug stands there.
    """
    siren = books.legal.siren if books.legal else None
    return f"{siren or books.party}FEC{_day(last_day(books.month))}.txt"


def _rows(books: Books, numbered: Numbered) -> Iterator[tuple[str, ...]]:
    entry = numbered.entry
    for posting in entry.postings:
        account = books.account(posting)
        yield (
            entry.journal,
            books.journal_name(entry.journal),
            str(numbered.number),
            _day(entry.on),
            account.number,
            account.name,
            posting.party.upper() if posting.party else "",
            books.party_name(posting.party) if posting.party else "",
            entry.piece,
            _day(entry.piece_on),
            entry.label,
            _amount(max(posting.cents, 0)),
            _amount(max(-posting.cents, 0)),
            posting.letter,
            _day(posting.lettered_on) if posting.lettered_on else "",
            _day(entry.valid_on),
            *_foreign(books.network.currency, posting),
        )


def _foreign(currency: str, posting: Posting) -> tuple[str, str]:
    """Return the amount in another currency than the euro, and which; nothing for the euro."""
    return ("", "") if currency == EURO else (_amount(posting.cents), currency)


def _amount(cents: int) -> str:
    """Return an amount with a comma, and nothing between thousands.

    >>> _amount(123456), _amount(-5)
    ('1234,56', '-0,05')
    """
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02}"


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _plain(text: str) -> str:
    """Return a field on one line and without a tab, which would begin the next field."""
    return " ".join(text.split())
