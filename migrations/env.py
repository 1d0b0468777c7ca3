"""What Alembic runs around the steps; `cowopass.migration` has opened the transaction."""

from __future__ import annotations

from alembic import context

from cowopass.schema import metadata

connection = context.config.attributes["connection"]

context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite changes a column by writing the table anew.
    render_as_batch=connection.dialect.name == "sqlite",
    compare_server_default=True,
)
context.run_migrations()
