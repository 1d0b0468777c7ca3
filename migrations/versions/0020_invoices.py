"""Invoices, which only grow, and how long a host may object to one made out in its name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cowopass.ledger import append_only

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, set their triggers, add the column."""
    op.create_table(
        "invoices",
        sa.Column("number", sa.String(35), nullable=False),
        sa.Column("network", sa.String(60), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("issuer", sa.String(60), nullable=False),
        sa.Column("recipient", sa.String(60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("about", sa.String(35), nullable=True),
        sa.Column("regime", sa.String(16), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.Column("rounding_cents", sa.Integer(), nullable=False),
        sa.Column("gross_cents", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("gross_cents > 0", name=op.f("ck_invoices_gross_cents")),
        sa.ForeignKeyConstraint(["network"], ["networks.slug"], name=op.f("fk_invoices_network")),
        sa.ForeignKeyConstraint(["about"], ["invoices.number"], name=op.f("fk_invoices_about")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_invoices")),
        sa.UniqueConstraint(
            "network",
            "issuer",
            "year",
            "sequence",
            name=op.f("uq_invoices_network_issuer_year_sequence"),
        ),
    )
    op.create_index("ix_invoices_period", "invoices", ["network", "period"])
    op.create_index("ix_invoices_recipient", "invoices", ["recipient"])
    op.create_table(
        "invoice_lines",
        sa.Column("invoice", sa.String(35), nullable=False),
        sa.Column("charge", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice"], ["invoices.number"], name=op.f("fk_invoice_lines_invoice")
        ),
        sa.PrimaryKeyConstraint("invoice", "charge", name=op.f("pk_invoice_lines")),
    )
    op.create_index("ix_invoice_lines_charge", "invoice_lines", ["charge"])
    op.create_table(
        "invoice_counters",
        sa.Column("network", sa.String(60), nullable=False),
        sa.Column("issuer", sa.String(60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["network"], ["networks.slug"], name=op.f("fk_invoice_counters_network")
        ),
        sa.PrimaryKeyConstraint("network", "issuer", "year", name=op.f("pk_invoice_counters")),
    )
    op.add_column(
        "legal_entities", sa.Column("self_billing_contest_days", sa.Integer(), nullable=True)
    )
    append_only.refuse_changes(op.get_bind(), append_only.WITH_INVOICES)


def downgrade() -> None:
    """Drop the tables and the column; the older triggers stay."""
    append_only.allow_changes(op.get_bind(), append_only.WITH_INVOICES)
    op.drop_column("legal_entities", "self_billing_contest_days")
    op.drop_table("invoice_counters")
    op.drop_table("invoice_lines")
    op.drop_table("invoices")
    append_only.refuse_changes(op.get_bind(), append_only.ALL)
