"""Analyses that wait their turn, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from shared.adapters.postgres.advisory import queue_lock
from shared.ports.analyses import QueuedAnalysis

_HOLD = sa.text("SELECT pg_advisory_xact_lock(CAST(:number AS bigint))")
_QUEUE = sa.text("""
    INSERT INTO queued_analysis AS old (tenant_id, uri, generation, recording_id, keys,
      is_forced, queued_at)
    VALUES (:tenant, :uri, CAST(:generation AS bigint), CAST(:recording AS uuid),
      CAST(:keys AS text[]), :forced, CAST(:queued AS timestamptz))
    ON CONFLICT (tenant_id, uri) DO UPDATE SET
      (generation, recording_id, keys, is_forced, queued_at, released_at, releases)
      = ROW (excluded.generation, excluded.recording_id, excluded.keys,
        excluded.is_forced, excluded.queued_at, NULL, 0)
    WHERE old.generation <= excluded.generation
""")
_GIVE_UP = sa.text("""
    DELETE FROM queued_analysis
    WHERE tenant_id = :tenant AND releases >= CAST(:most AS integer)
      AND (released_at IS NULL OR released_at < CAST(:lost_before AS timestamptz))
""")
_RELEASE = sa.text("""
    WITH under_way AS (
      SELECT count(*) AS count FROM queued_analysis
      WHERE tenant_id = :tenant AND released_at >= CAST(:lost_before AS timestamptz)),
    due AS (
      SELECT uri FROM queued_analysis
      WHERE tenant_id = :tenant
        AND (released_at IS NULL OR released_at < CAST(:lost_before AS timestamptz))
      ORDER BY queued_at, uri
      LIMIT (SELECT greatest(CAST(:limit AS bigint) - count, 0) FROM under_way)),
    released AS (
      UPDATE queued_analysis q
      SET released_at = CAST(:now AS timestamptz), releases = q.releases + 1
      FROM due WHERE q.tenant_id = :tenant AND q.uri = due.uri
      RETURNING q.*)
    SELECT * FROM released ORDER BY queued_at, uri
""")
_FORGET = sa.text("""
    DELETE FROM queued_analysis
    WHERE tenant_id = :tenant AND uri = :uri AND generation <= CAST(:upto AS bigint)
""")


class QueueRows:
    """The part of a transaction that is about what waits to be listened to."""

    _connection: sa.Connection
    _tenant_id: str

    def queue_analysis(self, item: QueuedAnalysis) -> None:
        self._connection.execute(
            _QUEUE,
            {
                "tenant": self._tenant_id,
                "uri": item.uri,
                "generation": item.generation,
                "recording": str(item.recording_id),
                "keys": list(item.keys),
                "forced": item.is_forced,
                "queued": item.queued_at,
            },
        )

    def release_analyses(
        self, now: datetime, *, limit: int, lost_before: datetime, most_releases: int
    ) -> Sequence[QueuedAnalysis]:
        told: dict[str, object] = {"tenant": self._tenant_id}
        # Two sweeps at once would each count what the other has not committed yet.
        self._connection.execute(_HOLD, {"number": queue_lock(self._tenant_id)})
        lost = told | {"lost_before": lost_before}
        self._connection.execute(_GIVE_UP, lost | {"most": most_releases})
        rows = self._connection.execute(_RELEASE, lost | {"now": now, "limit": limit})
        return [_queued(row) for row in rows]

    def forget_queued(self, uri: str, generation: int) -> bool:
        forgotten = self._connection.execute(
            _FORGET, {"tenant": self._tenant_id, "uri": uri, "upto": generation}
        )
        return bool(forgotten.rowcount)


def _queued(row: sa.Row[Any]) -> QueuedAnalysis:
    return QueuedAnalysis(
        recording_id=row.recording_id,
        uri=row.uri,
        generation=row.generation,
        keys=tuple(row.keys),
        queued_at=row.queued_at,
        is_forced=row.is_forced,
        releases=row.releases,
    )
