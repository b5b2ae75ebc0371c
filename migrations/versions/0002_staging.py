"""What came in: source records that nobody can change, and whom their keys mean.

New tables only. The app role may add and read source records, never update or delete
one; `seq` is the order in which they were folded.
"""

from __future__ import annotations

from alembic import op

from migrations import tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    tables.begin()
    op.execute("""
        CREATE TABLE source_record (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          record_id uuid NOT NULL,
          seq bigserial NOT NULL,
          batch uuid NOT NULL,
          kind text NOT NULL,
          subject_key text NOT NULL,
          keys text[] NOT NULL,
          source text NOT NULL,
          origin text NOT NULL,
          origin_version bigint NOT NULL,
          checksum text NOT NULL,
          claims jsonb NOT NULL,
          raw jsonb NOT NULL,
          received_at timestamptz NOT NULL,
          staged_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (tenant_id, record_id)
        ) PARTITION BY HASH (tenant_id)""")
    tables.partition("source_record")
    op.execute("CREATE INDEX ON source_record (tenant_id, seq)")
    op.execute("CREATE INDEX ON source_record (tenant_id, kind, subject_key)")
    op.execute(
        "CREATE INDEX ON source_record (tenant_id, origin, source, origin_version)"
    )
    tables.guard("source_record", rights="SELECT, INSERT")
    op.execute(f"GRANT USAGE ON SEQUENCE source_record_seq_seq TO {tables.APP}")
    op.execute("""
        CREATE TABLE source_mapping (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          kind text NOT NULL,
          key text NOT NULL,
          entity_id uuid NOT NULL,
          PRIMARY KEY (tenant_id, kind, key)
        ) PARTITION BY HASH (tenant_id)""")
    tables.partition("source_mapping")
    op.execute("CREATE INDEX ON source_mapping (tenant_id, entity_id)")
    tables.guard("source_mapping")
