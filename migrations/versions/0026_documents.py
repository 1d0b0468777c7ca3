"""Documents of a month, and the work on them: claimed by one process, kept for all to download."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "document_jobs",
        sa.Column("network", sa.String(60), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("lacks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["network"], ["networks.slug"], name=op.f("fk_document_jobs_network")
        ),
        sa.PrimaryKeyConstraint("network", "period", name=op.f("pk_document_jobs")),
    )
    op.create_table(
        "documents",
        sa.Column("network", sa.String(60), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("path", sa.String(120), nullable=False),
        sa.Column("space", sa.String(60), nullable=True),
        sa.Column("edition", sa.String(16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["network"], ["networks.slug"], name=op.f("fk_documents_network")),
        sa.PrimaryKeyConstraint("network", "period", "path", name=op.f("pk_documents")),
    )


def downgrade() -> None:
    """Drop the tables: the documents can be made again from the records."""
    op.drop_table("documents")
    op.drop_table("document_jobs")
