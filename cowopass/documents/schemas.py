"""Which file of a month is wanted over HTTP, and the shape of a statement."""

from __future__ import annotations

from typing import get_args

from marshmallow import Schema, validate

from clearing.period import State
from cowopass import fields
from cowopass.documents.export import EXPORT_FORMATS
from cowopass.documents.statement_files import STATEMENT_FORMATS
from cowopass.settlement.schemas import CarrySchema, LineSchema, TransferSchema


class ExportQuerySchema(Schema):
    """The format of an exported month; `csv` is a ZIP archive of tables."""

    format = fields.String(load_default="json", validate=validate.OneOf(EXPORT_FORMATS))


class StatementQuerySchema(Schema):
    """The format of a statement; `pdf` is PDF/A-3 with the JSON and the CSV attached."""

    format = fields.String(load_default="json", validate=validate.OneOf(STATEMENT_FORMATS))


class StatedNetworkSchema(Schema):
    """The network that a statement is of."""

    slug = fields.String(metadata={"example": "sainte"})
    name = fields.String(metadata={"example": "Coworking Sainté"})
    timezone = fields.String(metadata={"example": "Europe/Paris"})
    currency = fields.String(metadata={"example": "EUR"})


class ProvenLineSchema(LineSchema):
    """A line, its place among the month's leaves from 0, and the hashes that lead to the root."""

    index = fields.Integer(metadata={"example": 4})
    proof = fields.List(fields.String(), metadata={"description": "Hexadecimal, lowest first."})


class StatementSchema(Schema):
    """A space's own lines of a month, which add up to its position. Amounts are in cents.

    `head` is the signed head, null for a draft; `jwks` has the network's public keys.
    """

    format = fields.String(metadata={"example": "cowopass-statement/1"})
    network = fields.Nested(StatedNetworkSchema)
    period = fields.String(metadata={"example": "2026-11"})
    space = fields.String(metadata={"example": "comptoir-numerique"})
    state = fields.String(validate=validate.OneOf(get_args(State)))
    position_cents = fields.Integer(metadata={"example": -1225})
    carried_in_cents = fields.Integer(metadata={"example": 0})
    in_cents = fields.Integer(metadata={"example": 10500})
    out_cents = fields.Integer(metadata={"example": 11200})
    levy_cents = fields.Integer(metadata={"example": 525})
    lines = fields.List(fields.Nested(ProvenLineSchema))
    transfers = fields.List(fields.Nested(TransferSchema))
    carried = fields.List(fields.Nested(CarrySchema))
    head = fields.String(allow_none=True)
    jwks = fields.Dict()
