"""The shapes of invoices over HTTP. Amounts are in cents; days are local dates."""

from __future__ import annotations

from typing import get_args

from marshmallow import Schema, validate

from cowopass import fields
from cowopass.invoicing.bills import BillKind
from cowopass.invoicing.parties import Lack
from cowopass.networks.legal import REGIMES


class InvoiceQuerySchema(Schema):
    """The format of an invoice: the Factur-X PDF, or its CII data alone."""

    format = fields.String(load_default="pdf", validate=validate.OneOf(["pdf", "xml"]))


class BillSchema(Schema):
    """What invoices and drafts have in common. `issuer` is a space, or `fund` for the levy.

    `about` is the number of the invoice that a credit note takes back, or an invoice replaces.
    """

    kind = fields.String(validate=validate.OneOf(get_args(BillKind)))
    issuer = fields.String(metadata={"example": "comptoir-numerique"})
    recipient = fields.String(metadata={"example": "la-rubanerie"})
    about = fields.String(allow_none=True)
    regime = fields.String(validate=validate.OneOf(REGIMES))
    first_on = fields.Date(metadata={"description": "Of the first visit."})
    last_on = fields.Date(metadata={"description": "Of the last visit."})
    net_cents = fields.Integer(metadata={"example": 5000})
    vat_cents = fields.Integer(metadata={"example": 1000})
    rounding_cents = fields.Integer(metadata={"example": 0})
    gross_cents = fields.Integer(metadata={"example": 6000})


class InvoiceSchema(BillSchema):
    """An invoice or credit note with its number."""

    number = fields.String(metadata={"example": "COMPTOIR-NUMERIQUE-2026-000001"})
    period = fields.String(metadata={"example": "2026-11"})
    issued_on = fields.Date()
    due_on = fields.Date()


class DraftSchema(BillSchema):
    """An invoice that its issuer numbers and sends itself; `name` is that of its file."""

    name = fields.String(metadata={"example": "brouillon-2026-11-b-c-franchise-2026-11-12"})


class MissingSchema(Schema):
    """Something that a space, or the `fund`, has to give before it can be invoiced."""

    who = fields.String(metadata={"example": "la-rubanerie"})
    what = fields.String(validate=validate.OneOf(get_args(Lack)))


class IssuedSchema(Schema):
    """The invoices issued with a month; `waiting` is how many more issuing it would number."""

    network = fields.String(metadata={"example": "sainte"})
    period = fields.String(metadata={"example": "2026-11"})
    invoices = fields.List(fields.Nested(InvoiceSchema))
    drafts = fields.List(fields.Nested(DraftSchema))
    missing = fields.List(fields.Nested(MissingSchema))
    waiting = fields.Integer(metadata={"example": 0})
