"""The number of the link to a holder's wallet, with which the links before it are out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count links, from nought for the holders who are there."""
    op.add_column(
        "holders", sa.Column("link_number", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    """Drop the number."""
    op.drop_column("holders", "link_number")
