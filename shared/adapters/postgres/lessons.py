"""What models learn from and are judged by: decided reviews, and what was heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from shared.adapters.postgres.administration import act_for
from shared.adapters.postgres.errors import translated

_DECIDED = """
    decided AS (
      SELECT DISTINCT ON (r.entity_id) r.entity_id,
        coalesce(r.decided, r.value) AS value
      FROM review_item r
      WHERE r.tenant_id = :tenant AND r.kind = 'recording' AND r.field = :field
        AND r.outcome IN ('accepted', 'corrected')
      ORDER BY r.entity_id, r.settled_at DESC)
"""
_LESSONS = sa.text(f"""
    WITH {_DECIDED}
    SELECT DISTINCT ON (d.entity_id) CAST(d.entity_id AS text) AS recording, d.value,
      f.document, coalesce(e.artist_text, '') AS artist
    FROM decided d
    JOIN recording e ON e.tenant_id = :tenant AND e.id = d.entity_id
    JOIN source_mapping m ON m.tenant_id = :tenant AND m.kind = 'recording'
      AND m.entity_id = d.entity_id
    JOIN audio_features f ON f.tenant_id = :tenant AND f.subject_key = m.key
    WHERE e.deleted_at IS NULL
    ORDER BY d.entity_id, f.received_at DESC, f.record_id
""")  # noqa: S608 - the parts are ours
_ANSWERS = sa.text(f"""
    WITH {_DECIDED}
    SELECT DISTINCT ON (m.entity_id, r.raw ->> 'model')
      CAST(m.entity_id AS text) AS recording, r.raw, d.value
    FROM source_record r
    JOIN source_mapping m ON m.tenant_id = :tenant AND m.kind = 'recording'
      AND m.key = r.subject_key
    LEFT JOIN decided d ON d.entity_id = m.entity_id
    WHERE r.tenant_id = :tenant AND r.kind = 'recording'
      AND (r.source LIKE 'audio-model@%' OR r.source LIKE 'audio-trial@%')
      AND r.raw ->> 'field' = :guess
    ORDER BY m.entity_id, r.raw ->> 'model', r.seq DESC
""")  # noqa: S608 - the parts are ours


@dataclass(frozen=True, slots=True)
class Lesson:
    """A recording that a person decided about.

    Attributes:
        value: What the field became; a list where the field has several values.
        document: What was heard in its newest file: `shared.audio.features.Document`.
        artist: As credited; empty where nobody is.
    """

    recording: str
    value: Any
    document: Mapping[str, Any]
    artist: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a model said of a recording, and what a person decided, if any did."""

    recording: str
    model: str
    value: str
    confidence: float
    decided: Any


class PostgresLessons:
    """Reads of one tenant at a time, under row-level security."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def lessons(self, tenant_id: str, field: str) -> Sequence[Lesson]:
        """Return each recording whose *field*, such as `genres`, was decided."""
        with self._reading(tenant_id) as connection:
            rows = connection.execute(_LESSONS, {"tenant": tenant_id, "field": field})
            return [
                Lesson(row.recording, row.value, row.document, row.artist)
                for row in rows
            ]

    def answers(self, tenant_id: str, field: str, guess: str) -> Sequence[KeptAnswer]:
        """Return what all models said about *guess*, such as `genre`.

        The newest of each model and recording; *field* is where people decide it.
        """
        asked = {"tenant": tenant_id, "field": field, "guess": guess}
        with self._reading(tenant_id) as connection:
            return [
                KeptAnswer(
                    recording=row.recording,
                    model=str(row.raw["model"]),
                    value=str(row.raw["value"]),
                    confidence=float(row.raw["confidence"]),
                    decided=row.value,
                )
                for row in connection.execute(_ANSWERS, asked)
            ]

    @contextmanager
    def _reading(self, tenant_id: str) -> Iterator[sa.Connection]:
        with translated(), self._engine.begin() as connection:
            act_for(connection, tenant_id)
            yield connection
