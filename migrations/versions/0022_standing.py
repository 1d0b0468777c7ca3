"""A space that was suspended has a day when it is back, and one that left its sold days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("spaces", sa.Column("reinstated_on", sa.Date(), nullable=True))
    op.add_column("spaces", sa.Column("sold_days", sa.String(12), nullable=True))


def downgrade() -> None:
    """Drop them: a suspension has no end then, and no passes of a space that left roam."""
    op.drop_column("spaces", "sold_days")
    op.drop_column("spaces", "reinstated_on")
