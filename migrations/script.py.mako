"""${message}

One change, and a downgrade that takes it back. What is in the ledger is never rewritten. A batch
that rebuilds settlement_lines or ledger_entries drops SQLite's triggers: after it, call
`append_only.refuse_changes(op.get_bind())`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Make the change."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take it back."""
    ${downgrades if downgrades else "pass"}
