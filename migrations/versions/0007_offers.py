"""What partners offer and are told: works, deals, deliveries and messages.

New tables only. They are entries as all others are (0003): a deal that a later message
no longer has is a tombstone, because its sender's last word replaces all before.

Which release or recording a deal is of is looked up through `source_mapping` by the
key it names, so that nobody who moves a key has to know of deals.
"""

from __future__ import annotations

from alembic import op

from migrations import tables

revision = "0007"
down_revision = "0006"

_COMMON = """
  tenant_id text NOT NULL CHECK (tenant_id <> ''),
  id uuid NOT NULL,
  version bigint NOT NULL,
  etag text NOT NULL,
  facts jsonb NOT NULL,
  provenance jsonb NOT NULL,
  quality double precision NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  merged_into uuid,
  PRIMARY KEY (tenant_id, id)
"""
_C = 'text COLLATE "C"'
_COLUMNS = {
    "work": {
        "title": ("text", "facts ->> 'title'"),
        "title_sort": (_C, "lower(facts ->> 'title')"),
        "iswc": (_C, "facts ->> 'iswc'"),
        "musicbrainz_id": (_C, "facts ->> 'musicbrainz_id'"),
    },
    "deal": {
        "release_key": (_C, "facts ->> 'release'"),
        "recording_key": (_C, "facts ->> 'recording'"),
        "sender": (_C, "facts ->> 'sender'"),
        "starts": (_C, "facts ->> 'starts'"),
        "ends": (_C, "facts ->> 'ends'"),
    },
    "delivery": {
        "release_key": (_C, "facts ->> 'release'"),
        "sender": (_C, "facts ->> 'sender'"),
        "state": (_C, "facts ->> 'state'"),
        "message_id": (_C, "facts ->> 'message_id'"),
    },
    "message": {
        "message_id": (_C, "facts ->> 'message_id'"),
        "sender": (_C, "facts ->> 'sender'"),
        "recipient": (_C, "facts ->> 'recipient'"),
        "direction": (_C, "facts ->> 'direction'"),
    },
}
_LOOKUPS = {
    "work": ("title_sort", "iswc", "musicbrainz_id"),
    "deal": ("release_key", "recording_key", "starts", "ends"),
    "delivery": ("release_key", "message_id"),
    "message": ("message_id",),
}


def upgrade() -> None:
    tables.begin()
    for table, columns in _COLUMNS.items():
        generated = ",\n".join(
            f"{name} {form} GENERATED ALWAYS AS ({expression}) STORED"
            for name, (form, expression) in columns.items()
        )
        op.execute(
            f"CREATE TABLE {table} ({generated}, {_COMMON}) "
            "PARTITION BY HASH (tenant_id)"
        )
        tables.partition(table)
        tables.guard(table)
        for column in _LOOKUPS[table]:
            op.execute(
                f"CREATE INDEX ON {table} (tenant_id, {column}) "
                f"WHERE {column} IS NOT NULL"
            )
        op.execute(
            f"CREATE INDEX ON {table} (tenant_id, updated_at, id) "
            "WHERE deleted_at IS NULL"
        )
    # Messages speak of releases by key; a release is asked which.
    op.execute("CREATE INDEX ON message USING gin ((facts -> 'releases'))")
