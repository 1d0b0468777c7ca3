"""What an import asks, and its answer."""

from __future__ import annotations

from marshmallow import Schema

from cowopass import fields


class ImportQuerySchema(Schema):
    """Whose visits come in; left out by who is host of one space alone."""

    space = fields.Slug(load_default=None, metadata={"example": "le-comptoir"})


class RefusedRowSchema(Schema):
    """A row that was refused, by its line in the file."""

    line = fields.Integer(metadata={"example": 17})
    id = fields.String(metadata={"example": "7d8f0c1e-58c5-4b35-9a4f-0a7c2f0e9b11"})
    code = fields.String(metadata={"example": "no_units_left"})
    message = fields.String(metadata={"example": "Le carnet est vide."})


class ImportedSchema(Schema):
    """How many rows were accepted, were known already, or were refused and why."""

    accepted = fields.Integer(metadata={"example": 212})
    repeated = fields.Integer(metadata={"example": 0})
    refused = fields.Integer(metadata={"example": 1})
    refusals = fields.List(fields.Nested(RefusedRowSchema))
