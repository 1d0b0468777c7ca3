"""Which draft of its statement a space was sent by e-mail, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "statement_mails",
        sa.Column("network", sa.String(60), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("space", sa.String(60), nullable=False),
        sa.Column("last_line", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["network"], ["networks.slug"], name=op.f("fk_statement_mails_network")
        ),
        sa.ForeignKeyConstraint(["space"], ["spaces.slug"], name=op.f("fk_statement_mails_space")),
        sa.PrimaryKeyConstraint(
            "network", "period", "space", "last_line", name=op.f("pk_statement_mails")
        ),
    )


def downgrade() -> None:
    """Drop the table: nobody knows any more which drafts were sent."""
    op.drop_table("statement_mails")
