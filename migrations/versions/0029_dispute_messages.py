"""What both sides of a dispute say, and who ended it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of messages, and note of disputes who ended them."""
    op.create_table(
        "dispute_messages",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("dispute", sa.String(32), nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("space", sa.String(60), nullable=True),
        sa.Column("person", sa.String(32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispute"], ["disputes.id"], name=op.f("fk_dispute_messages_dispute")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_messages")),
    )
    op.create_index(op.f("ix_dispute_messages_dispute"), "dispute_messages", ["dispute"])
    op.add_column("disputes", sa.Column("decided_by", sa.String(10), nullable=True))
    # Until now only a treasurer decided, or a desk took the visit back.
    op.execute(
        "UPDATE disputes SET decided_by = 'treasurer' WHERE decided_at IS NOT NULL AND (check_in"
        " IS NULL OR check_in NOT IN (SELECT id FROM check_ins WHERE state = 'voided'))"
    )


def downgrade() -> None:
    """Forget what was said; how each dispute ended stays."""
    with op.batch_alter_table("disputes") as table:
        table.drop_column("decided_by")
    op.drop_table("dispute_messages")
