"""Reads for answers: JSON that PostgreSQL builds, under row-level security."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.adapters.postgres.errors import translated
from shared.adapters.postgres.queries_audio import PostgresAudioQueries
from shared.adapters.postgres.queries_json import whole_json
from shared.adapters.postgres.queries_lists import list_statement
from shared.adapters.postgres.rows import review_of
from shared.domain.claims import Kind
from shared.domain.decisions import ReviewItem
from shared.ports.queries import (
    ApiClient,
    FeedPage,
    Page,
    PageQuery,
    Place,
    Stored,
)

_TENANT = sa.text("SELECT set_config('linernotes.tenant', :tenant, true)")
_CLIENT = sa.text(
    "SELECT tenant_id, client_id, role, name FROM authenticate_api_key(:hash)"
)
_UPDATES = """
    SELECT newest.number AS newest, c.number, CAST(c.event AS text) AS event
    FROM (SELECT coalesce(max(number), 0) AS number FROM change_event
          WHERE tenant_id = :tenant) AS newest
    LEFT JOIN LATERAL (
      SELECT number, event FROM change_event
      WHERE tenant_id = :tenant AND number > :since {kinds}
      ORDER BY number LIMIT :limit) AS c ON true
    ORDER BY c.number
"""
_OF_KINDS = "AND kind = ANY (CAST(:kinds AS text[]))"
_UPLOAD = sa.text("""
    SELECT CAST(document AS text) FROM upload
    WHERE tenant_id = :tenant AND id = CAST(:id AS uuid)
""")
_UPLOADS = """
    SELECT CAST(document AS text) AS item, CAST(created_at AS text) AS at_0,
      CAST(id AS text) AS at_1
    FROM upload WHERE tenant_id = :tenant {stage} {after}
    ORDER BY created_at DESC, id DESC LIMIT :limit
"""
_EXPORTS = """
    SELECT CAST(to_jsonb(x) - 'tenant_id' - 'object_name' AS text) AS item,
      CAST(requested_at AS text) AS at_0, CAST(id AS text) AS at_1
    FROM export x WHERE tenant_id = :tenant {after}
    ORDER BY requested_at DESC, id DESC LIMIT :limit
"""
_REVIEWS = """
    SELECT CAST(to_jsonb(r) - 'tenant_id' - 'settled_at'
        - 'outcome' - 'settled_by' - 'decided' AS text) AS item,
      CAST(confidence AS text) AS at_0, CAST(created_at AS text) AS at_1,
      CAST(id AS text) AS at_2
    FROM review_item r WHERE tenant_id = :tenant AND settled_at IS NULL {where}
    ORDER BY confidence, created_at, id LIMIT :limit
"""
_REVIEW = sa.text("""
    SELECT * FROM review_item
    WHERE tenant_id = :tenant AND id = CAST(:id AS uuid) AND settled_at IS NULL
""")
_REVIEW_FILTERS = {
    "kind": "AND kind = :kind",
    "entity_id": "AND entity_id = CAST(:entity_id AS uuid)",
    "field": "AND field = :field",
}
_AFTER_REVIEW = (
    "AND (confidence, created_at, id) > (CAST(:at_0 AS double precision),"
    " CAST(:at_1 AS timestamptz), CAST(:at_2 AS uuid))"
)
_ETAG_BYTES = 5


class PostgresQueries(PostgresAudioQueries):
    """Reads as the app role; see `shared.ports.queries.CatalogQueries`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def reached(self) -> bool:
        with translated(), self._engine.connect() as connection:
            return bool(connection.scalar(sa.text("SELECT true")))

    def api_client(self, key_hash: str) -> ApiClient | None:
        with translated(), self._engine.connect() as connection:
            row = connection.execute(
                _CLIENT, {"hash": bytes.fromhex(key_hash)}
            ).one_or_none()
        if row is None:
            return None
        return ApiClient(str(row.client_id), row.name, row.tenant_id, row.role)

    def entry(
        self, tenant_id: str, kind: Kind, entity_id: UUID, include: frozenset[str]
    ) -> Stored | None:
        with self._reading(tenant_id) as connection:
            row = connection.execute(
                _entry(kind, include), {"tenant": tenant_id, "id": str(entity_id)}
            ).one_or_none()
        if row is None:
            return None
        body = row.body.encode() if row.deleted_at is None else b""
        embeds = include - {"provenance"}
        return Stored(
            body=body,
            etag=f"{row.etag}-{_digest(body)}" if embeds and body else row.etag,
            version=row.version,
            updated_at=row.updated_at,
            deleted_at=row.deleted_at,
            merged_into=row.merged_into,
        )

    def page(self, tenant_id: str, kind: Kind, query: PageQuery) -> Page:
        statement, parameters = list_statement(tenant_id, kind, query)
        return self._page(tenant_id, statement, parameters, len(query.sort) + 1)

    def updates(
        self, tenant_id: str, since: int, limit: int, kinds: Sequence[Kind] = ()
    ) -> FeedPage:
        parameters: dict[str, object] = {
            "tenant": tenant_id,
            "since": since,
            "limit": limit + 1,
        }
        if kinds:
            parameters["kinds"] = [str(kind) for kind in kinds]
        statement = _text(_UPDATES.format(kinds=_OF_KINDS if kinds else ""))
        with self._reading(tenant_id) as connection:
            rows = connection.execute(statement, parameters).all()
        found = [row for row in rows if row.number is not None]
        told = found[:limit]
        more = len(found) > limit
        end = told[-1].number if more else max(since, rows[0].newest)
        return FeedPage([row.event for row in told], end, more)

    def upload(self, tenant_id: str, upload_id: UUID) -> bytes | None:
        with self._reading(tenant_id) as connection:
            found = connection.scalar(
                _UPLOAD, {"tenant": tenant_id, "id": str(upload_id)}
            )
        return None if found is None else str(found).encode()

    def uploads(self, tenant_id: str, stage: str, limit: int, after: Place) -> Page:
        parameters: dict[str, object] = {"tenant": tenant_id, "limit": limit + 1}
        if stage:
            parameters["stage"] = stage
        statement = _UPLOADS.format(
            stage="AND stage = :stage" if stage else "",
            after=_before("created_at") if after else "",
        )
        return self._page(tenant_id, _text(statement), parameters | _at(after), 2)

    def exports(self, tenant_id: str, limit: int, after: Place) -> Page:
        parameters: dict[str, object] = {"tenant": tenant_id, "limit": limit + 1}
        statement = _EXPORTS.format(after=_before("requested_at") if after else "")
        return self._page(tenant_id, _text(statement), parameters | _at(after), 2)

    def reviews(
        self, tenant_id: str, filters: Mapping[str, str], limit: int, after: Place
    ) -> Page:
        where = [_REVIEW_FILTERS[name] for name in sorted(filters)]
        if after:
            where.append(_AFTER_REVIEW)
        parameters = {"tenant": tenant_id, "limit": limit + 1, **filters, **_at(after)}
        statement = _text(_REVIEWS.format(where=" ".join(where)))
        return self._page(tenant_id, statement, parameters, 3)

    def review(self, tenant_id: str, review_id: UUID) -> ReviewItem | None:
        with self._reading(tenant_id) as connection:
            row = connection.execute(
                _REVIEW, {"tenant": tenant_id, "id": str(review_id)}
            ).one_or_none()
        return None if row is None else review_of(row)

    def _page(
        self,
        tenant_id: str,
        statement: sa.TextClause,
        parameters: Mapping[str, object],
        keys: int,
    ) -> Page:
        """Return a page, asked for with one row more than it may have."""
        with self._reading(tenant_id) as connection:
            rows = connection.execute(statement, dict(parameters)).all()
        limit = int(str(parameters["limit"])) - 1
        items = [row.item for row in rows[:limit]]
        if len(rows) <= limit:
            return Page(items)
        return Page(items, tuple(_place(rows[limit - 1], keys)))

    @contextmanager
    def _reading(self, tenant_id: str) -> Iterator[sa.Connection]:
        with translated(), self._engine.connect() as connection:
            connection.execute(_TENANT, {"tenant": tenant_id})
            yield connection


def _place(row: sa.Row[Any], keys: int) -> Iterator[str | None]:
    return (getattr(row, f"at_{n}") for n in range(keys))


def _at(after: Place) -> dict[str, object]:
    return {f"at_{n}": value for n, value in enumerate(after)}


def _before(column: str) -> str:
    return f"AND ({column}, id) < (CAST(:at_0 AS timestamptz), CAST(:at_1 AS uuid))"


def _digest(body: bytes) -> str:
    return hashlib.blake2s(body, digest_size=_ETAG_BYTES).hexdigest()


@lru_cache(maxsize=64)
def _text(statement: str) -> sa.TextClause:
    return sa.text(statement)


@lru_cache(maxsize=64)
def _entry(kind: Kind, include: frozenset[str]) -> sa.TextClause:
    return sa.text(
        f"SELECT CASE WHEN e.deleted_at IS NULL "  # noqa: S608 - kinds and names are ours
        f"THEN CAST({whole_json(kind, include)} AS text) END AS body, "
        "e.etag, e.version, e.updated_at, e.deleted_at, e.merged_into "
        f"FROM {kind} e WHERE e.tenant_id = :tenant AND e.id = CAST(:id AS uuid)"
    )
