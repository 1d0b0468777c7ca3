"""Until when a key is published, beyond January 2038 too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count its seconds in 64 bits, as SQLite does anyway."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("network_keys", "last_exp", type_=sa.BigInteger())


def downgrade() -> None:
    """Count them in 32 bits; what comes later is then published until they are full."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("UPDATE network_keys SET last_exp = least(last_exp, 2147483647)")
        op.alter_column("network_keys", "last_exp", type_=sa.Integer())
