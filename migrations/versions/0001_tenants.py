"""Tenants, their API clients, and the role that the functions work as.

New tables only. `linernotes_app` cannot bypass row-level security and owns nothing;
whoever runs this owns the schema, and is held by the same policies.
"""

from __future__ import annotations

from alembic import op

from migrations import tables

revision = "0001"
down_revision = None

# The tenant is not known before a key is, so this alone looks across tenants; it
# tells nothing but who holds exactly this key.
_AUTHENTICATE = """
CREATE FUNCTION authenticate_api_key(presented bytea)
RETURNS TABLE (tenant_id text, client_id uuid, role text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.tenant_id, c.id, c.role, c.name
  FROM api_client c JOIN tenant t ON t.id = c.tenant_id
  WHERE c.key_hash = presented AND c.revoked_at IS NULL AND t.suspended_at IS NULL
$$
"""


def upgrade() -> None:
    tables.begin()
    op.execute(
        f"DO $$ BEGIN CREATE ROLE {tables.APP} NOLOGIN NOSUPERUSER NOCREATEDB "
        "NOCREATEROLE NOBYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    op.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {tables.APP}")
    op.execute("""
        CREATE TABLE tenant (
          id text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
          name text NOT NULL,
          created_at timestamptz NOT NULL DEFAULT now(),
          suspended_at timestamptz,
          settings jsonb NOT NULL DEFAULT '{}'
        )""")
    tables.guard("tenant", column="id", rights="SELECT")
    tables.seen_by_owner("tenant")
    op.execute("""
        CREATE TABLE api_client (
          tenant_id text NOT NULL REFERENCES tenant (id),
          id uuid NOT NULL,
          name text NOT NULL,
          role text NOT NULL,
          key_hash bytea NOT NULL UNIQUE,
          key_prefix text NOT NULL,
          created_at timestamptz NOT NULL DEFAULT now(),
          last_used_at timestamptz,
          revoked_at timestamptz,
          PRIMARY KEY (tenant_id, id)
        )""")
    tables.guard("api_client", rights="SELECT, INSERT, UPDATE")
    tables.seen_by_owner("api_client")
    op.execute(_AUTHENTICATE)
    op.execute("REVOKE ALL ON FUNCTION authenticate_api_key FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION authenticate_api_key TO {tables.APP}")
