"""The shapes of what desks without network fetch and send."""

from __future__ import annotations

from marshmallow import Schema

from cowopass import fields


class OfSpaceSchema(Schema):
    """Of which space."""

    space = fields.Slug(required=True, metadata={"example": "rubanerie"})


class BundleSchema(Schema):
    """A signed, numbered bundle: docs/reference/offline.md says what is in it."""

    bundle = fields.String(metadata={"description": "A compact JWS, `cowopass-bundle+jwt`."})
    number = fields.Integer(metadata={"example": 7})
    expires_at = fields.Instant()
