"""Deliveries to partners, and checks of messages that people send in.

Adds two columns to `export` with defaults the running release can leave alone, and one
table. What is to be checked is kept only until it is.
"""

from __future__ import annotations

from alembic import op

from migrations import tables

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    tables.begin()
    op.execute("""
        ALTER TABLE export
          ADD COLUMN options jsonb NOT NULL DEFAULT '{}',
          ADD COLUMN result jsonb NOT NULL DEFAULT '{}'""")
    op.execute("""
        CREATE TABLE validation (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          id uuid NOT NULL,
          status text NOT NULL,
          requested_at timestamptz NOT NULL,
          requested_by text NOT NULL,
          finished_at timestamptz,
          content bytea,
          result jsonb NOT NULL DEFAULT '{}',
          PRIMARY KEY (tenant_id, id)
        )""")
    op.execute("CREATE INDEX ON validation (tenant_id, requested_at, id)")
    tables.guard("validation")
