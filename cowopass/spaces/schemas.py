"""The shapes of spaces that leave the service: what anyone may know of them."""

from __future__ import annotations

from marshmallow import Schema

from cowopass import fields
from cowopass.networks.schemas import PageQuerySchema


class SpaceQuerySchema(PageQuerySchema):
    """Which spaces to list."""

    network = fields.Slug(load_default=None, metadata={"example": "sainte"})


class CapacitySchema(Schema):
    """How many people a space holds: at ease, and at most; null where it sets no limit."""

    comfortable = fields.Integer(allow_none=True, metadata={"example": 25})
    maximum = fields.Integer(allow_none=True, metadata={"example": 35})


class PublicAddressSchema(Schema):
    """Where a space is. `country` has two letters."""

    building_number = fields.String(allow_none=True, metadata={"example": "7"})
    street_name = fields.String(allow_none=True, metadata={"example": "Place Maréchal Foch"})
    postcode = fields.String(allow_none=True, metadata={"example": "42000"})
    town = fields.String(allow_none=True, metadata={"example": "Saint-Étienne"})
    country = fields.String(allow_none=True, metadata={"example": "FR"})


class RoomSchema(Schema):
    """A room, how many can sit in it, and what it is for where its space says so."""

    name = fields.String(metadata={"example": "La Cabine"})
    seats = fields.Integer(metadata={"example": 2})
    use = fields.String(metadata={"example": "Pour téléphoner"})


class PriceSchema(Schema):
    """What a visit costs from a day on, in cents with tax."""

    unit = fields.Unit()
    amount_cents = fields.Integer(metadata={"example": 1500})
    effective_from = fields.Date(metadata={"example": "2026-01-01"})


class SpaceSchema(Schema):
    """A space of the open directory.

    `opening_hours` are in its network's time zone, by English weekday. Half a day or an hour
    without a price of its own costs half, or an eighth, of the day.
    """

    slug = fields.String(metadata={"example": "comptoir-numerique"})
    network = fields.String(metadata={"example": "sainte"})
    name = fields.String(metadata={"example": "Le Comptoir Numérique"})
    presentation = fields.String()
    good_at = fields.List(fields.String(), metadata={"example": ["fablab"]})
    equipment = fields.List(fields.String(), metadata={"example": ["Imprimante 3D"]})
    transport = fields.List(fields.String(), metadata={"example": ["Tram à 2 min"]})
    address = fields.Nested(PublicAddressSchema)
    latitude = fields.Float(allow_none=True, metadata={"example": 45.4397})
    longitude = fields.Float(allow_none=True, metadata={"example": 4.3872})
    timezone = fields.String(metadata={"example": "Europe/Paris"})
    opening_hours = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.List(fields.String())),
        metadata={"example": {"monday": [["08:00", "12:00"], ["13:00", "18:00"]]}},
    )
    closed_days = fields.List(fields.String(), metadata={"example": ["2026-12-25"]})
    open_now = fields.Boolean(
        allow_none=True, metadata={"description": "Null for a space that keeps no hours."}
    )
    closes_at = fields.Time(allow_none=True, format="%H:%M", metadata={"example": "18:00"})
    opens_at = fields.Instant(allow_none=True)
    capacity = fields.Nested(CapacitySchema)
    visitors_per_day = fields.Integer(allow_none=True, metadata={"example": 10})
    rooms = fields.List(fields.Nested(RoomSchema))
    email = fields.String(allow_none=True, metadata={"example": "bonjour@comptoir.example"})
    phone = fields.String(allow_none=True, metadata={"example": "+33 4 77 00 00 00"})
    website = fields.String(allow_none=True, metadata={"example": "https://comptoir.example"})
    hue = fields.Integer(allow_none=True, metadata={"example": 264})
    weave = fields.String(allow_none=True, metadata={"example": "chevron"})
    joins_on = fields.Date(allow_none=True)
    leaves_on = fields.Date(allow_none=True)
    suspended_on = fields.Date(allow_none=True)
    reinstated_on = fields.Date(allow_none=True)
    sold_days = fields.String(
        allow_none=True,
        metadata={
            "description": "Its passes once it left: honoured, bought_back or refunded. It is kept "
            "when the space joins again."
        },
    )
    currency = fields.String(metadata={"example": "EUR"})
    prices = fields.List(fields.Nested(PriceSchema))


class SpacePageSchema(Schema):
    """A page of spaces by slug; `next` is the cursor of the page after, null at the end."""

    spaces = fields.List(fields.Nested(SpaceSchema))
    next = fields.String(allow_none=True)
