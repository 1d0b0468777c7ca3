"""Which form of a month's books is wanted over HTTP."""

from __future__ import annotations

from marshmallow import Schema, validate

from cowopass import fields
from cowopass.accounting.service import BOOKS_FORMATS


class BooksQuerySchema(Schema):
    """The form: `fec` for a French accounting program, `csv` for a spreadsheet, `hledger`."""

    format = fields.String(load_default="fec", validate=validate.OneOf(BOOKS_FORMATS))
