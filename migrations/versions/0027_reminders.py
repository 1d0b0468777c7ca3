"""Who was reminded of a payment, and on which days after the lock a network reminds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and the column, empty: the usual days hold until a network says others."""
    op.create_table(
        "payment_reminders",
        sa.Column("transfer_id", sa.String(32), nullable=False),
        sa.Column("step_days", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.id"], name=op.f("fk_payment_reminders_transfer_id")
        ),
        sa.PrimaryKeyConstraint("transfer_id", "step_days", name=op.f("pk_payment_reminders")),
    )
    op.add_column("networks", sa.Column("payment_reminder_days", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop both: nobody knows any more who was reminded."""
    op.drop_column("networks", "payment_reminder_days")
    op.drop_table("payment_reminders")
