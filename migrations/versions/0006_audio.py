"""What was heard in files: features, embeddings, what fingerprints are found by.

Adds tables, and columns to `review_item` that the running release leaves empty. A row
of the new tables says what one staged record says, so that replay writes them again.
`queued_analysis` is work that waits, `vector` an array so that no extension is needed.
"""

from __future__ import annotations

from alembic import op

from migrations import tables

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    tables.begin()
    _features()
    _vectors()
    _fingerprints()
    _queue()
    op.execute("""
        ALTER TABLE review_item
          ADD COLUMN outcome text,
          ADD COLUMN settled_by text,
          ADD COLUMN decided jsonb""")
    op.execute(
        "CREATE INDEX ON review_item (tenant_id, field, settled_at) "
        "WHERE outcome IN ('accepted', 'corrected')"
    )


def _features() -> None:
    op.execute("""
        CREATE TABLE audio_features (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          source text NOT NULL,
          origin text NOT NULL,
          origin_version bigint NOT NULL,
          record_id uuid NOT NULL,
          subject_key text NOT NULL,
          sha256 text NOT NULL,
          received_at timestamptz NOT NULL,
          etag text NOT NULL,
          document jsonb NOT NULL,
          damage text NOT NULL,
          terms integer[] NOT NULL,
          waveform bytea NOT NULL,
          spectrogram bytea NOT NULL,
          PRIMARY KEY (tenant_id, source, origin)
        ) PARTITION BY HASH (tenant_id)""")
    tables.partition("audio_features")
    op.execute("CREATE INDEX ON audio_features (tenant_id, subject_key)")
    op.execute("CREATE INDEX ON audio_features (tenant_id, record_id)")
    op.execute(
        "CREATE INDEX ON audio_features (tenant_id, sha256, source) WHERE sha256 <> ''"
    )
    tables.guard("audio_features")


def _vectors() -> None:
    op.execute("""
        CREATE TABLE embedding (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          source text NOT NULL,
          origin text NOT NULL,
          record_id uuid NOT NULL,
          version text NOT NULL,
          vector real[] NOT NULL,
          PRIMARY KEY (tenant_id, source, origin)
        ) PARTITION BY HASH (tenant_id)""")
    tables.partition("embedding")
    tables.guard("embedding")


def _fingerprints() -> None:
    op.execute("""
        CREATE TABLE fingerprint_term (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          term integer NOT NULL,
          record_id uuid NOT NULL,
          PRIMARY KEY (tenant_id, term, record_id)
        ) PARTITION BY HASH (tenant_id)""")
    tables.partition("fingerprint_term")
    tables.guard("fingerprint_term", rights="SELECT, INSERT, DELETE")


def _queue() -> None:
    op.execute("""
        CREATE TABLE queued_analysis (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          uri text NOT NULL,
          generation bigint NOT NULL,
          recording_id uuid NOT NULL,
          keys text[] NOT NULL,
          is_forced boolean NOT NULL,
          queued_at timestamptz NOT NULL,
          released_at timestamptz,
          releases integer NOT NULL DEFAULT 0,
          PRIMARY KEY (tenant_id, uri)
        )""")
    op.execute("CREATE INDEX ON queued_analysis (tenant_id, queued_at)")
    tables.guard("queued_analysis")
    tables.seen_by_owner("queued_analysis")
    op.execute("""
        CREATE FUNCTION tenants_with_queued_analyses() RETURNS SETOF text
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT DISTINCT tenant_id FROM queued_analysis ORDER BY tenant_id
        $$""")
    op.execute("REVOKE ALL ON FUNCTION tenants_with_queued_analyses FROM PUBLIC")
    op.execute(
        f"GRANT EXECUTE ON FUNCTION tenants_with_queued_analyses TO {tables.APP}"
    )
