"""The shapes of passes and tickets over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, validate

from cowopass import fields
from cowopass.errors import DataInvalid
from cowopass.passes.service import Sale


class HolderSchema(Schema):
    """The person who carries a pass, known to its home alone."""

    name = fields.Text(required=True, longest=200, metadata={"example": "Camille Durand"})
    email = fields.Email(
        load_default=None, allow_none=True, metadata={"example": "camille@example.org"}
    )


class RepeatableSchema(Schema):
    """A write that a phone may repeat: the same `id` with the same body happens once."""

    id = fields.UUID(
        load_default=None,
        metadata={
            "description": "Made by the client; sent again, the first result is the answer.",
            "example": "5f2b8c1e-3f0e-4e0c-9d2a-0b1f4a7c6d5e",
        },
    )


class SaleSchema(RepeatableSchema):
    """What a home sells to whom."""

    home = fields.Slug(required=True, metadata={"example": "comptoir-numerique"})
    plan = fields.Slug(required=True, metadata={"example": "voyageur-jours"})
    holder = fields.Nested(HolderSchema, required=True)
    starts_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The first day it holds; without it, today in the network's zone. "
            "From 13 months ago to 12 months ahead.",
            "example": "2026-11-24",
        },
    )
    volunteer = fields.Flag(
        load_default=False, metadata={"description": "Take the plan's volunteer price."}
    )
    reference = fields.Text(
        load_default=None,
        allow_none=True,
        longest=80,
        metadata={"description": "The home's own name for it, unique there.", "example": "C-118"},
    )


def load_body(schema: Schema, body: dict[str, Any]) -> dict[str, Any]:
    """Return a command's options checked as a request's body would be. Raises DataInvalid."""
    try:
        loaded: dict[str, Any] = schema.load(body)
    except ValidationError as error:
        raise DataInvalid(list(_errors(error.messages_dict))) from error
    return loaded


def _errors(messages: Mapping[str, Any], prefix: str = "") -> Iterator[dict[str, Any]]:
    """Yield {"path", "message"} for each of marshmallow's nested messages."""
    for name, found in messages.items():
        if isinstance(found, Mapping):
            yield from _errors(found, f"{prefix}{name}.")
        else:
            yield {"path": f"{prefix}{name}", "message": " ".join(found)}


def sale_of(body: dict[str, Any]) -> Sale:
    """Return the sale that a loaded `SaleSchema` body asks for."""
    return Sale(
        home=body["home"],
        plan=body["plan"],
        holder_name=body["holder"]["name"],
        holder_email=body["holder"]["email"],
        starts_on=body["starts_on"],
        volunteer=body["volunteer"],
        reference=body["reference"],
    )


class GoldenSchema(RepeatableSchema):
    """A golden ticket to hand over."""

    recipient = fields.Email(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Whom it is for, to remember it by.",
            "example": "ami@example.org",
        },
    )


class StopReasonSchema(Schema):
    """Why a pass or ticket is stopped."""

    reason = fields.Text(
        load_default="", shortest=0, longest=500, metadata={"example": "November is not paid"}
    )


class RefundRequestSchema(StopReasonSchema):
    """Why a pass is refunded, and how far a monthly one is paid."""

    paid_through = fields.Month(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The last month paid of a monthly pass; without it, all are.",
            "example": "2026-12",
        },
    )


class TicketLinksSchema(Schema):
    """Pictures of a ticket; whoever has the addresses needs no token."""

    svg = fields.String()
    png = fields.String()
    pdf = fields.String(metadata={"description": "A printable A6 page; `&lang=en` for English."})


class TicketRecordSchema(Schema):
    """A ticket, without what would open a door. A golden one is good once."""

    jti = fields.String(metadata={"example": "tik_3f9a0c5b7e21d684"})
    kind = fields.String(validate=validate.OneOf(["paper", "live", "golden"]))
    code = fields.String(
        allow_none=True,
        metadata={"description": "Null for a live ticket.", "example": "9KC5-R2YV"},
    )
    issued_at = fields.Instant()
    expires_at = fields.Instant()
    recipient = fields.String(allow_none=True)


class WalletLinkSchema(Schema):
    """The link to a holder's wallet: for her alone."""

    url = fields.String(metadata={"example": "https://pass.example/wallet/open/hol_5f1c09.1.Kf3…"})


class BindingCodeSchema(Schema):
    """A code by which one phone may carry a pass: once, before it expires."""

    code = fields.String(metadata={"example": "042817"})
    expires_at = fields.Instant()


class TicketStateSchema(TicketRecordSchema):
    """A ticket of the past or present, and what became of it."""

    revoked_at = fields.Instant(allow_none=True)
    used_at = fields.Instant(allow_none=True)


class TicketSchema(TicketRecordSchema):
    """A ticket just made: the compact JWS, and the address that its QR code says."""

    token = fields.String()
    url = fields.String(metadata={"example": "HTTPS://PASS.EXAMPLE.ORG/T#AABK…"})
    links = fields.Nested(TicketLinksSchema)


class PassSchema(Schema):
    """A pass as it stands today, counts of monthly plans being those of the running month."""

    id = fields.String(metadata={"example": "pas_3f9a0c5b7e21d684"})
    state = fields.String(
        validate=validate.OneOf(["active", "suspended", "expired", "revoked", "refunded"])
    )
    units_left = fields.Integer(
        allow_none=True, metadata={"description": "Null for an unlimited pass.", "example": 11}
    )
    golden_left = fields.Integer(
        metadata={"description": "Golden tickets neither used nor handed over.", "example": 1}
    )
    starts_on = fields.Date()
    valid_until = fields.Date(metadata={"description": "The last day it holds, local."})
    network = fields.String(metadata={"example": "sainte"})
    home = fields.String(metadata={"example": "comptoir-numerique"})
    plan = fields.String(metadata={"example": "voyageur-jours"})
    plan_name = fields.String(metadata={"example": "Voyageur"})
    kind = fields.String(validate=validate.OneOf(["unlimited", "quota", "book", "single"]))
    unit = fields.String(validate=validate.OneOf(["hour", "half_day", "day"]))
    volunteer = fields.Boolean()
    price_paid_cents = fields.Integer(
        metadata={"description": "Tax included; per month for monthly plans.", "example": 15000}
    )
    reference = fields.String(allow_none=True)
    holder = fields.Nested(HolderSchema)


class PassDetailSchema(PassSchema):
    """A pass with its tickets; `ticket` is the newest paper one that still counts."""

    ticket = fields.Nested(TicketRecordSchema, allow_none=True)
    tickets = fields.List(fields.Nested(TicketStateSchema))


class SoldSchema(PassSchema):
    """A pass with the ticket just made for it."""

    ticket = fields.Nested(TicketSchema)


class RefundSchema(Schema):
    """What a holder gets back; `months` for monthly plans only."""

    amount_cents = fields.Integer(metadata={"example": 12273})
    months = fields.Integer(allow_none=True)


class RefundedSchema(PassSchema):
    """A pass that ended with a refund."""

    refund = fields.Nested(RefundSchema)


class PassQuerySchema(Schema):
    """Which passes of a home to list."""

    home = fields.Slug(required=True, metadata={"example": "comptoir-numerique"})
    reference = fields.Text(load_default=None, longest=80)
    cursor = fields.Text(
        load_default=None, longest=40, metadata={"description": "`next` of a page."}
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class PassPageSchema(Schema):
    """A page of passes, newest first; `next` is the cursor of the page after, null at the end."""

    passes = fields.List(fields.Nested(PassSchema))
    next = fields.String(allow_none=True)


class PictureQuerySchema(Schema):
    """How a ticket's picture is asked for: with the holder's link, or a host's token."""

    link = fields.Text(load_default=None, longest=100)
    lang = fields.String(load_default="fr", validate=validate.OneOf(["fr", "en"]))
