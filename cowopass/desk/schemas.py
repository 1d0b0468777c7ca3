"""What desks send, and what they are answered."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, validate, validates_schema

from cowopass import fields
from cowopass.desk.facts import EARLIEST, LATEST

LARGEST_BATCH = 500

ID = "7d8f0c1e-58c5-4b35-9a4f-0a7c2f0e9b11"


class OverrideSchema(Schema):
    """Why the host lets someone in although the space is closed or full."""

    reason = fields.Text(required=True, longest=300, metadata={"example": "We made room"})


class ScanSchema(Schema):
    """A ticket shown at a space: a scanned `token` (or its address), or a typed `code`."""

    id = fields.ClientId(
        required=True,
        metadata={
            "description": "Made by the client: the same id with the same body is one visit.",
            "example": ID,
        },
    )
    token = fields.String(
        load_default=None,
        validate=validate.Length(1),
        metadata={"description": "What the QR code says, or a compact JWS."},
    )
    code = fields.String(
        load_default=None, validate=validate.Length(1, 40), metadata={"example": "9KC5-R2YV"}
    )
    space = fields.Slug(required=True, metadata={"example": "rubanerie"})
    unit = fields.Unit(
        load_default=None,
        allow_none=True,
        metadata={"description": "The plan's if left out.", "example": "day"},
    )
    at = fields.Instant(
        load_default=None,
        allow_none=True,
        validate=validate.Range(EARLIEST, LATEST),
        metadata={"description": "When it was scanned; counts with `offline` only."},
    )
    offline = fields.Boolean(
        load_default=False,
        truthy={True},
        falsy={False},
        metadata={"description": "It has happened, while the desk had no network."},
    )
    override = fields.Nested(OverrideSchema, load_default=None, allow_none=True)
    # Without a default: a body that does not name it has the same hash as ever.
    kind = fields.String(
        validate=validate.OneOf(["normal", "golden"]),
        metadata={
            "description": "`golden` uses a golden ticket of the pass shown, not its units.",
            "example": "normal",
        },
    )

    @validates_schema
    def _one_ticket(self, data: dict[str, Any], **_: Any) -> None:  # noqa: ANN401 (marshmallow)
        if (data.get("token") is None) == (data.get("code") is None):
            raise ValidationError("Send either `token` or `code`.", "token")


class BatchItemSchema(ScanSchema):
    """A scan as it is posted alone, or a signed entry of a desk's journal, in `journal` alone."""

    id = fields.ClientId(load_default=None, metadata={"example": ID})
    space = fields.Slug(load_default=None, metadata={"example": "rubanerie"})
    journal = fields.String(
        load_default=None,
        metadata={"description": "A compact JWS, `cowopass-journal+jwt`; the scan is in it."},
    )


class Unread(fields.Nested):
    """A nested object that is handed on as it came: each is read, or refused, on its own."""

    def _deserialize(self, value: Any, *_context: Any, **_options: Any) -> Any:  # noqa: ANN401
        return value


class BatchSchema(Schema):
    """An offline journal: scans in their order, each decided on its own."""

    check_ins = fields.List(
        Unread(BatchItemSchema), required=True, validate=validate.Length(1, LARGEST_BATCH)
    )


class ChargeSchema(Schema):
    """What the visit costs, in cents. The top-up is paid at the desk."""

    host_price_cents = fields.Integer(metadata={"example": 1200})
    pass_value_cents = fields.Integer(metadata={"example": 1363})
    charge_cents = fields.Integer(metadata={"example": 1200})
    levy_cents = fields.Integer(metadata={"example": 60})
    top_up_cents = fields.Integer(metadata={"example": 0})


class CheckInSchema(Schema):
    """A check-in as it is recorded."""

    id = fields.String(metadata={"example": ID})
    state = fields.String(
        validate=validate.OneOf(["accepted", "refused", "voided"]), metadata={"example": "accepted"}
    )
    code = fields.String(allow_none=True, metadata={"description": "Why it was refused."})
    space = fields.String(allow_none=True, metadata={"example": "rubanerie"})
    home = fields.String(allow_none=True, metadata={"example": "comptoir-numerique"})
    plan = fields.String(allow_none=True, metadata={"example": "Voyageur"})
    plan_kind = fields.String(allow_none=True, metadata={"example": "book"})
    plan_unit = fields.String(
        allow_none=True, metadata={"description": "What `units` count.", "example": "day"}
    )
    on = fields.Date(allow_none=True, metadata={"description": "The local day of the visit."})
    at = fields.Instant()
    kind = fields.String(validate=validate.OneOf(["normal", "golden"]))
    source = fields.String(validate=validate.OneOf(["desk", "offline", "import"]))
    unit = fields.String(allow_none=True, metadata={"example": "day"})
    units = fields.Integer(metadata={"description": "Taken from the pass.", "example": 1})
    units_left = fields.Integer(
        allow_none=True,
        metadata={
            "description": "Null for an unlimited pass; golden tickets on a golden visit.",
            "example": 7,
        },
    )
    reentry = fields.Boolean(metadata={"description": "It comes after another that day: free."})
    overused = fields.Boolean(metadata={"description": "Past the last unit, while offline."})
    holder = fields.String(
        allow_none=True, metadata={"description": "The first name.", "example": "Camille"}
    )
    charge = fields.Nested(
        ChargeSchema, allow_none=True, metadata={"description": "Null at home and on re-entry."}
    )
    capped = fields.Boolean(
        metadata={"description": "The month's liability cap made the charge smaller."}
    )
    notes = fields.List(
        fields.String(),
        metadata={"description": "How the charge came about.", "example": ["offline"]},
    )
    override_reason = fields.String(allow_none=True)
    void_reason = fields.String(allow_none=True)
    message = fields.String(
        metadata={
            "description": "A sentence to read aloud.",
            "example": "Bonjour Camille. Il reste 7 journées.",
        }
    )


class FieldErrorSchema(Schema):
    """What is wrong with one field."""

    path = fields.String(metadata={"example": "at"})
    message = fields.String(metadata={"example": "Not a valid aware datetime."})


class BatchResultSchema(CheckInSchema):
    """One result of a batch; `status` is the HTTP status that it would have had alone."""

    id = fields.String(
        allow_none=True,
        metadata={"description": "Null where what was sent had none.", "example": ID},
    )
    status = fields.Integer(metadata={"example": 201})
    errors = fields.List(fields.Nested(FieldErrorSchema))


class BatchResultsSchema(Schema):
    """The results of a batch, in its order."""

    results = fields.List(fields.Nested(BatchResultSchema))


class VoidSchema(Schema):
    """Why a check-in is taken back."""

    reason = fields.Text(required=True, longest=500, metadata={"example": "Scanned by mistake"})


class ListingSchema(Schema):
    """Which check-ins to list: those of a space, from one local day to another."""

    space = fields.Slug(required=True, metadata={"example": "rubanerie"})
    first_on = fields.Date(data_key="from", load_default=None)
    last_on = fields.Date(data_key="to", load_default=None)
    cursor = fields.ClientId(
        load_default=None, metadata={"description": "`next` of a page.", "example": ID}
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class CheckInPageSchema(Schema):
    """A page of check-ins, newest first; `next` is the next page's cursor, null at the end."""

    check_ins = fields.List(fields.Nested(CheckInSchema))
    next = fields.String(allow_none=True)


class OccupancySchema(Schema):
    """Who is in a space now. There is no check-out: a half-day counts for five hours."""

    space = fields.String(metadata={"example": "rubanerie"})
    as_of = fields.Instant()
    capacity = fields.Integer(
        allow_none=True, metadata={"description": "Comfortable seats.", "example": 25}
    )
    maximum = fields.Integer(allow_none=True, metadata={"example": 35})
    present = fields.Integer(metadata={"example": 18})
    free = fields.Integer(allow_none=True, metadata={"example": 7})
    visitors_today = fields.Integer(metadata={"example": 5})
    visitors_per_day = fields.Integer(allow_none=True, metadata={"example": 12})
