"""Uploads, findings, review items, exports: what people watch, fix and ask for.

New tables only.
"""

from __future__ import annotations

from alembic import op

from migrations import tables

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    tables.begin()
    _uploads()
    _opinions()
    op.execute("""
        CREATE TABLE export (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          id uuid NOT NULL,
          kind text NOT NULL,
          format text NOT NULL,
          status text NOT NULL,
          requested_at timestamptz NOT NULL,
          requested_by text NOT NULL,
          filters jsonb NOT NULL,
          fields text[] NOT NULL,
          finished_at timestamptz,
          object_name text NOT NULL,
          row_count bigint,
          size_bytes bigint,
          reason jsonb,
          PRIMARY KEY (tenant_id, id)
        )""")
    op.execute("CREATE INDEX ON export (tenant_id, requested_at, id)")
    tables.guard("export")


def _uploads() -> None:
    op.execute("""
        CREATE TABLE upload (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          id uuid NOT NULL,
          uri text NOT NULL,
          generation bigint NOT NULL,
          version bigint NOT NULL,
          stage text NOT NULL,
          file_kind text NOT NULL,
          created_at timestamptz NOT NULL,
          updated_at timestamptz NOT NULL,
          document jsonb NOT NULL,
          PRIMARY KEY (tenant_id, id)
        )""")
    op.execute("CREATE INDEX ON upload (tenant_id, created_at, id)")
    op.execute("CREATE INDEX ON upload (tenant_id, updated_at, id)")
    op.execute("CREATE INDEX ON upload (tenant_id, stage, updated_at)")
    tables.guard("upload")
    op.execute("""
        CREATE TABLE ingest_log (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          id bigserial NOT NULL,
          upload_id uuid NOT NULL,
          at timestamptz NOT NULL,
          what text NOT NULL,
          facts jsonb NOT NULL DEFAULT '{}',
          PRIMARY KEY (tenant_id, id)
        )""")
    op.execute("CREATE INDEX ON ingest_log (tenant_id, upload_id, id)")
    tables.guard("ingest_log", rights="SELECT, INSERT")
    op.execute(f"GRANT USAGE ON SEQUENCE ingest_log_id_seq TO {tables.APP}")


def _opinions() -> None:
    op.execute("""
        CREATE TABLE finding (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          kind text NOT NULL,
          entity_id uuid NOT NULL,
          producer text NOT NULL,
          sequence integer NOT NULL,
          code text NOT NULL,
          level text NOT NULL,
          field text NOT NULL,
          message text NOT NULL,
          fix text NOT NULL,
          place text NOT NULL,
          value text,
          PRIMARY KEY (tenant_id, kind, entity_id, producer, sequence)
        )""")
    op.execute("CREATE INDEX ON finding (tenant_id, code)")
    tables.guard("finding")
    op.execute("""
        CREATE TABLE review_item (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          id uuid NOT NULL,
          kind text NOT NULL,
          entity_id uuid NOT NULL,
          field text NOT NULL,
          value jsonb NOT NULL,
          source text NOT NULL,
          confidence double precision NOT NULL,
          reason text NOT NULL,
          created_at timestamptz NOT NULL,
          alternatives jsonb NOT NULL,
          settled_at timestamptz,
          PRIMARY KEY (tenant_id, id)
        )""")
    op.execute(
        "CREATE INDEX ON review_item (tenant_id, kind, entity_id) "
        "WHERE settled_at IS NULL"
    )
    tables.guard("review_item")
