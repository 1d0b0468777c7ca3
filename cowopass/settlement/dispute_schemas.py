"""The shapes of disputes over HTTP."""

from __future__ import annotations

from marshmallow import Schema, validate

from cowopass import fields
from cowopass.settlement.schemas import UNITS, PageQuerySchema

STATES = ("open", "upheld", "refused")


class ContestSchema(Schema):
    """Why, in words that the other space reads."""

    reason = fields.Text(required=True, longest=500, metadata={"example": "Nobody came that day"})


class MissingLineSchema(ContestSchema):
    """A visit that happened and is in no list."""

    space = fields.Slug(required=True, metadata={"example": "la-rubanerie"})
    on = fields.Date(required=True, metadata={"example": "2026-11-12"})
    unit = fields.String(required=True, validate=validate.OneOf(UNITS))


class DisputeQuerySchema(PageQuerySchema):
    """Which disputes of a network to list."""

    network = fields.Slug(required=True, metadata={"example": "sainte"})
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))


class DisputeSchema(Schema):
    """A dispute. `check_in` and `line` are null where a line is missing.

    `withheld` says whether its amount was taken out of the positions, as it is before the lock.
    """

    id = fields.String(metadata={"example": "dis_6745a1b03f9a0c5b7e21"})
    network = fields.String()
    period = fields.String(metadata={"example": "2026-11"})
    check_in = fields.String(allow_none=True)
    line = fields.String(allow_none=True)
    withheld = fields.Boolean()
    home = fields.String(allow_none=True)
    host = fields.String()
    on = fields.Date()
    unit = fields.String(validate=validate.OneOf(UNITS))
    opened_by = fields.String()
    reason = fields.String()
    opened_at = fields.Instant()
    state = fields.String(validate=validate.OneOf(STATES))
    decision = fields.String(allow_none=True)
    decided_by = fields.String(
        allow_none=True,
        validate=validate.OneOf(["treasurer", "accepted", "withdrawn"]),
        metadata={"description": "Null too where the desk took the visit back."},
    )
    decided_at = fields.Instant(allow_none=True)
    consents = fields.List(
        fields.String(), metadata={"description": "Spaces that agree to be judged."}
    )


class DisputePageSchema(Schema):
    """A page of disputes, oldest first; `next` is the cursor of the page after."""

    disputes = fields.List(fields.Nested(DisputeSchema))
    next = fields.String(allow_none=True)


SIDES = ("host", "home", "space", "treasurer", "holder", "operator")


class MessageRequestSchema(Schema):
    """What to say; the same `id` again is the same message, once."""

    id = fields.UUID(load_default=None)
    text = fields.Text(
        required=True, longest=1000, metadata={"example": "The door log shows nobody"}
    )


class MessageSchema(Schema):
    """A message, and for whom it speaks."""

    id = fields.String()
    side = fields.String(validate=validate.OneOf(SIDES))
    space = fields.String(allow_none=True)
    text = fields.String()
    written_at = fields.Instant()


class SaidSchema(Schema):
    """Something said: how it was opened, a message, or how it ended."""

    kind = fields.String(
        validate=validate.OneOf(["opened", "message", "upheld", "refused", "accepted", "withdrawn"])
    )
    side = fields.String(validate=validate.OneOf(SIDES))
    space = fields.String(allow_none=True)
    person = fields.String(allow_none=True, metadata={"description": "Who wrote it, if known."})
    text = fields.String()
    at = fields.Instant()


class ThreadSchema(Schema):
    """A dispute with all that was said, the oldest first.

    Answers are awaited until `answer_by`; `days_left` counts down, null once it has ended.
    """

    dispute = fields.Nested(DisputeSchema)
    answer_by = fields.Date()
    days_left = fields.Integer(allow_none=True)
    said = fields.List(fields.Nested(SaidSchema))
