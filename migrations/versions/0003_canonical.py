"""The catalog's entries as resolved, and the columns that lists filter and sort by.

New tables only. `facts` holds one value per field; the columns beside it are generated
from it, so they cannot disagree. `merged_into` and `deleted_at` are the tombstone.
"""

from __future__ import annotations

from alembic import op

from migrations import tables

revision = "0003"
down_revision = "0002"

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

# Generated columns take immutable functions only. Compared byte by byte ("C"), so that
# pages of a sorted list join up whatever the server's locale is.
_ARTIST_TEXT = """
CREATE FUNCTION artist_text(credits jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT string_agg(
    coalesce(c.item ->> 'credited_as', c.item ->> 'name')
      || CASE WHEN c.place = jsonb_array_length(credits) THEN ''
              ELSE coalesce(c.item ->> 'join', ', ') END,
    '' ORDER BY c.place)
  FROM jsonb_array_elements(credits) WITH ORDINALITY AS c (item, place)
$$
"""

_COLUMNS = {
    "recording": {
        "title": ("text", "facts ->> 'title'"),
        "title_sort": ('text COLLATE "C"', "lower(facts ->> 'title')"),
        "artist_text": ("text", "artist_text(facts -> 'artists')"),
        "artist_sort": ('text COLLATE "C"', "lower(artist_text(facts -> 'artists'))"),
        "isrc": ('text COLLATE "C"', "facts ->> 'isrc'"),
        "iswc": ('text COLLATE "C"', "facts ->> 'iswc'"),
        "bpm": ("double precision", "(facts ->> 'bpm')::double precision"),
        "key": ('text COLLATE "C"', "facts ->> 'key'"),
        "duration_ms": ("bigint", "(facts ->> 'duration_ms')::bigint"),
        "release_date": ('text COLLATE "C"', "facts ->> 'release_date'"),
        "language": ('text COLLATE "C"', "facts ->> 'language'"),
        "label": ("text", "facts ->> 'label'"),
        "search_text": (
            "text",
            (
                "lower(coalesce(facts ->> 'title', '') || ' ' "
                "|| coalesce(facts ->> 'subtitle', '') || ' ' "
                "|| coalesce(artist_text(facts -> 'artists'), '') || ' ' "
                "|| coalesce(facts ->> 'isrc', '') || ' ' "
                "|| coalesce(facts ->> 'label', ''))"
            ),
        ),
    },
    "release": {
        "title": ("text", "facts ->> 'title'"),
        "title_sort": ('text COLLATE "C"', "lower(facts ->> 'title')"),
        "artist_text": ("text", "artist_text(facts -> 'artists')"),
        "artist_sort": ('text COLLATE "C"', "lower(artist_text(facts -> 'artists'))"),
        "gtin": ('text COLLATE "C"', "facts ->> 'gtin'"),
        "catalog_number": ('text COLLATE "C"', "facts ->> 'catalog_number'"),
        "label": ("text", "facts ->> 'label'"),
        "release_date": ('text COLLATE "C"', "facts ->> 'release_date'"),
        "search_text": (
            "text",
            (
                "lower(coalesce(facts ->> 'title', '') || ' ' "
                "|| coalesce(artist_text(facts -> 'artists'), '') || ' ' "
                "|| coalesce(facts ->> 'gtin', '') || ' ' "
                "|| coalesce(facts ->> 'catalog_number', '') || ' ' "
                "|| coalesce(facts ->> 'label', ''))"
            ),
        ),
    },
    "party": {
        "name": ("text", "facts ->> 'name'"),
        "name_sort": (
            'text COLLATE "C"',
            "lower(coalesce(facts ->> 'sort_name', facts ->> 'name'))",
        ),
        "search_text": ("text", "lower(coalesce(facts ->> 'name', ''))"),
    },
    "track_position": {
        "release_key": ('text COLLATE "C"', "facts ->> 'release'"),
        "recording_key": ('text COLLATE "C"', "facts ->> 'recording'"),
        "medium_number": ("integer", "(facts ->> 'medium_number')::integer"),
        "track_number": ("integer", "(facts ->> 'track_number')::integer"),
    },
    "resource": {
        "release_key": ('text COLLATE "C"', "facts ->> 'release'"),
        "recording_key": ('text COLLATE "C"', "facts ->> 'recording'"),
        "uri": ('text COLLATE "C"', "facts ->> 'uri'"),
        "sha256": ('text COLLATE "C"', "facts ->> 'sha256'"),
        "type": ('text COLLATE "C"', "facts ->> 'type'"),
    },
}

# Whom the keys of `facts` mean, kept up by whoever saves an entry or moves a key.
_POINTING = ("track_position", "resource")

_SORTS = {
    "recording": (
        "title_sort",
        "artist_sort",
        "updated_at",
        "created_at",
        "bpm",
        "duration_ms",
        "release_date",
        "quality",
    ),
    "release": (
        "title_sort",
        "artist_sort",
        "updated_at",
        "created_at",
        "release_date",
    ),
    "party": ("name_sort", "updated_at", "created_at"),
    "track_position": (),
    "resource": ("updated_at",),
}
_LOOKUPS = {
    "recording": ("isrc", "iswc", "key"),
    "release": ("gtin", "catalog_number"),
    "party": (),
    "track_position": ("release_id", "recording_id", "release_key", "recording_key"),
    "resource": (
        "release_id",
        "recording_id",
        "uri",
        "sha256",
        "release_key",
        "recording_key",
    ),
}


def upgrade() -> None:
    tables.begin()
    op.execute(_ARTIST_TEXT)
    for table, columns in _COLUMNS.items():
        generated = ",\n".join(
            f"{name} {form} GENERATED ALWAYS AS ({expression}) STORED"
            for name, (form, expression) in columns.items()
        )
        pointing = "release_id uuid, recording_id uuid," if table in _POINTING else ""
        op.execute(
            f"CREATE TABLE {table} ({pointing} {generated}, {_COMMON}) "
            "PARTITION BY HASH (tenant_id)"
        )
        tables.partition(table)
        tables.guard(table)
        _index(table)
    _credits()
    _trigrams()


def _index(table: str) -> None:
    for column in _SORTS[table]:
        op.execute(
            f"CREATE INDEX ON {table} (tenant_id, {column}, id) "
            "WHERE deleted_at IS NULL"
        )
    for column in _LOOKUPS[table]:
        op.execute(
            f"CREATE INDEX ON {table} (tenant_id, {column}) WHERE {column} IS NOT NULL"
        )


def _credits() -> None:
    op.execute("""
        CREATE TABLE credit (
          tenant_id text NOT NULL CHECK (tenant_id <> ''),
          kind text NOT NULL,
          entity_id uuid NOT NULL,
          field text NOT NULL,
          sequence integer NOT NULL,
          party_id uuid,
          role text NOT NULL,
          name text NOT NULL,
          credited_as text,
          join_phrase text,
          PRIMARY KEY (tenant_id, kind, entity_id, field, sequence)
        )""")
    op.execute("CREATE INDEX ON credit (tenant_id, party_id, kind)")
    tables.guard("credit")


def _trigrams() -> None:
    # A server without the extension, or that does not let us add it, searches slower
    # and finds the same.
    op.execute("""
        DO $$ BEGIN
          CREATE EXTENSION IF NOT EXISTS pg_trgm;
          CREATE INDEX ON recording USING gin (search_text gin_trgm_ops);
          CREATE INDEX ON release USING gin (search_text gin_trgm_ops);
          CREATE INDEX ON party USING gin (search_text gin_trgm_ops);
        EXCEPTION
          WHEN undefined_file OR insufficient_privilege OR feature_not_supported THEN
            RAISE NOTICE 'no pg_trgm: search will scan';
        END $$""")
