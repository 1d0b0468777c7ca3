"""Settlement lines and ledger entries can only grow: triggers refuse everything else."""

from __future__ import annotations

from alembic import op

from cowopass.ledger import append_only

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Set the triggers."""
    append_only.refuse_changes(op.get_bind())


def downgrade() -> None:
    """Take the triggers away."""
    append_only.allow_changes(op.get_bind())
