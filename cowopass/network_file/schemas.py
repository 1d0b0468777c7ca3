"""The network file, which `cowopass load` reads: docs/reference/network-file.md has every key.

The items of lists that errors are reported on one by one (`agreements`, `spaces`, and a space's
`prices` and `plans`) have schemas of their own and stand in no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from marshmallow import Schema, ValidationError, post_load, validate, validates_schema

from cowopass import fields
from cowopass.fields import Checked
from cowopass.legal.schemas import AddressSchema, FundSchema, LegalSchema
from cowopass.network_file.fields import (
    Degrees,
    OpeningHoursSchema,
    Prose,
    check_phone,
    check_timezone,
)
from cowopass.networks.legal import check_currency
from cowopass.networks.terms import FirstMonth, TermsSchema
from cowopass.spaces.ribbons import WEAVES
from cowopass.voting.charters import CharterSchema
from wallet.plan import PlanKind

LONGEST_LIST = 50
"""The most items of a list of a space's identity, so that its page stays readable."""

MOST_MONTHS = 60

NATURAL, POSITIVE = validate.Range(min=0), validate.Range(min=1)


class NetworkSchema(Schema):
    """A network. What is left out of one that exists stays as it is."""

    slug = fields.Participant(required=True)
    name = fields.Text(required=True)
    timezone = Checked(check_timezone, required=True)
    currency = Checked(check_currency, required=True)
    fund = fields.Nested(FundSchema, allow_none=True)
    payment_reminder_days = fields.List(
        fields.WholeNumber(validate=validate.Range(1, 365)), validate=validate.Length(max=10)
    )
    charter = fields.Nested(CharterSchema)


class AgreementSchema(TermsSchema):
    """A version of an agreement. Given whole: what is left out has the value of the terms."""

    home = fields.Slug(required=True)
    host = fields.Slug(required=True)
    effective_from = FirstMonth(required=True)


class CapacitySchema(Schema):
    """How many people a space holds; null where it sets no limit."""

    comfortable = fields.WholeNumber(load_default=None, allow_none=True, validate=POSITIVE)
    maximum = fields.WholeNumber(load_default=None, allow_none=True, validate=POSITIVE)

    @validates_schema
    def check_order(self, data: Mapping[str, Any], **_context: Any) -> None:  # noqa: ANN401
        """Refuse more people at ease than there can be at all."""
        comfortable, maximum = data.get("comfortable"), data.get("maximum")
        if comfortable and maximum and comfortable > maximum:
            raise ValidationError({"comfortable": [f"{comfortable} is more than {maximum}."]})


class RoomSchema(Schema):
    """A room, how many can sit in it, and what it is for."""

    name = fields.Text(required=True)
    seats = fields.WholeNumber(required=True, validate=POSITIVE)
    use = fields.Text()


def _texts() -> fields.List[str]:
    return fields.List(fields.Text(), validate=validate.Length(max=LONGEST_LIST))


class SpaceSchema(Schema):
    """A space's identity and legal side. What is left out of one that exists stays as it is."""

    slug = fields.Participant(required=True)
    name = fields.Text(required=True)
    capacity = fields.Nested(CapacitySchema)
    visitors_per_day = fields.WholeNumber(allow_none=True, validate=NATURAL)
    joins_on = fields.Date(allow_none=True)
    leaves_on = fields.Date(allow_none=True)
    suspended_on = fields.Date(allow_none=True)
    legal = fields.Nested(LegalSchema, allow_none=True)
    presentation = Prose(validate=validate.Length(max=5000))
    good_at = _texts()
    equipment = _texts()
    transport = _texts()
    address = fields.Nested(AddressSchema)
    latitude = Degrees(90, allow_none=True)
    longitude = Degrees(180, allow_none=True)
    opening_hours = fields.Nested(OpeningHoursSchema)
    closed_days = fields.List(fields.Date(), validate=validate.Length(max=366))
    rooms = fields.List(fields.Nested(RoomSchema), validate=validate.Length(max=LONGEST_LIST))
    email = fields.Email(allow_none=True, validate=validate.Length(max=254))
    phone = Checked(check_phone, longest=32, allow_none=True)
    website = fields.Url(
        schemes={"http", "https"}, allow_none=True, validate=validate.Length(max=300)
    )
    hue = fields.WholeNumber(allow_none=True, validate=validate.Range(0, 359))
    weave = fields.String(allow_none=True, validate=validate.OneOf(WEAVES))

    @validates_schema
    def check_days(self, data: Mapping[str, Any], **_context: Any) -> None:  # noqa: ANN401
        """Refuse a space that leaves before it has joined."""
        joins_on, leaves_on = data.get("joins_on"), data.get("leaves_on")
        if joins_on and leaves_on and leaves_on < joins_on:
            raise ValidationError({"leaves_on": [f"It is before joins_on, {joins_on}."]})

    @post_load
    def flatten(self, data: dict[str, Any], **_context: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the columns of a space, and its `legal` if that was given."""
        if "capacity" in data:
            capacity = data.pop("capacity")
            data |= {f"capacity_{name}": value for name, value in capacity.items()}
        if "closed_days" in data:
            data["closed_days"] = sorted({day.isoformat() for day in data["closed_days"]})
        return data


class PriceSchema(Schema):
    """What a space charges visitors for a unit from a day on, in cents with tax."""

    unit = fields.Unit(required=True)
    amount_cents = fields.Cents(required=True)
    effective_from = fields.Date(required=True)


class PlanSchema(Schema):
    """What a space sells. Given whole: what is left out has the value told here."""

    code = fields.Slug(required=True)
    name = fields.Text(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(get_args(PlanKind)))
    unit = fields.Unit(required=True)
    units = fields.WholeNumber(load_default=None, allow_none=True, validate=POSITIVE)
    validity_months = fields.WholeNumber(required=True, validate=validate.Range(1, MOST_MONTHS))
    price_cents = fields.Cents(required=True)
    volunteer_price_cents = fields.Cents(load_default=None, allow_none=True)
    golden_tickets = fields.WholeNumber(load_default=0, validate=NATURAL)
    notional_units = fields.WholeNumber(load_default=None, allow_none=True, validate=POSITIVE)
    roaming = fields.Flag(load_default=True)
    is_offered = fields.Flag(data_key="offered", load_default=True)

    @validates_schema
    def check_kind(self, data: Mapping[str, Any], **_context: Any) -> None:  # noqa: ANN401
        """Refuse units that a plan of this kind does not have, or has to have."""
        faults = {
            name: [words]
            for name, kinds, allowed, words in _KIND_RULES
            if data["kind"] in kinds and not allowed(data[name])
        }
        if faults:
            raise ValidationError(faults)

    @post_load
    def count_single(self, data: dict[str, Any], **_context: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return the plan with the one unit that a single has."""
        return {**data, "units": 1} if data["kind"] == "single" else data


def _is_none(units: int | None) -> bool:
    return units is None


def _is_given(units: int | None) -> bool:
    return units is not None


def _is_one(units: int | None) -> bool:
    return units in {None, 1}


_KIND_RULES = (
    ("units", {"unlimited"}, _is_none, "An unlimited plan has no units: null."),
    ("units", {"quota", "book"}, _is_given, "A quota or a book needs its number of units."),
    ("units", {"single"}, _is_one, "A single has one unit."),
    (
        "notional_units",
        {"unlimited"},
        _is_given,
        "An unlimited plan needs the number of days that a month's price is thought to pay.",
    ),
    (
        "notional_units",
        {"quota", "book", "single"},
        _is_none,
        "Only an unlimited plan has notional units.",
    ),
)
"""For a field and the kinds of plan: what it must be, and the sentence when it is not."""
