"""Plans, passes, what is used of them, and their tickets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("home", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("units", sa.Integer(), nullable=True),
        sa.Column("validity_months", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("volunteer_price_cents", sa.Integer(), nullable=True),
        sa.Column("golden_tickets", sa.Integer(), nullable=False),
        sa.Column("notional_units", sa.Integer(), nullable=True),
        sa.Column("roaming", sa.Boolean(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["home"], ["spaces.slug"], name=op.f("fk_plans_home")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("home", "code", "version", name=op.f("uq_plans_home_code_version")),
    )
    op.create_table(
        "passes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("network", sa.String(length=60), nullable=False),
        sa.Column("home", sa.String(length=60), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("volunteer", sa.Boolean(), nullable=False),
        sa.Column("price_paid_cents", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["holder_id"], ["holders.id"], name=op.f("fk_passes_holder_id")),
        sa.ForeignKeyConstraint(["home"], ["spaces.slug"], name=op.f("fk_passes_home")),
        sa.ForeignKeyConstraint(["network"], ["networks.slug"], name=op.f("fk_passes_network")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_passes_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passes")),
        sa.UniqueConstraint("home", "reference", name=op.f("uq_passes_home_reference")),
    )
    op.create_index(op.f("ix_passes_holder_id"), "passes", ["holder_id"], unique=False)
    op.create_index(op.f("ix_passes_network"), "passes", ["network"], unique=False)
    op.create_table(
        "pass_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pass_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["pass_id"], ["passes.id"], name=op.f("fk_pass_events_pass_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_events")),
    )
    op.create_index(op.f("ix_pass_events_pass_id"), "pass_events", ["pass_id"], unique=False)
    op.create_table(
        "pass_usages",
        sa.Column("pass_id", sa.String(length=32), nullable=False),
        sa.Column("bucket", sa.String(length=7), nullable=False),
        sa.Column("units_used", sa.Integer(), nullable=False),
        sa.Column("golden_used", sa.Integer(), nullable=False),
        sa.Column("value_given_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("golden_used >= 0", name=op.f("ck_pass_usages_golden_used")),
        sa.CheckConstraint("units_used >= 0", name=op.f("ck_pass_usages_units_used")),
        sa.ForeignKeyConstraint(["pass_id"], ["passes.id"], name=op.f("fk_pass_usages_pass_id")),
        sa.PrimaryKeyConstraint("pass_id", "bucket", name=op.f("pk_pass_usages")),
    )
    op.create_table(
        "tickets",
        sa.Column("jti", sa.String(length=32), nullable=False),
        sa.Column("pass_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("kid", sa.String(length=16), nullable=False),
        sa.Column("payload_hash", sa.String(length=43), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("golden_month", sa.String(length=7), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=True),
        sa.ForeignKeyConstraint(["pass_id"], ["passes.id"], name=op.f("fk_tickets_pass_id")),
        sa.PrimaryKeyConstraint("jti", name=op.f("pk_tickets")),
        sa.UniqueConstraint("code", name=op.f("uq_tickets_code")),
    )
    op.create_index("ix_tickets_pass_id_kind", "tickets", ["pass_id", "kind"], unique=False)
    op.create_table(
        "pass_requests",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("pass_id", sa.String(length=32), nullable=True),
        sa.Column("jti", sa.String(length=32), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["jti"], ["tickets.jti"], name=op.f("fk_pass_requests_jti")),
        sa.ForeignKeyConstraint(["pass_id"], ["passes.id"], name=op.f("fk_pass_requests_pass_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_requests")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("pass_requests")
    op.drop_table("tickets")
    op.drop_table("pass_usages")
    op.drop_table("pass_events")
    op.drop_table("passes")
    op.drop_table("plans")
