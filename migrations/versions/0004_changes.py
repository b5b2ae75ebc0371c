"""The change feed, numbered without gaps per tenant; what consumers saw; the outbox.

New tables only. `tenant_counter` is updated last in a transaction, so that its row is
held for a moment only.
"""

from __future__ import annotations

from alembic import op

from migrations import tables

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    tables.begin()
    op.execute("""
        CREATE TABLE tenant_counter (
          tenant_id text PRIMARY KEY CHECK (tenant_id <> ''),
          last_change bigint NOT NULL
        )""")
    tables.guard("tenant_counter", rights="SELECT, INSERT, UPDATE")
    op.execute("""
        CREATE TABLE change_event (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          number bigint NOT NULL,
          kind text NOT NULL,
          entity_id uuid NOT NULL,
          version bigint NOT NULL,
          action text NOT NULL,
          changed_fields text[] NOT NULL,
          actor text NOT NULL,
          at timestamptz NOT NULL,
          event jsonb NOT NULL,
          PRIMARY KEY (tenant_id, number)
        )""")
    op.execute(
        "CREATE UNIQUE INDEX ON change_event (tenant_id, kind, entity_id, version)"
    )
    tables.guard("change_event", rights="SELECT, INSERT")
    op.execute("""
        CREATE TABLE inbox (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          consumer text NOT NULL,
          event_id uuid NOT NULL,
          seen_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (tenant_id, consumer, event_id)
        )""")
    op.execute("CREATE INDEX ON inbox (tenant_id, seen_at)")
    tables.guard("inbox")
    _outbox()


def _outbox() -> None:
    op.execute("""
        CREATE TABLE outbox (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          sequence bigserial NOT NULL,
          target text NOT NULL CHECK (target IN ('bus', 'documents')),
          address text NOT NULL,
          ordering_key text NOT NULL DEFAULT '',
          attributes jsonb NOT NULL DEFAULT '{}',
          payload text,
          version bigint NOT NULL DEFAULT 0,
          created_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (tenant_id, sequence)
        )""")
    tables.guard("outbox", rights="SELECT, INSERT, DELETE")
    op.execute(f"GRANT USAGE ON SEQUENCE outbox_sequence_seq TO {tables.APP}")
    tables.seen_by_owner("outbox")
    op.execute("""
        CREATE FUNCTION tenants_with_outgoing() RETURNS SETOF text
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT DISTINCT tenant_id FROM outbox ORDER BY tenant_id
        $$""")
    op.execute("REVOKE ALL ON FUNCTION tenants_with_outgoing FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION tenants_with_outgoing TO {tables.APP}")
