"""The journals of desks without network: which numbers came, and for which check-ins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "journal_entries",
        sa.Column("journal", sa.String(43), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("check_in", sa.String(36), nullable=False),
        sa.Column("space", sa.String(60), nullable=False),
        sa.Column("bundle", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_in"], ["check_ins.id"], name=op.f("fk_journal_entries_check_in")
        ),
        sa.ForeignKeyConstraint(["space"], ["spaces.slug"], name=op.f("fk_journal_entries_space")),
        sa.PrimaryKeyConstraint("journal", "number", "check_in", name=op.f("pk_journal_entries")),
    )
    op.create_index(op.f("ix_journal_entries_space"), "journal_entries", ["space"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("journal_entries")
