"""The shapes of simulations over HTTP. Amounts are in cents."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, validate, validates_schema

from cowopass import fields


class SpanSchema(Schema):
    """Months in a row, both ends among them; 24 at most."""

    first = fields.Month(required=True, metadata={"example": "2026-07"})
    last = fields.Month(required=True, metadata={"example": "2026-09"})


class SimulationRequestSchema(Schema):
    """A rule to try on a month, or on several. Fields that are left out stay as they were in force.

    `period` or `periods`, one of the two.
    """

    network = fields.Slug(required=True, metadata={"example": "sainte"})
    period = fields.Month(load_default=None, metadata={"example": "2026-09"})
    periods = fields.Nested(SpanSchema, load_default=None)
    agreement = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"example": {"rule": {"kind": "difference_share", "share_bps": 5000}}},
    )

    @validates_schema
    def _check_when(self, data: dict[str, Any], **_: Any) -> None:  # noqa: ANN401 (marshmallow's)
        if (data["period"] is None) == (data["periods"] is None):
            raise ValidationError("give `period` or `periods`, one of the two", "period")


class SideSchema(Schema):
    """The sums of one side of a simulation."""

    gross_cents = fields.Integer()
    fund_cents = fields.Integer()
    charges = fields.Integer()
    transfers = fields.Integer()
    moved_cents = fields.Integer(metadata={"description": "What the transfers move together."})


class DifferenceSchema(Schema):
    """A participant's position on both sides."""

    participant = fields.String(metadata={"example": "la-rubanerie"})
    now_cents = fields.Integer(metadata={"example": 9000})
    then_cents = fields.Integer(metadata={"example": 4880})
    difference_cents = fields.Integer(metadata={"example": -4120})


class ComparedSchema(DifferenceSchema):
    """What would have changed for a participant."""

    name = fields.String(metadata={"example": "La Rubanerie"})
    sentence = fields.String(
        metadata={
            "example": "Avec la règle du point milieu, la Rubanerie aurait reçu 41,20 € de moins "
            "en septembre 2026."
        }
    )


class PassKindCostSchema(Schema):
    """What the visits elsewhere of one kind of pass cost its home. `unknown`: after the purge."""

    home = fields.String(metadata={"example": "la-rubanerie"})
    kind = fields.String(
        validate=validate.OneOf(["unlimited", "quota", "book", "single", "golden", "unknown"])
    )
    visits = fields.Integer(metadata={"example": 14})
    now_cents = fields.Integer(metadata={"example": 21000})
    then_cents = fields.Integer(metadata={"example": 18500})
    difference_cents = fields.Integer(metadata={"example": -2500})


class ReplayedMonthSchema(Schema):
    """One of the months, with its own carries."""

    period = fields.String(metadata={"example": "2026-09"})
    now = fields.Nested(SideSchema)
    then = fields.Nested(SideSchema)
    positions = fields.List(fields.Nested(DifferenceSchema))


class SimulationSchema(Schema):
    """Months as they are and as they would be. Refusals and roaming caps can't be replayed."""

    network = fields.String(metadata={"example": "sainte"})
    period = fields.String(
        allow_none=True, metadata={"example": "2026-09", "description": "Null for several months."}
    )
    periods = fields.Nested(SpanSchema)
    rule = fields.String(
        allow_none=True,
        validate=validate.OneOf(["host_price", "midpoint", "pass_value", "free"]),
        metadata={"description": "The name of the rule tried, if it has one and is not in force."},
    )
    revalued = fields.Integer(metadata={"description": "Charges valued again."})
    kept = fields.Integer(metadata={"description": "Charges that keep their amount."})
    now = fields.Nested(SideSchema)
    then = fields.Nested(SideSchema)
    positions = fields.List(
        fields.Nested(ComparedSchema),
        metadata={"description": "Over all the months; what was carried between them counts once."},
    )
    pass_kinds = fields.List(fields.Nested(PassKindCostSchema))
    months = fields.List(fields.Nested(ReplayedMonthSchema))
