"""What Alembic runs: every migration on the connection that `run` opened."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transaction_per_migration=True,
    version_table="schema_version",
)
with context.begin_transaction():
    context.run_migrations()
