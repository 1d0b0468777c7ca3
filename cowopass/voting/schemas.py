"""The shapes of proposals and votes over HTTP."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, validate, validates_schema

from cowopass import fields
from cowopass.voting.rules import CHOICES, KINDS
from cowopass.voting.wanted import SOLD_DAYS

STATES = ("open", "passed", "failed", "withdrawn")
LONGEST_TEXT = 5_000

BELONGING = {
    "rule": {"agreement"},
    "charter": {"charter"},
    "join": {"space", "name", "email"},
    "leave": {"space", "sold_days"},
    "suspend": {"space"},
    "reinstate": {"space"},
}
"""What a proposal of each kind has, beside what all have."""


class ProposeSchema(Schema):
    """A proposal. What else it has depends on its kind.

    `effective_from` is a month for a rule (YYYY-MM), else a day; left out, it is the earliest.
    """

    id = fields.ClientId(load_default=None)
    network = fields.Slug(required=True, metadata={"example": "sainte"})
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    text = fields.String(
        required=True,
        validate=[
            validate.Length(1, LONGEST_TEXT),
            validate.Regexp(r"(?s).*\S", error="Say in your own words what you propose."),
        ],
        metadata={"example": "Partageons la différence en deux."},
    )
    author_space = fields.Slug(
        load_default=None, metadata={"description": "Whose host proposes; null: the treasurer."}
    )
    effective_from = fields.String(load_default=None, metadata={"example": "2027-01"})
    agreement = fields.Dict(
        metadata={
            "description": "The fields of an agreement that would change; `home` and `host` where "
            "they are two networks.",
            "example": {"levy_bps": 300},
        }
    )
    space = fields.Slug(metadata={"description": "Whose membership it is about."})
    name = fields.Text(metadata={"description": "Of a space that joins."})
    email = fields.String(metadata={"description": "Of who will be its first host."})
    sold_days = fields.String(validate=validate.OneOf(SOLD_DAYS))
    charter = fields.Dict(metadata={"description": "How the network votes; whole."})

    @validates_schema
    def check_kind(self, data: dict[str, Any], **_context: Any) -> None:  # noqa: ANN401
        """Refuse what a proposal of this kind does not have, or lacks."""
        wanted = BELONGING[data["kind"]]
        every = set().union(*BELONGING.values())
        strange = [name for name in data if name in every - wanted]
        if strange:
            raise ValidationError({name: ["Not of this kind of proposal."] for name in strange})
        needed = wanted & {"agreement", "charter", "space"}
        missing = [name for name in needed if name not in data]
        if missing:
            raise ValidationError({name: ["Missing data."] for name in missing})


class CastSchema(Schema):
    """What a space votes."""

    space = fields.Slug(required=True, metadata={"example": "la-rubanerie"})
    choice = fields.String(required=True, validate=validate.OneOf(CHOICES))


class ProposalQuerySchema(Schema):
    """Which proposals to list."""

    network = fields.Slug(required=True, metadata={"example": "sainte"})
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))


class ProposalSchema(Schema):
    """A proposal, its votes and its result.

    `electorate` has the voting spaces by network, `charters` how each network votes. `votes` maps
    a space to its vote; until the count that of others is null. `records` has the result, signed
    by each network (a compact JWS). `what_if` has months replayed under the proposed rule.
    """

    id = fields.String(metadata={"example": "pro_6745a1b03f9a0c5b"})
    kind = fields.String(validate=validate.OneOf(KINDS))
    network = fields.String(metadata={"example": "sainte"})
    partner = fields.String(allow_none=True)
    space = fields.String(allow_none=True)
    text = fields.String()
    details = fields.Dict()
    effective_on = fields.Date()
    author_space = fields.String(allow_none=True)
    opened_at = fields.Instant()
    closes_at = fields.Instant()
    charters = fields.Dict()
    electorate = fields.Dict()
    what_if = fields.List(fields.Dict())
    state = fields.String(validate=validate.OneOf(STATES))
    closed_at = fields.Instant(allow_none=True)
    result = fields.Dict(allow_none=True)
    records = fields.Dict(allow_none=True)
    votes = fields.Dict(
        keys=fields.String(),
        values=fields.String(allow_none=True, validate=validate.OneOf([*CHOICES, None])),
    )


class ProposalListSchema(Schema):
    """The proposals of a network, the latest first."""

    proposals = fields.List(fields.Nested(ProposalSchema))
