"""The shapes of months, payments, disputes and simulations over HTTP. Amounts are in cents."""

from __future__ import annotations

from typing import get_args

from marshmallow import Schema, validate

from clearing.line import LineKind, Unit
from clearing.netting import Method
from clearing.period import State
from cowopass import fields

UNITS = get_args(Unit)
TRANSFER_ID = "trf_wkdk4dofkiv2gxjjpdyy"


class PageQuerySchema(Schema):
    """Which page of a list."""

    cursor = fields.Text(
        load_default=None, longest=40, metadata={"description": "`next` of a page."}
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class LineQuerySchema(Schema):
    """Which page of a month's lines."""

    cursor = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0),
        metadata={"description": "`next` of a page."},
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class PositionSchema(Schema):
    """What a participant is owed (above zero) or owes: a space, `fund`, or another network."""

    participant = fields.String(metadata={"example": "comptoir-numerique"})
    amount_cents = fields.Integer(metadata={"example": -1225})
    carried_in_cents = fields.Integer(
        metadata={"description": "The part that comes from the months before.", "example": 0}
    )


class TransferSchema(Schema):
    """A payment that the plan asks for."""

    id = fields.String(metadata={"example": TRANSFER_ID})
    debtor = fields.String(metadata={"example": "comptoir-numerique"})
    creditor = fields.String(metadata={"example": "fund"})
    amount_cents = fields.Integer(metadata={"example": 1215})


class DueSchema(TransferSchema):
    """A transfer of a locked month, and what became of it."""

    paid_cents = fields.Integer(metadata={"example": 0})
    written_off_cents = fields.Integer(metadata={"example": 0})
    bounced_cents = fields.Integer(
        metadata={"description": "What was paid and came back.", "example": 0}
    )
    left_cents = fields.Integer(metadata={"example": 1215})


class CarrySchema(TransferSchema):
    """An amount too small to pay, that both sides take into the next month."""

    since = fields.String(metadata={"example": "2026-11"})


class AlternativeSchema(Schema):
    """How many transfers the other method would make."""

    method = fields.String(validate=validate.OneOf(get_args(Method)))
    transfers = fields.Integer(metadata={"example": 3})


class NettingPlanSchema(Schema):
    """How a month is settled. Before the lock it is a preview, of the lines there are now."""

    method = fields.String(validate=validate.OneOf(get_args(Method)))
    transfers = fields.List(fields.Nested(TransferSchema))
    carried = fields.List(fields.Nested(CarrySchema))
    alternative = fields.Nested(AlternativeSchema)
    preview = fields.Boolean()


class NextStepSchema(Schema):
    """What the treasurer can do next: codes of what keeps her from it, and of what to know first.

    Late visits are awaited until `late_until`, remarks until `review_until`: shown, never gates.
    """

    step = fields.String(validate=validate.OneOf(["review", "lock", "pay"]))
    blocked_by = fields.List(fields.String(), metadata={"example": ["period_not_over"]})
    warnings = fields.List(fields.String(), metadata={"example": ["disputes_open"]})
    late_until = fields.Date(allow_none=True)
    review_until = fields.Date(allow_none=True)


class MonthRowSchema(Schema):
    """A month in the list of a network's months."""

    network = fields.String(metadata={"example": "sainte"})
    period = fields.String(metadata={"example": "2026-11"})
    state = fields.String(validate=validate.OneOf(get_args(State)))
    lines = fields.Integer(metadata={"example": 18})
    locked_at = fields.Instant(allow_none=True)


class MonthsSchema(Schema):
    """The months of a network, newest first."""

    periods = fields.List(fields.Nested(MonthRowSchema))


class MonthSchema(MonthRowSchema):
    """A month: its positions, as they are now, or as they were locked.

    `gross_cents` and `charges` are less reversals and withheld lines. `disputes` counts the open
    ones, `late` the lines of visits of locked months.
    """

    positions = fields.List(fields.Nested(PositionSchema))
    gross_cents = fields.Integer(metadata={"example": 24300})
    fund_cents = fields.Integer(metadata={"example": 1215})
    charges = fields.Integer(metadata={"example": 18})
    disputes = fields.Integer(metadata={"example": 0})
    late = fields.Integer(metadata={"example": 0})
    reviewed_at = fields.Instant(allow_none=True)
    changed_since_review = fields.Boolean()
    root = fields.String(allow_none=True, metadata={"description": "Merkle root, hexadecimal."})
    previous_root = fields.String(allow_none=True)
    transfers = fields.List(fields.Nested(DueSchema))
    next = fields.Nested(NextStepSchema, allow_none=True)


class HeadSchema(Schema):
    """What the network signed at the lock: a compact JWS of root, count, totals and positions."""

    network = fields.String(metadata={"example": "sainte"})
    period = fields.String(metadata={"example": "2026-11"})
    head = fields.String()
    root = fields.String()
    previous_root = fields.String(allow_none=True)
    locked_at = fields.Instant()


class LineSchema(Schema):
    """A line of a month, field by field as it was hashed, and its leaf hash."""

    id = fields.String(metadata={"example": "lin_3f9a0c5b7e21d6843f9a"})
    network = fields.String()
    period = fields.String()
    kind = fields.String(validate=validate.OneOf(get_args(LineKind)))
    debtor = fields.String()
    creditor = fields.String()
    amount_cents = fields.Integer()
    levy_cents = fields.Integer()
    home = fields.String(allow_none=True)
    host = fields.String(allow_none=True)
    on = fields.String(allow_none=True)
    unit = fields.String(allow_none=True)
    visit = fields.String(allow_none=True)
    pseudonym = fields.String(allow_none=True)
    host_price_cents = fields.Integer(allow_none=True)
    pass_value_cents = fields.Integer(allow_none=True)
    top_up_cents = fields.Integer(allow_none=True)
    monthly_price_cents = fields.Integer(allow_none=True)
    agreement = fields.String(allow_none=True)
    check_in = fields.String(allow_none=True)
    reverses = fields.String(allow_none=True)
    late_from = fields.String(allow_none=True)
    since = fields.String(allow_none=True)
    notes = fields.List(fields.String())
    leaf_hash = fields.String()


class LinePageSchema(Schema):
    """A page of lines in leaf order; `next` is the cursor of the page after, null at the end."""

    charges = fields.List(fields.Nested(LineSchema))
    next = fields.Integer(allow_none=True)


class PaymentRequestSchema(Schema):
    """Money seen on a bank statement."""

    id = fields.UUID(
        load_default=None,
        metadata={"description": "Made by the client; sent again, it counts once."},
    )
    transfer = fields.Text(required=True, longest=32, metadata={"example": TRANSFER_ID})
    amount_cents = fields.Cents(
        required=True, validate=validate.Range(min=1), metadata={"example": 1215}
    )
    paid_on = fields.Date(required=True, metadata={"example": "2026-12-12"})


class BounceRequestSchema(Schema):
    """A payment that came back."""

    payment = fields.UUID(required=True, metadata={"description": "The id of the payment."})
    bounced_on = fields.Date(required=True, metadata={"example": "2026-12-14"})
    reason = fields.Text(required=True, longest=500, metadata={"example": "The account is closed"})


class WriteOffRequestSchema(Schema):
    """An amount given up; without `amount_cents`, all that is left of the transfer."""

    id = fields.UUID(load_default=None)
    transfer = fields.Text(required=True, longest=32, metadata={"example": TRANSFER_ID})
    amount_cents = fields.Cents(load_default=None, allow_none=True, validate=validate.Range(min=1))
    reason = fields.Text(required=True, longest=500, metadata={"example": "The space closed"})
    borne_by = fields.String(load_default="creditor", validate=validate.OneOf(["creditor", "fund"]))


class RecordedSchema(Schema):
    """A payment, write-off or bounce as it is recorded.

    `left_cents` is what the transfer still lacks.
    """

    id = fields.String()
    transfer = fields.String(metadata={"example": TRANSFER_ID})
    kind = fields.String(validate=validate.OneOf(["payment", "write_off", "bounce"]))
    amount_cents = fields.Integer(metadata={"example": 1215})
    paid_on = fields.Date()
    reason = fields.String()
    borne_by = fields.String(allow_none=True)
    recorded_at = fields.Instant()
    reverses = fields.String(
        allow_none=True, metadata={"description": "The payment that this bounce takes back."}
    )
    left_cents = fields.Integer(metadata={"example": 0})


class PaymentSchema(RecordedSchema):
    """What was just recorded, and what the month has come to by it."""

    state = fields.String(
        validate=validate.OneOf(get_args(State)),
        metadata={"description": "The month's state now.", "example": "settling"},
    )


class PaymentsSchema(Schema):
    """What was recorded against the transfers of a month, the oldest first."""

    payments = fields.List(fields.Nested(RecordedSchema))
