"""The shape of the log of acts."""

from __future__ import annotations

from marshmallow import Schema, validate

from cowopass import fields


class ActQuerySchema(Schema):
    """Whose acts, and from where on; a network or a space."""

    network = fields.Slug(load_default=None, metadata={"example": "sainte"})
    space = fields.Slug(load_default=None, metadata={"example": "le-comptoir"})
    cursor = fields.Integer(load_default=None)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class ActorSchema(Schema):
    """Who did it. `name` is null for a command, and for somebody who is no longer known."""

    kind = fields.String(metadata={"example": "person"})
    id = fields.String(allow_none=True, metadata={"example": "per_3f0a"})
    name = fields.String(allow_none=True, metadata={"example": "Anne Morel"})


class ActSchema(Schema):
    """Something done that moves money or rights."""

    number = fields.Integer(metadata={"example": 4711})
    at = fields.Instant()
    act = fields.String(metadata={"example": "period_locked"})
    actor = fields.Nested(ActorSchema)
    network = fields.String(allow_none=True, metadata={"example": "sainte"})
    space = fields.String(allow_none=True)
    subject = fields.String(metadata={"example": "2026-10"})
    details = fields.Dict()


class ActPageSchema(Schema):
    """Some acts, the latest first; `next` is the cursor of the page after."""

    acts = fields.List(fields.Nested(ActSchema))
    next = fields.Integer(allow_none=True)
