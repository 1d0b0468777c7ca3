"""The bundles that desks decide by without network: which there were, and since when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "issued_bundles",
        sa.Column("space", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["space"], ["spaces.slug"], name=op.f("fk_issued_bundles_space")),
        sa.PrimaryKeyConstraint("space", "number", name=op.f("pk_issued_bundles")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("issued_bundles")
