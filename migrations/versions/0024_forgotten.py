"""What is used of a pass by visits that no longer say whose they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

COLUMNS = ("forgotten_units", "forgotten_golden", "forgotten_value_cents")


def upgrade() -> None:
    """Add the sums, which are 0 before the first purge."""
    for name in COLUMNS:
        op.add_column(
            "pass_usages", sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        )


def downgrade() -> None:
    """Forget them."""
    for name in reversed(COLUMNS):
        op.drop_column("pass_usages", name)
