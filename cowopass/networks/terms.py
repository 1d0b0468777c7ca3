"""What spaces vote on, as it comes in: in a network file, or in a proposal."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema, ValidationError, validate
from marshmallow import fields as marshmallow_fields

from clearing.errors import TermsInvalid
from clearing.valuation import terms_from_json, terms_to_json
from cowopass import fields
from cowopass.fields import LARGEST_INTEGER

_MONTH_AND_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

WHOLE = validate.Range(0, 10_000)
"""A share in basis points, up to the whole."""

DAYS = validate.Range(0, 60)
NATURAL = validate.Range(min=0)


class FirstMonth(fields.Month):
    """The month, YYYY-MM, on whose first day a version of an agreement starts."""

    def _deserialize(
        self,
        value: Any,  # noqa: ANN401
        attr: str | None,
        data: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> str:
        if isinstance(value, str) and _MONTH_AND_DAY.fullmatch(value):
            raise ValidationError(
                f"An agreement starts on the first day of a month, not on {value}: "
                f"write the month alone, such as {value[:7]}."
            )
        return super()._deserialize(value, attr, data, **options)


class Rule(marshmallow_fields.Field[dict[str, Any]]):
    """The rule of an agreement, read as `clearing` reads it."""

    def _deserialize(self, value: Any, *_context: Any, **_options: Any) -> dict[str, Any]:  # noqa: ANN401
        try:
            rule = terms_to_json(terms_from_json({"rule": value}))["rule"]
        except TermsInvalid as error:
            below = error.path.removeprefix("rule").removeprefix(".")
            raise ValidationError({below: [error.reason]} if below else error.reason) from error
        assert isinstance(rule, dict)  # noqa: S101 (terms_to_json gives an object)
        amounts = rule.get("amounts_cents", {})
        if any(amount > LARGEST_INTEGER for amount in amounts.values()):
            raise ValidationError({"amounts_cents": ["Out of range."]})
        return rule


class TermsSchema(Schema):
    """The terms of an agreement. What is left out of a whole one has the value told here."""

    rule = Rule(required=True)
    top_up = fields.Flag(load_default=False)
    golden_share_bps = fields.WholeNumber(load_default=0, validate=WHOLE)
    levy_bps = fields.WholeNumber(load_default=0, validate=WHOLE)
    roaming_days_per_month = fields.WholeNumber(
        load_default=None, allow_none=True, validate=validate.Range(0, 31)
    )
    liability_cap_bps = fields.WholeNumber(load_default=None, allow_none=True, validate=NATURAL)
    max_host_price_cents = fields.Cents(load_default=None, allow_none=True)
    offline_paper_per_day = fields.WholeNumber(load_default=10, validate=NATURAL)
    late_days = fields.WholeNumber(load_default=5, validate=DAYS)
    review_days = fields.WholeNumber(load_default=7, validate=DAYS)
    netting = fields.String(
        load_default="bilateral", validate=validate.OneOf(["bilateral", "multilateral"])
    )
    convention_signed_on = fields.Date(load_default=None, allow_none=True)
    carry_forward_below_cents = fields.Cents(load_default=0)
