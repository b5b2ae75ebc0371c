"""What was heard in files, as rows: each a function of one staged record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.adapters.postgres.json_text import json_text
from shared.adapters.postgres.rows import RECORD_COLUMNS, record_of
from shared.domain.audio_features import FAMILY, AudioFeatures, features_of
from shared.domain.claims import JsonValue
from shared.ports.analyses import Alike

_COLUMNS = """
  f.source, f.origin, f.origin_version, f.record_id, f.subject_key, f.sha256,
  f.received_at, f.document, f.damage, f.terms, f.waveform, f.spectrogram
"""


def features_of_entity(entity: str) -> str:
    """Return the rows `f` of the recording with the id that *entity* says, as SQL.

    Ends with a condition, so that others may follow.
    """
    return f"""(
      SELECT m.kind, m.key FROM source_mapping m
      WHERE m.tenant_id = :tenant AND m.entity_id = {entity} OFFSET 0) AS m
    CROSS JOIN LATERAL (
      SELECT f.* FROM audio_features f
      WHERE f.tenant_id = :tenant AND f.subject_key = m.key OFFSET 0) AS f
    WHERE m.kind = 'recording'"""  # noqa: S608 - the parts are ours


_SETTINGS = sa.text("SELECT settings FROM tenant WHERE id = :tenant")
_KNOWN = sa.text("""
    SELECT origin_version, record_id, terms FROM audio_features
    WHERE tenant_id = :tenant AND source = :source AND origin = :origin FOR UPDATE
""")
_REMOVE_TERMS = sa.text("""
    DELETE FROM fingerprint_term
    WHERE tenant_id = :tenant AND term = ANY (CAST(:terms AS integer[]))
      AND record_id = CAST(:record AS uuid)
""")
_REMOVE_EMBEDDING = sa.text("""
    DELETE FROM embedding
    WHERE tenant_id = :tenant AND source = :source AND origin = :origin
""")
_SAVE = sa.text("""
    WITH saved AS (
      INSERT INTO audio_features (tenant_id, source, origin, origin_version, record_id,
        subject_key, sha256, received_at, etag, document, damage, terms, waveform,
        spectrogram)
      VALUES (:tenant, :source, :origin, CAST(:version AS bigint),
        CAST(:record AS uuid), :subject, :sha256, CAST(:received AS timestamptz),
        :etag, CAST(:document AS jsonb), :damage, CAST(:terms AS integer[]),
        :waveform, :spectrogram)
      ON CONFLICT (tenant_id, source, origin) DO UPDATE SET
        (origin_version, record_id, subject_key, sha256, received_at, etag, document,
         damage, terms, waveform, spectrogram)
        = ROW (excluded.origin_version, excluded.record_id, excluded.subject_key,
          excluded.sha256, excluded.received_at, excluded.etag, excluded.document,
          excluded.damage, excluded.terms, excluded.waveform, excluded.spectrogram)),
    placed AS (
      INSERT INTO embedding (tenant_id, source, origin, record_id, version, vector)
      SELECT :tenant, :source, :origin, CAST(:record AS uuid), :embedding_version,
        CAST(:embedding AS real[])
      WHERE cardinality(CAST(:embedding AS real[])) > 0
      ON CONFLICT (tenant_id, source, origin) DO UPDATE SET
        (record_id, version, vector)
        = ROW (excluded.record_id, excluded.version, excluded.vector))
    INSERT INTO fingerprint_term (tenant_id, term, record_id)
    SELECT :tenant, term, CAST(:record AS uuid)
    FROM unnest(CAST(:terms AS integer[])) AS t (term)
    ON CONFLICT DO NOTHING
""")
# In these every step is a look-up by index, written so that the planner has no choice:
# new tenants have no statistics, and what it then takes for cheap is quadratic.
_OF_RECORDING = sa.text(f"""
    SELECT {_COLUMNS} FROM {features_of_entity("CAST(:recording AS uuid)")}
    ORDER BY f.source, f.origin
""")  # noqa: S608 - the columns are ours
_OF_BYTES = sa.text(f"""
    SELECT {_COLUMNS} FROM audio_features f
    WHERE f.tenant_id = :tenant AND f.sha256 = :sha256 AND f.source = :source
      AND f.sha256 <> ''
    ORDER BY f.origin LIMIT 1
""")  # noqa: S608 - the columns are ours
_ALIKE = sa.text(f"""
    WITH shared AS MATERIALIZED (
      SELECT t.record_id, count(*) AS terms FROM fingerprint_term t
      WHERE t.tenant_id = :tenant AND t.term = ANY (CAST(:terms AS integer[]))
      GROUP BY t.record_id HAVING count(*) >= CAST(:least AS integer)),
    own AS MATERIALIZED (
      SELECT o.entity_id FROM source_mapping o
      WHERE o.tenant_id = :tenant AND o.kind = 'recording' AND o.key = :subject)
    SELECT {_COLUMNS}, s.terms AS shared_terms, m.entity_id
    FROM shared s
    CROSS JOIN LATERAL (
      SELECT f.* FROM audio_features f
      WHERE f.tenant_id = :tenant AND f.record_id = s.record_id OFFSET 0) AS f
    CROSS JOIN LATERAL (
      SELECT m.entity_id FROM source_mapping m
      WHERE m.tenant_id = :tenant AND m.kind = 'recording' AND m.key = f.subject_key
      OFFSET 0) AS m
    WHERE m.entity_id NOT IN (SELECT own.entity_id FROM own)
    ORDER BY s.terms DESC, f.record_id LIMIT CAST(:limit AS integer)
""")  # noqa: S608 - the columns are ours
_ANALYSES = sa.text(f"""
    SELECT r.seq, {RECORD_COLUMNS} FROM source_record r
    WHERE r.tenant_id = :tenant AND r.kind = 'recording' AND r.source LIKE :sources
      AND r.seq > :after
    ORDER BY r.seq LIMIT :limit
""")  # noqa: S608 - the columns are ours

_AT_ONCE = 200

TABLES = ("audio_features", "embedding", "fingerprint_term")


class FeatureRows:
    """The part of a transaction that is about what was heard."""

    _connection: sa.Connection
    _tenant_id: str

    def tenant_settings(self) -> Mapping[str, JsonValue]:
        found = self._connection.scalar(_SETTINGS, {"tenant": self._tenant_id})
        return found if isinstance(found, dict) else {}

    def save_audio_features(self, features: AudioFeatures) -> None:
        save_features(self._connection, self._tenant_id, features)

    def audio_features(self, recording_id: UUID) -> Sequence[AudioFeatures]:
        rows = self._connection.execute(
            _OF_RECORDING, {"tenant": self._tenant_id, "recording": str(recording_id)}
        )
        return [_features(row) for row in rows]

    def heard_before(self, source: str, sha256: str) -> AudioFeatures | None:
        row = self._connection.execute(
            _OF_BYTES, {"tenant": self._tenant_id, "source": source, "sha256": sha256}
        ).one_or_none()
        return None if row is None else _features(row)

    def alike(
        self, features: AudioFeatures, *, least: int, limit: int
    ) -> Sequence[Alike]:
        rows = self._connection.execute(
            _ALIKE,
            {
                "tenant": self._tenant_id,
                "terms": list(features.terms),
                "subject": features.subject_key,
                "least": least,
                "limit": limit,
            },
        )
        return [Alike(row.entity_id, _features(row), row.shared_terms) for row in rows]


def save_features(
    connection: sa.Connection, tenant_id: str, features: AudioFeatures
) -> None:
    """Write *features* in place of what its source said of its origin before."""
    of = {"tenant": tenant_id, "source": features.source, "origin": features.origin}
    known = connection.execute(_KNOWN, of).one_or_none()
    if known is not None:
        if known.origin_version > features.origin_version:
            return
        told = {"terms": list(known.terms), "record": str(known.record_id)}
        connection.execute(_REMOVE_TERMS, {"tenant": tenant_id, **told})
        connection.execute(_REMOVE_EMBEDDING, of)
    connection.execute(
        _SAVE,
        {
            **of,
            "version": features.origin_version,
            "record": str(features.record_id),
            "subject": features.subject_key,
            "sha256": features.sha256,
            "received": features.received_at,
            "etag": features.etag,
            "document": json_text(dict(features.document)),
            "damage": features.damage,
            "terms": list(features.terms),
            "waveform": features.waveform,
            "spectrogram": features.spectrogram,
            "embedding": list(features.embedding),
            "embedding_version": features.embedding_version,
        },
    )


def rebuild_features(connection: sa.Connection, tenant_id: str) -> None:
    """Write all features of a tenant again from what was staged."""
    for table in TABLES:
        connection.execute(
            sa.text(f"DELETE FROM {table} WHERE tenant_id = :tenant"),  # noqa: S608 - the tables are ours
            {"tenant": tenant_id},
        )
    told = {"tenant": tenant_id, "sources": f"{FAMILY}@%", "limit": _AT_ONCE}
    after = 0
    while rows := connection.execute(_ANALYSES, told | {"after": after}).all():
        after = rows[-1].seq
        for row in rows:
            features = features_of(record_of(row))
            if features is not None:
                save_features(connection, tenant_id, features)


def _features(row: sa.Row[Any]) -> AudioFeatures:
    return AudioFeatures(
        record_id=row.record_id,
        source=row.source,
        origin=row.origin,
        origin_version=row.origin_version,
        subject_key=row.subject_key,
        sha256=row.sha256,
        received_at=row.received_at,
        document=row.document,
        damage=row.damage,
        terms=tuple(row.terms),
        waveform=bytes(row.waveform),
        spectrogram=bytes(row.spectrogram),
    )
