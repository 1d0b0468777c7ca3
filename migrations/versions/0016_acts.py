"""The log of acts, which only grows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cowopass.ledger import append_only

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and set its triggers."""
    op.create_table(
        "acts",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.String(length=32), nullable=False),
        sa.Column("network", sa.String(length=60), nullable=True),
        sa.Column("space", sa.String(length=60), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["network"], ["networks.slug"], name=op.f("fk_acts_network")),
        sa.ForeignKeyConstraint(["space"], ["spaces.slug"], name=op.f("fk_acts_space")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_acts")),
    )
    op.create_index(op.f("ix_acts_network"), "acts", ["network"])
    op.create_index(op.f("ix_acts_space"), "acts", ["space"])
    append_only.refuse_changes(op.get_bind(), append_only.ALL)


def downgrade() -> None:
    """Drop the table; the ledger's triggers stay."""
    append_only.allow_changes(op.get_bind(), append_only.ALL)
    op.drop_table("acts")
    append_only.refuse_changes(op.get_bind())
