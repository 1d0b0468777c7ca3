"""Passes that a space's own software sold, read from a CSV file.

Each row is taken or refused with its line number; a row met before changes nothing. Loaded passes
get no ticket: reissuing makes one for whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice
from typing import BinaryIO, NamedTuple

from marshmallow import ValidationError, validate
from sqlalchemy.orm import Session

from cowopass.csvfile import Row, read_rows
from cowopass.errors import CowopassError, CsvUnreadable, NetworkUnknown, ReferenceTaken
from cowopass.networks.models import Network
from cowopass.passes.models import Pass
from cowopass.passes.service import Sale, find_by_reference, record_sale
from cowopass.people.holders import plain_email, plain_name
from cowopass.spaces.models import Space

HEADER = (
    "reference",
    "home",
    "plan",
    "holder_name",
    "holder_email",
    "starts_on",
    "price_paid_cents",
)

BATCH_ROWS = 1_000
"""So many rows are one transaction: a run that dies loses no more, and a rerun goes on."""

LONGEST_REFERENCE, LONGEST_NAME = 80, 200
DEAREST_CENTS = 10_000_000
"""A price above 100,000.00 is a slip of the keyboard."""

_check_email = validate.Email()
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]").search


class LoadedRow(NamedTuple):
    """A well-formed row: the line it stands on, and the sale it tells of."""

    line: int
    sale: Sale


class Outcome(NamedTuple):
    """What became of a row: `accepted`, `refused` (with code and sentence) or `repeated`."""

    line: int
    reference: str
    status: str
    code: str | None = None
    message: str = ""


class RowInvalid(ValueError):
    """A row can not be taken as it is written; the text says why."""


def read_sales(
    stream: BinaryIO, on_bytes: Callable[[int], None] | None = None
) -> Iterator[LoadedRow | Outcome]:
    """Yield each row as a sale, or as a refused outcome when it is malformed.

    A file that can not be read on ends with an outcome that says so, code `csv_unreadable`.
    Raises CsvHeaderWrong before the first row.
    """
    try:
        for row in read_rows(stream, HEADER, on_bytes):
            yield _parsed(row)
    except CsvUnreadable as error:
        yield Outcome(error.line, "", "refused", error.code, str(error))


def batches(rows: Iterable[LoadedRow | Outcome]) -> Iterator[list[LoadedRow | Outcome]]:
    """Cut a stream of rows into lists of at most `BATCH_ROWS`, in order."""
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH_ROWS)):
        yield batch


def load_batch(session: Session, network: str, rows: list[LoadedRow | Outcome]) -> list[Outcome]:
    """Record the sales of a batch, in order, and return what became of each row.

    Only homes of this network are known. Rows that were malformed come back as they are.
    Raises NetworkUnknown.
    """
    if session.get(Network, network) is None:
        raise NetworkUnknown(network)
    return [row if isinstance(row, Outcome) else _load(session, network, row) for row in rows]


def _load(session: Session, network: str, row: LoadedRow) -> Outcome:
    """Record one sale. It is refused before anything of it is written."""
    sale, reference = row.sale, row.sale.reference or ""
    home = session.get(Space, sale.home)
    if home is None or home.network != network:
        message = f"There is no space `{sale.home}` in the network `{network}`."
        return Outcome(row.line, reference, "refused", "space_unknown", message)
    known = find_by_reference(session, sale.home, reference)
    if known is not None:
        return _repeated(row, known)
    try:
        record_sale(session, sale)
    except CowopassError as error:
        return Outcome(row.line, reference, "refused", error.code, str(error))
    return Outcome(row.line, reference, "accepted")


def _repeated(row: LoadedRow, known: Pass) -> Outcome:
    """Answer a row whose reference is known: the same again, or a conflict."""
    sale, reference = row.sale, row.sale.reference or ""
    if _is_same(sale, known):
        return Outcome(row.line, reference, "repeated")
    error = ReferenceTaken(sale.home, reference)
    return Outcome(row.line, reference, "refused", error.code, str(error))


def _is_same(sale: Sale, known: Pass) -> bool:
    """Say whether a pass is the one a row tells of. What the row leaves open can not differ.

    The name and address of a holder who was forgotten are not there to be compared.
    """
    holder = known.holder
    return (
        sale.plan == known.plan.code
        and sale.starts_on in {None, known.starts_on}
        and sale.price_paid_cents in {None, known.price_paid_cents}
        and (
            holder.erased_at is not None
            or (plain_name(sale.holder_name), plain_email(sale.holder_email))
            == (holder.name, holder.email)
        )
    )


def _parsed(row: Row) -> LoadedRow | Outcome:
    try:
        return LoadedRow(row.line, _sale(row.fields))
    except RowInvalid as error:
        reference = row.fields[0][:LONGEST_REFERENCE]
        return Outcome(row.line, reference, "refused", "row_invalid", str(error))


def _sale(fields: list[str]) -> Sale:
    if len(fields) != len(HEADER):
        raise RowInvalid(f"The row has {len(fields)} fields instead of {len(HEADER)}.")
    reference, home, plan, name, email, starts_on, price = fields
    return Sale(
        home=_text("home", home, 60),
        plan=_text("plan", plan, 60),
        holder_name=_text("holder_name", name, LONGEST_NAME),
        holder_email=_email(email),
        starts_on=_day(starts_on),
        reference=_text("reference", reference, LONGEST_REFERENCE),
        price_paid_cents=_price(price),
    )


def _text(name: str, value: str, longest: int) -> str:
    if not value or len(value) > longest or _CONTROL(value):
        raise RowInvalid(f"`{name}` needs 1 to {longest} letters, and no control characters.")
    return value


def _email(value: str) -> str | None:
    try:
        return str(_check_email(value)) if value else None
    except ValidationError as error:
        raise RowInvalid(f"`{value[:80]}` is not an e-mail address; it may be empty.") from error


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise RowInvalid(f"`{value[:40]}` is not a date such as 2026-11-24.") from error


def _price(value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit()) or int(value[:20]) > DEAREST_CENTS:
        raise RowInvalid(f"`{value[:40]}` is not a price in whole cents such as 15000.")
    return int(value)
