"""A statement as a file: for a program, for a spreadsheet, for people."""

from __future__ import annotations

from typing import Literal, get_args

from flask_babel import force_locale
from sqlalchemy.orm import Session

from cowopass.config import Config
from cowopass.documents.parties import read_parties
from cowopass.documents.statement_paper import statement_sheet, statement_text
from cowopass.documents.statements import Statements
from cowopass.typesetting import typeset

StatementFormat = Literal["json", "csv", "pdf"]
STATEMENT_FORMATS: tuple[StatementFormat, ...] = get_args(StatementFormat)

MEDIA_TYPES: dict[StatementFormat, str] = {
    "json": "application/json",
    "csv": "text/csv",
    "pdf": "application/pdf",
}


def statement_file(  # noqa: PLR0913 (which statement, and how)
    session: Session,
    config: Config,
    network: str,
    month: str,
    participant: str,
    form: StatementFormat,
    language: str = "fr",
) -> bytes:
    """Return the statement of a space, the fund or another network as a file.

    A PDF is in French or English (`fr`, `en`). Raises NetworkUnknown, MonthInvalid, SpaceUnknown.
    """
    statements = Statements(session, config, network, month)
    if form != "pdf":
        return statement_text(statements.read(participant), form).encode()
    return statement_pdf(session, statements, participant, language)


def statement_pdf(
    session: Session, statements: Statements, participant: str, language: str = "fr"
) -> bytes:
    """Return a statement as PDF/A-3b with its JSON and CSV inside. Raises SpaceUnknown."""
    statement = statements.read(participant)
    with force_locale(language):
        parties = read_parties(session, statements.found.network.slug)
        sheet = statement_sheet(statements.found, parties, statement)
    return typeset(sheet)
