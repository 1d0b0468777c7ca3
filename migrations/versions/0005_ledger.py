"""Periods, settlement lines, ledger entries and disputes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ledger_entries",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("network", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("debit", sa.String(length=120), nullable=False),
        sa.Column("credit", sa.String(length=120), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.String(length=32), nullable=True),
        sa.Column("transfer_id", sa.String(length=32), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_ledger_entries_amount_cents")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_ledger_entries_two_accounts")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_entries")),
    )
    op.create_index(
        "ix_ledger_entries_period", "ledger_entries", ["network", "period"], unique=False
    )
    op.create_table(
        "settlement_lines",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("network", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("debtor", sa.String(length=60), nullable=False),
        sa.Column("creditor", sa.String(length=60), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("levy_cents", sa.Integer(), nullable=False),
        sa.Column("home", sa.String(length=60), nullable=True),
        sa.Column("host", sa.String(length=60), nullable=True),
        sa.Column("on", sa.String(length=10), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("visit", sa.String(length=10), nullable=True),
        sa.Column("pseudonym", sa.String(length=32), nullable=True),
        sa.Column("host_price_cents", sa.Integer(), nullable=True),
        sa.Column("pass_value_cents", sa.Integer(), nullable=True),
        sa.Column("top_up_cents", sa.Integer(), nullable=True),
        sa.Column("monthly_price_cents", sa.Integer(), nullable=True),
        sa.Column("agreement", sa.String(length=140), nullable=True),
        sa.Column("check_in", sa.String(length=36), nullable=True),
        sa.Column("reverses", sa.String(length=32), nullable=True),
        sa.Column("late_from", sa.String(length=7), nullable=True),
        sa.Column("since", sa.String(length=7), nullable=True),
        sa.Column("notes", sa.String(length=200), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_settlement_lines_amount_cents")),
        sa.CheckConstraint(
            "levy_cents >= 0 AND levy_cents <= amount_cents",
            name=op.f("ck_settlement_lines_levy_cents"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_settlement_lines")),
        sa.UniqueConstraint("id", name=op.f("uq_settlement_lines_id")),
    )
    op.create_index(
        op.f("ix_settlement_lines_check_in"), "settlement_lines", ["check_in"], unique=False
    )
    op.create_index(
        "ix_settlement_lines_period",
        "settlement_lines",
        ["network", "period", "number"],
        unique=False,
    )
    op.create_index(
        "uq_settlement_lines_reverses",
        "settlement_lines",
        ["reverses"],
        unique=True,
        sqlite_where=sa.text("kind = 'reversal'"),
        postgresql_where=sa.text("kind = 'reversal'"),
    )
    op.create_table(
        "disputes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("network", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("check_in", sa.String(length=36), nullable=True),
        sa.Column("line_id", sa.String(length=32), nullable=True),
        sa.Column("withheld_line_id", sa.String(length=32), nullable=True),
        sa.Column("home", sa.String(length=60), nullable=True),
        sa.Column("host", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("opened_by", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consents", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["network"], ["networks.slug"], name=op.f("fk_disputes_network")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index(op.f("ix_disputes_check_in"), "disputes", ["check_in"], unique=False)
    op.create_index(op.f("ix_disputes_network"), "disputes", ["network"], unique=False)
    op.create_table(
        "periods",
        sa.Column("network", sa.String(length=60), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("pseudonym_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_lines", sa.Integer(), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("root", sa.String(length=64), nullable=True),
        sa.Column("previous_root", sa.String(length=64), nullable=True),
        sa.Column("totals", sa.JSON(), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=True),
        sa.Column("head", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["network"], ["networks.slug"], name=op.f("fk_periods_network")),
        sa.PrimaryKeyConstraint("network", "month", name=op.f("pk_periods")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("periods")
    op.drop_table("disputes")
    op.drop_table("settlement_lines")
    op.drop_table("ledger_entries")
