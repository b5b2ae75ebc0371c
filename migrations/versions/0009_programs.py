"""Release groups, podcasts, episodes and playlists as entries of the catalog.

New tables only, like those of 0003: `facts` holds one value per field, the generated
columns beside it are what lists filter and sort by.
"""

from __future__ import annotations

from alembic import op

from migrations import tables

revision = "0009"
down_revision = "0008"

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


def _plain(name: str) -> tuple[str, str, str]:
    return name, 'text COLLATE "C"', f"facts ->> '{name}'"


_TITLE = ("title", "text", "facts ->> 'title'")
_TITLE_SORT = ("title_sort", 'text COLLATE "C"', "lower(facts ->> 'title')")
_COLUMNS = {
    "release_group": (
        _TITLE,
        _TITLE_SORT,
        ("artist_text", "text", "artist_text(facts -> 'artists')"),
        _plain("first_release_date"),
        _plain("musicbrainz_id"),
        _plain("discogs_id"),
    ),
    "podcast": (
        _TITLE,
        _TITLE_SORT,
        _plain("podcast_guid"),
        _plain("feed_url"),
        _plain("language"),
    ),
    "episode": (
        _TITLE,
        _TITLE_SORT,
        ("podcast_key", 'text COLLATE "C"', "facts ->> 'podcast'"),
        _plain("guid"),
        _plain("published_at"),
    ),
    "playlist": (_TITLE, _TITLE_SORT),
}
_INDEXED = {
    "release_group": ("title_sort", "updated_at", "musicbrainz_id", "discogs_id"),
    "podcast": ("title_sort", "updated_at", "podcast_guid"),
    "episode": ("title_sort", "updated_at", "podcast_key", "published_at"),
    "playlist": ("title_sort", "updated_at"),
}


def upgrade() -> None:
    tables.begin()
    for table, columns in _COLUMNS.items():
        generated = ",\n".join(
            f"{name} {form} GENERATED ALWAYS AS ({expression}) STORED"
            for name, form, expression in columns
        )
        op.execute(
            f"CREATE TABLE {table} ({generated}, {_COMMON}) "
            "PARTITION BY HASH (tenant_id)"
        )
        tables.partition(table)
        tables.guard(table)
        for column in _INDEXED[table]:
            op.execute(
                f"CREATE INDEX ON {table} (tenant_id, {column}, id) "
                "WHERE deleted_at IS NULL"
            )
