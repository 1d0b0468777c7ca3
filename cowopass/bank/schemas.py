"""The shapes of bank statements that come in, and of what was made of them."""

from __future__ import annotations

from marshmallow import Schema, validate

from cowopass import fields


class UploadQuerySchema(Schema):
    """Which file a body is."""

    account = fields.Text(
        load_default=None,
        longest=42,
        metadata={"description": "The IBAN that it is of; a CSV file needs it."},
    )
    name = fields.Text(load_default="", shortest=0, longest=200, metadata={"example": "releve.xml"})


class BankImportSchema(Schema):
    """What an import came to, in movements; see docs/reference/bank-files.md."""

    file = fields.String(attribute="file_id", metadata={"example": "bnk_3f9a0c5b7e21d684"})
    is_new = fields.Boolean(metadata={"description": "False when these very bytes came before."})
    lines = fields.Integer()
    repeated = fields.Integer()
    unrelated = fields.Integer()
    twins = fields.Integer()
    matched = fields.Integer()
    bounced = fields.Integer()
    suggested = fields.Integer()
    unmatched = fields.Integer()
    surplus_cents = fields.Integer()


class OptionSchema(Schema):
    """What an entry may be of; `is_bounce`: it takes back what was paid of these transfers."""

    transfers = fields.List(fields.String())
    is_bounce = fields.Boolean()


class EntrySchema(Schema):
    """A movement on the account of a space or the fund; above zero came in."""

    id = fields.String(metadata={"example": "ent_3f9a0c5b7e21d684"})
    account = fields.String()
    booked_on = fields.Date()
    amount_cents = fields.Integer(metadata={"example": 900})
    name = fields.String()
    iban = fields.String()
    texts = fields.List(fields.String())
    is_return = fields.Boolean()
    reason = fields.String()
    state = fields.String(validate=validate.OneOf(["open", "matched", "ignored", "twin"]))
    surplus_cents = fields.Integer()
    transfers = fields.List(fields.String(), metadata={"description": "Those it was matched to."})
    options = fields.List(
        fields.Nested(OptionSchema), metadata={"description": "To be confirmed; likeliest first."}
    )


class EntriesSchema(Schema):
    """Entries of bank statements, the latest first."""

    entries = fields.List(fields.Nested(EntrySchema))


class EntriesQuerySchema(Schema):
    """Which entries."""

    state = fields.String(
        load_default=None, validate=validate.OneOf(["open", "matched", "ignored", "twin"])
    )


class ConfirmSchema(Schema):
    """The transfers that an entry is of; none for the likeliest ones."""

    transfers = fields.List(
        fields.Text(longest=32), load_default=list, validate=validate.Length(max=50)
    )
