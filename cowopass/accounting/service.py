"""Books of a month as a file, in the form that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from sqlalchemy.orm import Session

from cowopass.accounting.books import Books
from cowopass.accounting.fec import fec_name, write_fec
from cowopass.accounting.journal import write_csv, write_hledger
from cowopass.accounting.network_books import books_of

BooksFormat = Literal["fec", "csv", "hledger"]
BOOKS_FORMATS: tuple[BooksFormat, ...] = ("fec", "csv", "hledger")

_WRITERS: dict[BooksFormat, tuple[Callable[[Books], bytes], str, str]] = {
    "fec": (write_fec, "text/plain", "txt"),
    "csv": (write_csv, "text/csv", "csv"),
    "hledger": (write_hledger, "text/plain", "journal"),
}


class BooksFile(NamedTuple):
    """Books as a file; `missing` names the pieces that have no invoice's number yet."""

    name: str
    media_type: str
    content: bytes
    missing: list[str]


def books_file(
    session: Session, network: str, month: str, space: str, form: BooksFormat
) -> BooksFile:
    """Return a locked month in the books of a space, of the fund (`fund`), or of the network.

    Raises NetworkUnknown, MonthInvalid, PeriodNotLocked and SpaceUnknown.
    """
    books = books_of(session, network, month, space)
    write, media_type, ending = _WRITERS[form]
    name = fec_name(books) if form == "fec" else f"{network}-{month}-{space}.{ending}"
    return BooksFile(name, media_type, write(books), books.missing)
