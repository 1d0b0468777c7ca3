"""How networks vote, what was proposed, and who voted what; agreements name their vote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and let an agreement carry the signed vote that made it."""
    _make_charters()
    _make_proposals()
    _make_votes()
    op.add_column("agreements", sa.Column("proposal", sa.String(36), nullable=True))
    op.add_column("agreements", sa.Column("vote", sa.Text(), nullable=True))


def downgrade() -> None:
    """Forget the votes; what they decided stays in force."""
    op.drop_column("agreements", "vote")
    op.drop_column("agreements", "proposal")
    op.drop_table("votes")
    op.drop_table("proposals")
    op.drop_table("charters")


def _make_charters() -> None:
    op.create_table(
        "charters",
        sa.Column("network", sa.String(60), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("quorum_bps", sa.Integer(), nullable=False),
        sa.Column("majority_bps", sa.Integer(), nullable=False),
        sa.Column("voting_days", sa.Integer(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("proposal", sa.String(36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["network"], ["networks.slug"], name=op.f("fk_charters_network")),
        sa.PrimaryKeyConstraint("network", "effective_from", name=op.f("pk_charters")),
    )


def _make_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("network", sa.String(60), nullable=False),
        sa.Column("partner", sa.String(60), nullable=True),
        sa.Column("space", sa.String(60), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("actor_kind", sa.String(10), nullable=False),
        sa.Column("actor_id", sa.String(32), nullable=False),
        sa.Column("author_space", sa.String(60), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("charters", sa.JSON(), nullable=False),
        sa.Column("electorate", sa.JSON(), nullable=False),
        sa.Column("what_if", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("records", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["network"], ["networks.slug"], name=op.f("fk_proposals_network")),
        sa.ForeignKeyConstraint(["partner"], ["networks.slug"], name=op.f("fk_proposals_partner")),
        sa.ForeignKeyConstraint(
            ["author_space"], ["spaces.slug"], name=op.f("fk_proposals_author_space")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    for column in ("network", "partner", "state"):
        op.create_index(op.f(f"ix_proposals_{column}"), "proposals", [column])


def _make_votes() -> None:
    op.create_table(
        "votes",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposal", sa.String(36), nullable=False),
        sa.Column("space", sa.String(60), nullable=False),
        sa.Column("choice", sa.String(10), nullable=False),
        sa.Column("actor_kind", sa.String(10), nullable=False),
        sa.Column("actor_id", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["proposal"], ["proposals.id"], name=op.f("fk_votes_proposal")),
        sa.ForeignKeyConstraint(["space"], ["spaces.slug"], name=op.f("fk_votes_space")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_votes")),
    )
    op.create_index(op.f("ix_votes_proposal"), "votes", ["proposal"])
