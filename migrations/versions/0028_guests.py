"""Who is invited when a space joins: apart from what is voted, which is open for good."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_PROPOSALS = sa.table(
    "proposals",
    sa.column("id", sa.String(36)),
    sa.column("kind", sa.String(12)),
    sa.column("state", sa.String(12)),
    sa.column("details", sa.JSON()),
    sa.column("guest_email", sa.String(254)),
)


def upgrade() -> None:
    """Take the addresses out of the details; those of votes that are over are forgotten."""
    op.add_column("proposals", sa.Column("guest_email", sa.String(254), nullable=True))
    for row in _joining():
        details = {name: value for name, value in row.details.items() if name != "email"}
        guest_email = row.details.get("email") if row.state == "open" else None
        _write(row.id, {"details": details, "guest_email": guest_email})


def downgrade() -> None:
    """Put them back."""
    for row in _joining():
        _write(row.id, {"details": {**row.details, "email": row.guest_email}})
    op.drop_column("proposals", "guest_email")


def _joining() -> list[sa.Row[Any]]:
    """Return the proposals that a space joins."""
    return list(op.get_bind().execute(sa.select(_PROPOSALS).where(_PROPOSALS.c.kind == "join")))


def _write(proposal: str, columns: dict[str, Any]) -> None:
    op.execute(sa.update(_PROPOSALS).where(_PROPOSALS.c.id == proposal).values(columns))
