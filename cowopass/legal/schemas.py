"""The legal side of a space or of a fund, as files, calls and forms give it: checked, and flat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from marshmallow import Schema, ValidationError, post_load, validate, validates_schema

from cowopass import fields
from cowopass.fields import Checked
from cowopass.legal.lacks import Gap
from cowopass.networks.legal import (
    REGIMES,
    check_bic,
    check_country,
    check_iban,
    check_siren,
    check_siret,
    check_vat_number,
)

SIREN_DIGITS = 9
CONTEST_DAYS = validate.Range(0, 365)


class AddressSchema(Schema):
    """A structured address; keys left out are empty."""

    building_number = fields.Text(longest=16, allow_none=True)
    street_name = fields.Text(longest=70, allow_none=True)
    postcode = fields.Text(longest=16, allow_none=True)
    town = fields.Text(longest=70, allow_none=True)
    country = Checked(check_country, allow_none=True)


class VatSchema(Schema):
    """How somebody stands to VAT from a day on."""

    regime = fields.String(required=True, validate=validate.OneOf(REGIMES))
    effective_from = fields.Date(required=True)


class EntitySchema(Schema):
    """What a space's legal side and a fund have in common. Given whole: left out means empty."""

    form = fields.Text(longest=60, allow_none=True, load_default=None)
    siren = Checked(check_siren, allow_none=True, load_default=None)
    siret = Checked(check_siret, allow_none=True, load_default=None)
    vat_number = Checked(check_vat_number, allow_none=True, load_default=None)
    iban = Checked(check_iban, allow_none=True, load_default=None)
    bic = Checked(check_bic, allow_none=True, load_default=None)
    address = fields.Nested(AddressSchema, allow_none=True, load_default=None)
    vat = fields.List(fields.Nested(VatSchema), load_default=list)

    @validates_schema
    def check_numbers(self, data: Mapping[str, Any], **_context: Any) -> None:  # noqa: ANN401
        """Refuse a SIREN and a SIRET that are not of the same company, and a day told twice."""
        siren, siret = data.get("siren"), data.get("siret")
        if siren and siret and not siret.startswith(siren):
            raise ValidationError({"siren": [f"{siren} is not how the SIRET {siret} begins."]})
        days = [version["effective_from"] for version in data.get("vat", ())]
        for place, day in enumerate(days):
            if day in days[:place]:
                raise ValidationError(
                    {"vat": {place: {"effective_from": [f"{day} stands twice."]}}}
                )

    @post_load
    def flatten(self, data: dict[str, Any], **_context: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the columns of a legal entity, and its `vat`."""
        address = data.pop("address") or {}
        siret = data["siret"]
        data["siren"] = data["siren"] or (siret and siret[:SIREN_DIGITS])
        return {**data, **{name: address.get(name) for name in AddressSchema().fields}}


class LegalSchema(EntitySchema):
    """Who invoices for a space, and where its money goes."""

    name = fields.Text(required=True)
    self_billing_mandate_on = fields.Date(allow_none=True, load_default=None)
    self_billing_mandate_until = fields.Date(allow_none=True, load_default=None)
    self_billing_contest_days = fields.WholeNumber(
        allow_none=True, load_default=None, validate=CONTEST_DAYS
    )

    @validates_schema
    def check_mandate(self, data: Mapping[str, Any], **_context: Any) -> None:  # noqa: ANN401
        """Refuse a mandate that ends before it was given."""
        given_on, until = (data.get(f"self_billing_mandate_{name}") for name in ("on", "until"))
        if until and (given_on is None or until < given_on):
            message = "It is before self_billing_mandate_on." if given_on else "No mandate to end."
            raise ValidationError({"self_billing_mandate_until": [message]})


class FundSchema(EntitySchema):
    """The association that holds a network's common fund."""

    name = fields.Text(required=True, data_key="holder")


class ShownVatSchema(Schema):
    """How a space stands to VAT from a day on."""

    regime = fields.String(validate=validate.OneOf(REGIMES))
    effective_from = fields.Date()


class ShownLegalSchema(Schema):
    """Who stands behind a space; every key but `name` may be null."""

    name = fields.String(metadata={"example": "Association La Passerelle"})
    form = fields.String(allow_none=True, metadata={"example": "association"})
    siren = fields.String(allow_none=True, metadata={"example": "999000011"})
    siret = fields.String(allow_none=True, metadata={"example": "99900001100018"})
    vat_number = fields.String(allow_none=True, metadata={"example": "FR66999000011"})
    iban = fields.String(allow_none=True, metadata={"example": "FR7630004000010000000000136"})
    bic = fields.String(allow_none=True, metadata={"example": None})
    address = fields.Nested(AddressSchema)
    vat = fields.List(fields.Nested(ShownVatSchema))
    self_billing_mandate_on = fields.Date(allow_none=True)
    self_billing_mandate_until = fields.Date(allow_none=True)
    self_billing_contest_days = fields.Integer(allow_none=True, metadata={"example": 15})


class TouchedSchema(Schema):
    """A month with days under a regime told late, and the invoices to be made out anew."""

    month = fields.String(metadata={"example": "2026-10"})
    invoices = fields.List(fields.String(), attribute="numbers")


class SpaceLegalSchema(Schema):
    """The legal side of a space, null where nobody has given any, and what it lacks."""

    space = fields.String(metadata={"example": "passerelle"})
    legal = fields.Nested(ShownLegalSchema, allow_none=True)
    lacks = fields.List(
        fields.String(validate=validate.OneOf(get_args(Gap))), metadata={"example": ["iban"]}
    )


class SavedLegalSchema(SpaceLegalSchema):
    """A legal side that was written, and the months that a regime told late touches."""

    touched = fields.List(fields.Nested(TouchedSchema))
