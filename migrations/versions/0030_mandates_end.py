"""Until when the network makes out the invoices of a space."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column, empty: mandates hold until somebody ends them."""
    op.add_column(
        "legal_entities", sa.Column("self_billing_mandate_until", sa.Date(), nullable=True)
    )


def downgrade() -> None:
    """Forget which mandates have ended."""
    op.drop_column("legal_entities", "self_billing_mandate_until")
