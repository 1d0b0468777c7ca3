"""The shapes of what a proposal would decide, kind by kind."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from marshmallow import Schema, ValidationError, validate

from cowopass import fields
from cowopass.errors import EmailInvalid
from cowopass.mail.service import check_address
from cowopass.networks.terms import FirstMonth
from cowopass.people.holders import plain_email
from cowopass.voting.charters import CharterSchema

LAST_DAY = date(2999, 12, 31)
"""No decision takes effect after it: there are days to count behind it."""

SoldDays = Literal["honoured", "bought_back", "refunded"]
"""What becomes of the passes of a space that leaves.

`honoured`: they stay good elsewhere until they end, and it pays for the visits. `bought_back`: they
are good nowhere else any more, and it buys them back one by one. `refunded`: they end with its last
day, and what is unused is given back.
"""

SOLD_DAYS: tuple[SoldDays, ...] = get_args(SoldDays)


class _Spoken(Schema):
    """When a decision on a space, or on how to vote, takes effect."""

    effective_from = fields.Date(
        load_default=None, allow_none=True, validate=validate.Range(max=LAST_DAY)
    )


class RuleSchema(Schema):
    """Between which networks a rule is, and from which month on."""

    home = fields.Slug()
    host = fields.Slug()
    effective_from = FirstMonth(load_default=None, allow_none=True)


class SpaceSchema(_Spoken):
    """Whose membership a decision is about."""

    space = fields.Slug(required=True)


def _can_be_mailed(email: str) -> None:
    """Refuse now what the invitation would be refused for when the vote has passed."""
    try:
        check_address(plain_email(email) or "")
    except EmailInvalid as error:
        raise ValidationError("No mail can go to this address.") from error


class JoinSchema(SpaceSchema):
    """Of a space that joins: its name, and who is invited to be its first host."""

    space = fields.Participant(required=True)
    name = fields.Text(load_default=None, allow_none=True)
    email = fields.Email(
        load_default=None, allow_none=True, validate=[validate.Length(max=254), _can_be_mailed]
    )


class LeaveSchema(SpaceSchema):
    """Of a space that leaves: what becomes of its passes."""

    sold_days = fields.String(load_default="honoured", validate=validate.OneOf(SOLD_DAYS))


class CharterVoteSchema(CharterSchema, _Spoken):
    """How a network would vote, whole, and from which day on."""
