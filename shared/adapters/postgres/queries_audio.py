"""What was heard, for answers and for training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.adapters.postgres.feature_rows import features_of_entity
from shared.ports.audio_queries import (
    HeardFile,
    HeardRecording,
    ModelAnswer,
    Picture,
    ReviewedLabel,
    Similar,
)

# As `domain.audio_features.best_of` orders them.
_BEST = r"""
  f.document <> '{}' DESC,
  coalesce(substring(f.source FROM '(\d+)$'), '0')::bigint DESC,
  f.document -> 'lossless' IS NOT DISTINCT FROM 'true' DESC, f.received_at DESC,
  CAST(f.record_id AS text) DESC
"""
_FEATURES = features_of_entity("CAST(:id AS uuid)")
_RECORDING = sa.text("""
    SELECT version, deleted_at, merged_into FROM recording
    WHERE tenant_id = :tenant AND id = CAST(:id AS uuid)
""")
_FILES = sa.text(f"""
    SELECT f.source, f.origin, f.origin_version, f.sha256, f.received_at, f.damage,
      f.etag, f.document <> '{{}}' AS is_heard,
      CASE WHEN row_number() OVER (ORDER BY {_BEST}) = 1 THEN f.document END AS document
    FROM {_FEATURES}
    ORDER BY {_BEST}
""")  # noqa: S608 - the parts are ours
_GUESSES = sa.text("""
    SELECT DISTINCT ON (r.source) r.source, r.raw FROM source_record r
    WHERE r.tenant_id = :tenant AND r.origin = :origin
      AND r.origin_version = CAST(:version AS bigint)
      AND (r.source LIKE 'audio-model@%' OR r.source LIKE 'audio-trial@%')
    ORDER BY r.source, r.seq DESC
""")
_PICTURE = """
    SELECT f.{picture} AS picture, f.etag
    FROM {features}
    ORDER BY {best} LIMIT 1
"""
_LABELS = sa.text(f"""
    SELECT r.*, e.facts -> CAST(:field AS text) AS value_now, e.artist_text,
      heard.document
    FROM (
      SELECT DISTINCT ON (r.entity_id) r.entity_id, r.value, r.source, r.outcome,
        r.settled_at
      FROM review_item r
      WHERE r.tenant_id = :tenant AND r.kind = 'recording' AND r.field = :field
        AND r.outcome IN ('accepted', 'corrected')
        AND r.entity_id > CAST(:after AS uuid)
      ORDER BY r.entity_id, r.settled_at DESC, r.id) AS r
    JOIN recording e ON e.tenant_id = :tenant AND e.id = r.entity_id
      AND e.deleted_at IS NULL
      AND e.provenance -> CAST(:field AS text) ->> 'source' LIKE 'person:%'
    CROSS JOIN LATERAL (
      SELECT f.document FROM {features_of_entity("r.entity_id")}
        AND f.document <> '{{}}'
      ORDER BY {_BEST} LIMIT 1) AS heard
    ORDER BY r.entity_id LIMIT :limit
""")  # noqa: S608 - the parts are ours
_ANSWERS = sa.text("""
    SELECT a.*, CASE
      WHEN e.provenance -> CAST(:field AS text) ->> 'source' LIKE 'person:%'
      THEN e.facts -> CAST(:field AS text) END AS truth
    FROM (
      SELECT DISTINCT ON (m.entity_id, r.raw ->> 'model') m.entity_id,
        r.raw ->> 'model' AS model, r.raw ->> 'value' AS value,
        CAST(r.raw ->> 'confidence' AS double precision) AS confidence
      FROM source_record r
      JOIN source_mapping m ON m.tenant_id = :tenant AND m.kind = r.kind
        AND m.key = r.subject_key
      WHERE r.tenant_id = :tenant AND r.kind = 'recording'
        AND (r.source LIKE 'audio-model@%' OR r.source LIKE 'audio-trial@%')
        AND r.raw ->> 'field' = :guessed
      ORDER BY m.entity_id, r.raw ->> 'model', r.seq DESC) AS a
    JOIN recording e ON e.tenant_id = :tenant AND e.id = a.entity_id
      AND e.deleted_at IS NULL
    ORDER BY a.entity_id, a.model
""")
# Embeddings have length one, so that the product is the cosine. Written out, it takes a
# tenth of the time that it takes over `unnest`.
_DIMENSIONS = 64
_FILES_EACH = 5
_COSINE = " + ".join(
    f"coalesce(v.vector[{n}] * own.vector[{n}], 0)" for n in range(1, _DIMENSIONS + 1)
)
_SIMILAR = sa.text(f"""
    WITH best AS MATERIALIZED (
      SELECT f.source, f.origin FROM {_FEATURES} ORDER BY {_BEST} LIMIT 1),
    own AS MATERIALIZED (
      SELECT v.version, v.vector FROM best
      JOIN embedding v ON v.tenant_id = :tenant AND v.source = best.source
        AND v.origin = best.origin),
    -- A recording may have several files, of which the nearest counts.
    ranked AS MATERIALIZED (
      SELECT v.source, v.origin, {_COSINE} AS likeness
      FROM own JOIN embedding v ON v.tenant_id = :tenant AND v.version = own.version
      ORDER BY likeness DESC LIMIT CAST(:limit AS integer) * {_FILES_EACH}),
    near AS MATERIALIZED (
      SELECT m.entity_id, max(ranked.likeness) AS likeness
      FROM ranked
      CROSS JOIN LATERAL (
        SELECT f.subject_key FROM audio_features f
        WHERE f.tenant_id = :tenant AND f.source = ranked.source
          AND f.origin = ranked.origin OFFSET 0) AS f
      CROSS JOIN LATERAL (
        SELECT m.entity_id FROM source_mapping m
        WHERE m.tenant_id = :tenant AND m.kind = 'recording' AND m.key = f.subject_key
        OFFSET 0) AS m
      WHERE m.entity_id <> CAST(:id AS uuid)
      GROUP BY m.entity_id ORDER BY likeness DESC, m.entity_id
      LIMIT CAST(:limit AS integer))
    SELECT near.entity_id, near.likeness, (SELECT count(*) FROM own) AS is_embedded
    FROM (SELECT true) AS asked LEFT JOIN near ON true
    ORDER BY near.likeness DESC, near.entity_id
""")  # noqa: S608 - the parts are ours
_FIRST = UUID(int=0)
_PICTURES = {
    picture: sa.text(_PICTURE.format(picture=picture, features=_FEATURES, best=_BEST))
    for picture in ("waveform", "spectrogram")
}


class PostgresAudioQueries:
    """The part of the queries that is about sound."""

    _reading: Callable[[str], AbstractContextManager[sa.Connection]]

    def heard(self, tenant_id: str, recording_id: UUID) -> HeardRecording | None:
        told = {"tenant": tenant_id, "id": str(recording_id)}
        with self._reading(tenant_id) as connection:
            recording = connection.execute(_RECORDING, told).one_or_none()
            if recording is None:
                return None
            rows = connection.execute(_FILES, told).all()
            guesses = connection.execute(
                _GUESSES,
                {
                    "tenant": tenant_id,
                    "origin": rows[0].origin if rows else "",
                    "version": rows[0].origin_version if rows else 0,
                },
            ).all()
        return HeardRecording(
            version=recording.version,
            deleted_at=recording.deleted_at,
            merged_into=recording.merged_into,
            files=[_file(row) for row in rows],
            document=rows[0].document if rows else {},
            guesses=[{"source": row.source, **row.raw} for row in guesses],
        )

    def picture(
        self, tenant_id: str, recording_id: UUID, picture: Picture
    ) -> tuple[bytes, str] | None:
        with self._reading(tenant_id) as connection:
            row = connection.execute(
                _PICTURES[picture], {"tenant": tenant_id, "id": str(recording_id)}
            ).one_or_none()
        if row is None or not row.picture:
            return None
        return bytes(row.picture), row.etag

    def reviewed_labels(
        self, tenant_id: str, field: str, *, after: UUID | None = None, limit: int = 500
    ) -> Sequence[ReviewedLabel]:
        asked = {"tenant": tenant_id, "field": field, "limit": limit}
        with self._reading(tenant_id) as connection:
            rows = connection.execute(_LABELS, asked | {"after": str(after or _FIRST)})
            return [
                ReviewedLabel(
                    recording_id=row.entity_id,
                    field=field,
                    artist=row.artist_text or "",
                    value=row.value_now,
                    guessed=row.value,
                    source=row.source,
                    outcome=row.outcome,
                    settled_at=row.settled_at,
                    document=row.document,
                )
                for row in rows
            ]

    def model_answers(
        self, tenant_id: str, guessed: str, field: str
    ) -> Sequence[ModelAnswer]:
        asked = {"tenant": tenant_id, "guessed": guessed, "field": field}
        with self._reading(tenant_id) as connection:
            return [_answer(row) for row in connection.execute(_ANSWERS, asked)]

    def similar(
        self, tenant_id: str, recording_id: UUID, limit: int
    ) -> Sequence[Similar] | None:
        asked = {"tenant": tenant_id, "id": str(recording_id), "limit": limit}
        with self._reading(tenant_id) as connection:
            rows = connection.execute(_SIMILAR, asked).all()
        if not rows[0].is_embedded:
            return None
        return [
            Similar(row.entity_id, round(row.likeness, 4))
            for row in rows
            if row.entity_id is not None
        ]


def _answer(row: sa.Row[Any]) -> ModelAnswer:
    return ModelAnswer(
        recording_id=row.entity_id,
        model=row.model,
        value=row.value,
        confidence=row.confidence,
        truth=row.truth,
    )


def _file(row: sa.Row[Any]) -> HeardFile:
    return HeardFile(
        source=row.source,
        uri=row.origin,
        generation=row.origin_version,
        sha256=row.sha256,
        received_at=row.received_at,
        damage=row.damage,
        etag=row.etag,
        is_heard=row.is_heard,
    )
