"""The shapes of what a wallet page sends and gets."""

from __future__ import annotations

from marshmallow import Schema

from cowopass import fields


class PhoneKeySchema(Schema):
    """The public half of a key that a phone has made and keeps: P-256."""

    kty = fields.String(required=True, metadata={"example": "EC"})
    crv = fields.String(required=True, metadata={"example": "P-256"})
    x = fields.String(required=True)
    y = fields.String(required=True)


class BindSchema(Schema):
    """A phone that is to carry a pass. A phone that carries one of hers already needs no code."""

    jwk = fields.Nested(PhoneKeySchema, required=True)
    code = fields.String(load_default=None, metadata={"example": "402 917"})
    keep_paper = fields.Flag(load_default=False)


class CodeSentSchema(Schema):
    """Where a code was mailed to, blurred; null when no address is known and the desk tells it."""

    sent_to = fields.String(allow_none=True, metadata={"example": "c…@example.org"})


class LiveTicketSchema(Schema):
    """The ticket that a phone shows, each time with a proof it has just signed."""

    jti = fields.String(metadata={"example": "tik_5f1c09ab77e2d340"})
    token = fields.String()
    expires_at = fields.Instant()
