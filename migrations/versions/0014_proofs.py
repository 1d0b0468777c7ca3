"""The proof by which a phone showed a ticket: it lets somebody in once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ACCEPTED = sa.text("state = 'accepted'")


def upgrade() -> None:
    """Add the hash of the proof to each check-in."""
    op.add_column("check_ins", sa.Column("proof_hash", sa.String(43), nullable=True))
    op.create_index(
        "uq_check_ins_proof_hash",
        "check_ins",
        ["proof_hash"],
        unique=True,
        postgresql_where=ACCEPTED,
        sqlite_where=ACCEPTED,
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_index("uq_check_ins_proof_hash", table_name="check_ins")
    op.drop_column("check_ins", "proof_hash")
