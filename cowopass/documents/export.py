"""A month in files: for anyone's audit (JSON), for spreadsheets, for two accounting programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TextIO, get_args

from sqlalchemy.orm import Session

from clearing.document import line_to_json
from clearing.line import Line
from cowopass.config import Config
from cowopass.documents import tables
from cowopass.documents.accounts import write_beancount, write_hledger
from cowopass.documents.journal import Move, read_moves
from cowopass.documents.jsonfile import write_document
from cowopass.documents.month import describe_month, read_hashed_lines
from cowopass.settlement.service import get_month
from cowopass.settlement.steps import Month

ExportFormat = Literal["json", "csv", "beancount", "hledger"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)


class MonthExport:
    """A month that is written to files; each is read as it is written, never whole in memory.

    Making one raises NetworkUnknown and MonthInvalid. Writing raises AgreementMissing for a month
    that is not locked and whose network has no agreement with itself.
    """

    def __init__(self, session: Session, config: Config, network: str, month: str) -> None:
        self._session = session
        self._config = config
        self.found: Month = get_month(session, network, month)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The month but for its lines (`describe_month`)."""
        network = self.found.network.slug
        return describe_month(self._session, self._config, network, self.found.month)

    def lines(self) -> Iterator[tuple[Line, bytes]]:
        """Yield the lines in leaf order, with their leaf hashes."""
        return read_hashed_lines(self._session, self.found.network.slug, self.found.month)

    def moves(self) -> Iterator[Move]:
        """Yield the moves of the ledger in the order they were written."""
        return read_moves(self._session, self.found.network, self.found.month)

    def write(self, name: str, stream: TextIO) -> None:
        """Write one of the files (`files_of`) to a stream that does not translate line ends."""
        _WRITERS[name](stream, self)

    def write_all(self, form: ExportFormat, folder: Path) -> None:
        """Write the files of a format, in UTF-8, into a folder that is there."""
        for name in files_of(form):
            with (folder / name).open("w", encoding="utf-8", newline="") as stream:
                self.write(name, stream)


def files_of(form: ExportFormat) -> list[str]:
    """Return the names of the files that an export in this format consists of."""
    return list(_FILES[form])


def _month_json(stream: TextIO, month: MonthExport) -> None:
    write_document(stream, month.document, (line_to_json(*hashed) for hashed in month.lines()))


def _lines_csv(stream: TextIO, month: MonthExport) -> None:
    tables.write_lines(stream, month.lines())


def _beancount(stream: TextIO, month: MonthExport) -> None:
    found = month.found
    write_beancount(stream, found.network, found.month, found.state, month.moves())


def _hledger(stream: TextIO, month: MonthExport) -> None:
    found = month.found
    write_hledger(stream, found.network, found.month, found.state, month.moves())


_Writer = Callable[[TextIO, MonthExport], None]


def _table(write: Callable[[TextIO, Mapping[str, Any]], None]) -> _Writer:
    return lambda stream, month: write(stream, month.document)


_FILES: dict[ExportFormat, dict[str, _Writer]] = {
    "json": {"month.json": _month_json},
    "csv": {
        "month.csv": _table(tables.write_month),
        "agreements.csv": _table(tables.write_agreements),
        "lines.csv": _lines_csv,
        "positions.csv": _table(tables.write_positions),
        "transfers.csv": _table(tables.write_transfers),
    },
    "beancount": {"month.beancount": _beancount},
    "hledger": {"month.journal": _hledger},
}
_WRITERS = {name: write for files in _FILES.values() for name, write in files.items()}
