"""Bank statements: files, their entries, and the payments that these show."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "bank_files",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("network", sa.String(60), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["network"], ["networks.slug"], name=op.f("fk_bank_files_network")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_files")),
        sa.UniqueConstraint("network", "digest", name=op.f("uq_bank_files_network_digest")),
    )
    op.create_table(
        "bank_entries",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("network", sa.String(60), nullable=False),
        sa.Column("file_id", sa.String(32), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("account", sa.String(34), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("iban", sa.String(34), nullable=False),
        sa.Column("is_return", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("surplus_cents", sa.Integer(), nullable=False),
        sa.Column("twin_id", sa.String(32), nullable=True),
        sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_bank_entries_amount_cents")),
        sa.CheckConstraint("surplus_cents >= 0", name=op.f("ck_bank_entries_surplus_cents")),
        sa.ForeignKeyConstraint(
            ["network"], ["networks.slug"], name=op.f("fk_bank_entries_network")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["bank_files.id"], name=op.f("fk_bank_entries_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["twin_id"], ["bank_entries.id"], name=op.f("fk_bank_entries_twin_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_entries")),
        sa.UniqueConstraint(
            "network", "fingerprint", name=op.f("uq_bank_entries_network_fingerprint")
        ),
        sa.UniqueConstraint("twin_id", name=op.f("uq_bank_entries_twin_id")),
    )
    op.create_index(op.f("ix_bank_entries_file_id"), "bank_entries", ["file_id"])
    op.create_index(op.f("ix_bank_entries_state"), "bank_entries", ["network", "state"])
    op.create_table(
        "bank_matches",
        sa.Column("payment_id", sa.String(36), nullable=False),
        sa.Column("entry_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_bank_matches_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["bank_entries.id"], name=op.f("fk_bank_matches_entry_id")
        ),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_bank_matches")),
    )
    op.create_index(op.f("ix_bank_matches_entry_id"), "bank_matches", ["entry_id"])


def downgrade() -> None:
    """Drop the tables; the payments stay, without the entries that showed them."""
    op.drop_table("bank_matches")
    op.drop_table("bank_entries")
    op.drop_table("bank_files")
