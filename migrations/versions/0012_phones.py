"""Phones that carry a pass, and the codes that let them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "phones",
        sa.Column("jti", sa.String(32), nullable=False),
        sa.Column("pass_id", sa.String(32), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("bound_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["jti"], ["tickets.jti"], name=op.f("fk_phones_jti")),
        sa.ForeignKeyConstraint(["pass_id"], ["passes.id"], name=op.f("fk_phones_pass_id")),
        sa.PrimaryKeyConstraint("jti", name=op.f("pk_phones")),
    )
    op.create_index(op.f("ix_phones_pass_id"), "phones", ["pass_id"])
    op.create_index(op.f("ix_phones_secret_hash"), "phones", ["secret_hash"])
    op.create_table(
        "binding_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pass_id", sa.String(32), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["pass_id"], ["passes.id"], name=op.f("fk_binding_codes_pass_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding_codes")),
    )
    op.create_index(op.f("ix_binding_codes_pass_id"), "binding_codes", ["pass_id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("binding_codes")
    op.drop_table("phones")
