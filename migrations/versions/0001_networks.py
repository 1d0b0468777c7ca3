"""Networks, their agreements and their keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "legal_entities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("form", sa.String(length=60), nullable=True),
        sa.Column("siren", sa.String(length=9), nullable=True),
        sa.Column("siret", sa.String(length=14), nullable=True),
        sa.Column("vat_number", sa.String(length=20), nullable=True),
        sa.Column("iban", sa.String(length=34), nullable=True),
        sa.Column("bic", sa.String(length=11), nullable=True),
        sa.Column("building_number", sa.String(length=16), nullable=True),
        sa.Column("street_name", sa.String(length=70), nullable=True),
        sa.Column("postcode", sa.String(length=16), nullable=True),
        sa.Column("town", sa.String(length=70), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("self_billing_mandate_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_entities")),
    )
    op.create_table(
        "networks",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["fund_id"], ["legal_entities.id"], name=op.f("fk_networks_fund_id")
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_networks")),
    )
    op.create_table(
        "vat_regimes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("legal_entity_id", sa.Integer(), nullable=False),
        sa.Column("regime", sa.String(length=16), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["legal_entity_id"], ["legal_entities.id"], name=op.f("fk_vat_regimes_legal_entity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vat_regimes")),
        sa.UniqueConstraint(
            "legal_entity_id",
            "effective_from",
            name=op.f("uq_vat_regimes_legal_entity_id_effective_from"),
        ),
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.String(length=140), nullable=False),
        sa.Column("home", sa.String(length=60), nullable=False),
        sa.Column("host", sa.String(length=60), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("top_up", sa.Boolean(), nullable=False),
        sa.Column("golden_share_bps", sa.Integer(), nullable=False),
        sa.Column("levy_bps", sa.Integer(), nullable=False),
        sa.Column("roaming_days_per_month", sa.Integer(), nullable=True),
        sa.Column("liability_cap_bps", sa.Integer(), nullable=True),
        sa.Column("max_host_price_cents", sa.Integer(), nullable=True),
        sa.Column("offline_paper_per_day", sa.Integer(), nullable=False),
        sa.Column("late_days", sa.Integer(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("netting", sa.String(length=16), nullable=False),
        sa.Column("convention_signed_on", sa.Date(), nullable=True),
        sa.Column("carry_forward_below_cents", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["home"], ["networks.slug"], name=op.f("fk_agreements_home")),
        sa.ForeignKeyConstraint(["host"], ["networks.slug"], name=op.f("fk_agreements_host")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint(
            "home", "host", "effective_from", name=op.f("uq_agreements_home_host_effective_from")
        ),
    )
    op.create_table(
        "network_keys",
        sa.Column("thumbprint", sa.String(length=43), nullable=False),
        sa.Column("kid", sa.String(length=16), nullable=False),
        sa.Column("network", sa.String(length=60), nullable=False),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("private_pem", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signs_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compromised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_exp", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["network"], ["networks.slug"], name=op.f("fk_network_keys_network")
        ),
        sa.PrimaryKeyConstraint("thumbprint", name=op.f("pk_network_keys")),
    )
    op.create_index(op.f("ix_network_keys_kid"), "network_keys", ["kid"], unique=False)
    op.create_index(op.f("ix_network_keys_network"), "network_keys", ["network"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("network_keys")
    op.drop_table("agreements")
    op.drop_table("vat_regimes")
    op.drop_table("networks")
    op.drop_table("legal_entities")
