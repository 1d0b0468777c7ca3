"""Check-ins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "check_ins",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("space", sa.String(length=60), nullable=True),
        sa.Column("home", sa.String(length=60), nullable=True),
        sa.Column("pass_id", sa.String(length=32), nullable=True),
        sa.Column("jti", sa.String(length=32), nullable=True),
        sa.Column("token_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("reentry", sa.Boolean(), nullable=False),
        sa.Column("overused", sa.Boolean(), nullable=False),
        sa.Column("bucket", sa.String(length=7), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("units_left", sa.Integer(), nullable=True),
        sa.Column("host_price_cents", sa.Integer(), nullable=True),
        sa.Column("pass_value_cents", sa.Integer(), nullable=True),
        sa.Column("charge_cents", sa.Integer(), nullable=True),
        sa.Column("levy_cents", sa.Integer(), nullable=True),
        sa.Column("top_up_cents", sa.Integer(), nullable=True),
        sa.Column("agreement", sa.String(length=140), nullable=True),
        sa.Column("line_id", sa.String(length=32), nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["home"], ["spaces.slug"], name=op.f("fk_check_ins_home")),
        sa.ForeignKeyConstraint(["pass_id"], ["passes.id"], name=op.f("fk_check_ins_pass_id")),
        sa.ForeignKeyConstraint(["space"], ["spaces.slug"], name=op.f("fk_check_ins_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
    )
    op.create_index("ix_check_ins_pass_day", "check_ins", ["pass_id", "on"], unique=False)
    op.create_index("ix_check_ins_space_day", "check_ins", ["space", "on"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("check_ins")
