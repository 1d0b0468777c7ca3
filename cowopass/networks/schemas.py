"""The shapes of networks, agreements and keys that leave the service. Amounts are in cents."""

from __future__ import annotations

from marshmallow import Schema, validate

from cowopass import fields


class PageQuerySchema(Schema):
    """Which page of a list."""

    cursor = fields.Slug(
        load_default=None,
        metadata={"description": "`next` of the page before.", "example": "comptoir-numerique"},
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class RuleSchema(Schema):
    """What a charge is: a share of the difference between prices, or flat amounts."""

    kind = fields.String(validate=validate.OneOf(["difference_share", "flat"]))
    share_bps = fields.Integer(metadata={"example": 10_000})
    cap_at_host_price = fields.Boolean(metadata={"example": True})
    amounts_cents = fields.Dict(keys=fields.Unit(), values=fields.Integer())


class AgreementSchema(Schema):
    """A version of voted rules between a home and a host network. Shares are in basis points."""

    id = fields.String(metadata={"example": "sainte>sainte@2026-09"})
    home = fields.String(metadata={"example": "sainte"})
    host = fields.String(metadata={"example": "sainte"})
    effective_from = fields.String(
        metadata={"description": "Its first month.", "example": "2026-09"}
    )
    rule = fields.Nested(RuleSchema)
    top_up = fields.Boolean()
    golden_share_bps = fields.Integer(metadata={"example": 0})
    levy_bps = fields.Integer(metadata={"example": 500})
    roaming_days_per_month = fields.Integer(allow_none=True, metadata={"example": 5})
    liability_cap_bps = fields.Integer(allow_none=True, metadata={"example": 10_000})
    max_host_price_cents = fields.Integer(allow_none=True, metadata={"example": None})
    offline_paper_per_day = fields.Integer(metadata={"example": 10})
    late_days = fields.Integer(metadata={"example": 5})
    review_days = fields.Integer(metadata={"example": 7})
    netting = fields.String(validate=validate.OneOf(["bilateral", "multilateral"]))
    convention_signed_on = fields.String(allow_none=True, metadata={"example": "2026-08-28"})
    carry_forward_below_cents = fields.Integer(metadata={"example": 100})
    proposal = fields.String(
        allow_none=True,
        metadata={"description": "The proposal that was voted; null: written without a vote."},
    )
    vote = fields.String(
        allow_none=True,
        metadata={"description": "The signed result of the vote, a compact JWS."},
    )


class NetworkSchema(Schema):
    """A network of the open directory. `timezone` is an IANA name, `currency` of ISO 4217."""

    slug = fields.String(metadata={"example": "sainte"})
    name = fields.String(metadata={"example": "Coworking Sainté"})
    timezone = fields.String(metadata={"example": "Europe/Paris"})
    currency = fields.String(metadata={"example": "EUR"})


class VotedNetworkSchema(NetworkSchema):
    """A network with the agreements that are in force and that it is home or host of."""

    agreements = fields.List(fields.Nested(AgreementSchema))


class NetworkPageSchema(Schema):
    """A page of networks by slug; `next` is the cursor of the page after, null at the end."""

    networks = fields.List(fields.Nested(VotedNetworkSchema))
    next = fields.String(allow_none=True)


class JwkSchema(Schema):
    """A public key (RFC 7517); `net` is the only network that it signs for."""

    kty = fields.String(metadata={"example": "EC"})
    crv = fields.String(metadata={"example": "P-256"})
    x = fields.String(metadata={"example": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"})
    y = fields.String(metadata={"example": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})
    use = fields.String(metadata={"example": "sig"})
    alg = fields.String(metadata={"example": "ES256"})
    kid = fields.String(metadata={"example": "oKIywvGUpT"})
    net = fields.String(metadata={"example": "sainte"})


class JwksSchema(Schema):
    """The keys to verify this instance's tickets with; stolen ones are not among them."""

    keys = fields.List(fields.Nested(JwkSchema))


class InstanceSchema(Schema):
    """What another instance needs to know before it talks to this one."""

    protocol = fields.String(metadata={"example": "cowopass/1"})
    instance = fields.String(metadata={"example": "https://pass.example"})
    api = fields.String(metadata={"example": "https://pass.example/api/v1"})
    jwks = fields.String(metadata={"example": "https://pass.example/.well-known/jwks.json"})
    networks = fields.List(fields.Nested(NetworkSchema))


class KeySchema(Schema):
    """A signing key, without its private half.

    `last_exp` is when it need be published no more, in seconds since 1970.
    """

    kid = fields.String(metadata={"example": "oKIywvGUpT"})
    network = fields.String(metadata={"example": "sainte"})
    thumbprint = fields.String()
    state = fields.String(validate=validate.OneOf(["signing", "next", "retired", "compromised"]))
    signs_from = fields.Instant()
    compromised_at = fields.Instant(allow_none=True)
    last_exp = fields.Integer(metadata={"example": 1_800_000_000})
