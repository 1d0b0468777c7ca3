"""The shapes of what desks without network fetch and send."""

from __future__ import annotations

from marshmallow import Schema

from cowopass import fields


class OfSpaceSchema(Schema):
    """Of which space."""

    space = fields.Slug(required=True, metadata={"example": "rubanerie"})


class JournalSchema(Schema):
    """A journal of a desk: what came of it, and what is amiss."""

    name = fields.String(metadata={"description": "The thumbprint of the key that signs it."})
    entries = fields.Integer(metadata={"example": 41})
    last_number = fields.Integer(metadata={"example": 42})
    missing = fields.List(
        fields.Integer(), metadata={"description": "Numbers that never came.", "example": [17]}
    )
    doubled = fields.List(
        fields.Integer(), metadata={"description": "Numbers that came for two check-ins."}
    )
    received_at = fields.Instant()


class JournalsSchema(Schema):
    """The journals of a space's desks, that which was heard of last first."""

    journals = fields.List(fields.Nested(JournalSchema))


class BundleSchema(Schema):
    """A signed, numbered bundle: docs/reference/offline.md says what is in it."""

    bundle = fields.String(metadata={"description": "A compact JWS, `cowopass-bundle+jwt`."})
    number = fields.Integer(metadata={"example": 7})
    expires_at = fields.Instant()
