"""People who sign in: their roles, browsers, passkeys, and secrets that work once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "people",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("network", sa.String(60), nullable=False),
        sa.Column("space", sa.String(60), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("accepted_at", INSTANT, nullable=True),
        _belongs_to("memberships", "person_id", "people.id"),
        _belongs_to("memberships", "network", "networks.slug"),
        _belongs_to("memberships", "space", "spaces.slug"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("browser", sa.String(80), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        _belongs_to("web_sessions", "person_id", "people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_web_sessions_secret_hash")),
    )
    op.create_table(
        "one_time_secrets",
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("space", sa.String(60), nullable=True),
        sa.Column("browser_hash", sa.String(64), nullable=True),
        sa.Column("next_path", sa.String(500), nullable=True),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        _belongs_to("one_time_secrets", "person_id", "people.id"),
        _belongs_to("one_time_secrets", "space", "spaces.slug"),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_one_time_secrets")),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.String(1400), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        _belongs_to("passkeys", "person_id", "people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
    )
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("passkeys", "one_time_secrets", "web_sessions", "memberships", "people"):
        op.drop_table(table)


INDEXES = (
    ("memberships", "person_id"),
    ("memberships", "network"),
    ("memberships", "space"),
    ("web_sessions", "person_id"),
    ("web_sessions", "created_at"),
    ("one_time_secrets", "person_id"),
    ("one_time_secrets", "expires_at"),
    ("passkeys", "person_id"),
)


def _belongs_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [other], name=op.f(f"fk_{table}_{column}"))
