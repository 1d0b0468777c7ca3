"""A payment that came back points to the one that it takes back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty: nothing has come back so far."""
    with op.batch_alter_table("payments") as payments:
        payments.add_column(sa.Column("reverses_id", sa.String(36), nullable=True))
        payments.create_unique_constraint(op.f("uq_payments_reverses_id"), ["reverses_id"])
        payments.create_foreign_key(
            op.f("fk_payments_reverses_id"), "payments", ["reverses_id"], ["id"]
        )


def downgrade() -> None:
    """Drop the column; a bounce is then told from its entries alone."""
    with op.batch_alter_table("payments") as payments:
        payments.drop_constraint(op.f("fk_payments_reverses_id"), type_="foreignkey")
        payments.drop_constraint(op.f("uq_payments_reverses_id"), type_="unique")
        payments.drop_column("reverses_id")
