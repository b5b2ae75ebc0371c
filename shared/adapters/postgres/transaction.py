"""One tenant's work that happens wholly or not at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa

from shared.adapters.postgres import outbox
from shared.adapters.postgres.decision_rows import DecisionRows
from shared.adapters.postgres.entity_rows import load_entities
from shared.adapters.postgres.feature_rows import FeatureRows
from shared.adapters.postgres.ledger import PostgresLedger
from shared.adapters.postgres.pointing import pointing_statement
from shared.adapters.postgres.queue_rows import QueueRows
from shared.adapters.postgres.rows import RECORD_COLUMNS, entity_of, record_of
from shared.adapters.postgres.upload_rows import load_upload, save_upload
from shared.adapters.postgres.validation_rows import ValidationRows
from shared.domain.claims import Kind, SourceRecord
from shared.domain.entities import Change, Entity
from shared.domain.fold import fold
from shared.domain.subjects import Key
from shared.domain.uploads import Upload
from shared.events.base import Event

_TENANT_EXISTS = sa.text(
    "SELECT EXISTS (SELECT FROM tenant WHERE id = :tenant AND suspended_at IS NULL)"
)
_FIRST_SIGHT = sa.text("""
    INSERT INTO inbox (tenant_id, consumer, event_id)
    VALUES (:tenant, :consumer, CAST(:event AS uuid))
    ON CONFLICT DO NOTHING RETURNING true
""")
_FIND = sa.text("""
    SELECT entity_id FROM source_mapping
    WHERE tenant_id = :tenant AND kind = :kind AND key = :key
""")
_FIND_ALL = sa.text("""
    SELECT m.kind, m.key, m.entity_id
    FROM unnest(CAST(:kinds AS text[]), CAST(:keys AS text[])) AS asked (kind, key)
    CROSS JOIN LATERAL (
      SELECT m.kind, m.key, m.entity_id FROM source_mapping m
      WHERE m.tenant_id = :tenant AND m.kind = asked.kind AND m.key = asked.key
      OFFSET 0) AS m
""")
_POSITIONS = sa.text("""
    SELECT id FROM track_position
    WHERE tenant_id = :tenant AND release_id = CAST(:release AS uuid)
      AND deleted_at IS NULL
    ORDER BY medium_number, track_number, recording_key, id
""")
_HISTORY = sa.text(f"""
    SELECT {RECORD_COLUMNS}
    FROM source_mapping m
    JOIN source_record r
      ON r.tenant_id = :tenant AND r.kind = m.kind AND r.subject_key = m.key
    WHERE m.tenant_id = :tenant AND m.kind = :kind
      AND m.entity_id = CAST(:entity AS uuid)
    ORDER BY r.seq
""")  # noqa: S608 - the columns are ours
_NEWEST = sa.text(f"""
    SELECT {RECORD_COLUMNS} FROM source_record r
    WHERE r.tenant_id = :tenant AND r.source = :source AND r.origin = :origin
      AND r.origin_version = (
        SELECT max(n.origin_version) FROM source_record n
        WHERE n.tenant_id = :tenant AND n.source = :source AND n.origin = :origin)
    ORDER BY r.seq
""")  # noqa: S608 - the columns are ours


class PostgresTransaction(DecisionRows, FeatureRows, QueueRows, ValidationRows):
    """Work of one tenant on one connection; see `ports.catalog.CatalogTransaction`."""

    def __init__(self, connection: sa.Connection, tenant_id: str) -> None:
        super().__init__(connection, tenant_id)
        self._ledger = PostgresLedger(connection, tenant_id, self._pending)

    @property
    def tenant_id(self) -> str:
        return self._tenant_id

    def tenant_exists(self) -> bool:
        told = self._connection.scalar(_TENANT_EXISTS, {"tenant": self._tenant_id})
        return bool(told)

    def first_sight(self, consumer: str, event_id: UUID) -> bool:
        told = self._connection.scalar(
            _FIRST_SIGHT,
            {
                "tenant": self._tenant_id,
                "consumer": consumer,
                "event": str(event_id),
            },
        )
        return told is not None

    def stage(self, records: Sequence[SourceRecord]) -> tuple[Change, ...]:
        return fold(self._ledger, records) if records else ()

    def find(self, kind: Kind, key: str) -> UUID | None:
        found: UUID | None = self._connection.scalar(
            _FIND, {"tenant": self._tenant_id, "kind": kind, "key": key}
        )
        return found

    def find_all(self, keys: Collection[Key]) -> dict[Key, UUID]:
        asked = [*keys]
        rows = self._connection.execute(
            _FIND_ALL,
            {
                "tenant": self._tenant_id,
                "kinds": [str(kind) for kind, _ in asked],
                "keys": [key for _, key in asked],
            },
        )
        return {(Kind(row.kind), row.key): row.entity_id for row in rows}

    def entity(self, kind: Kind, entity_id: UUID) -> Entity | None:
        ref = (kind, entity_id)
        return load_entities(self._connection, self._tenant_id, [ref]).get(ref)

    def positions(self, release_id: UUID) -> Sequence[Entity]:
        rows = self._connection.execute(
            _POSITIONS, {"tenant": self._tenant_id, "release": str(release_id)}
        )
        refs = [(Kind.TRACK_POSITION, row.id) for row in rows]
        found = load_entities(self._connection, self._tenant_id, refs)
        return [found[ref] for ref in refs]

    def pointing(self, kind: Kind, of: Kind, entity_id: UUID) -> Sequence[Entity]:
        rows = self._connection.execute(
            pointing_statement(kind, of),
            {"tenant": self._tenant_id, "of": of, "entity": str(entity_id)},
        )
        return [entity_of(self._tenant_id, kind, row) for row in rows]

    def records(self, kind: Kind, entity_id: UUID) -> Sequence[SourceRecord]:
        ref = (kind, entity_id)
        return self._ledger.standing([ref]).get(ref, ())

    def history(self, kind: Kind, entity_id: UUID) -> Sequence[SourceRecord]:
        rows = self._connection.execute(
            _HISTORY,
            {"tenant": self._tenant_id, "kind": kind, "entity": str(entity_id)},
        )
        return [record_of(row) for row in rows]

    def staged(self, source: str, origin: str) -> Sequence[SourceRecord]:
        rows = self._connection.execute(
            _NEWEST, {"tenant": self._tenant_id, "source": source, "origin": origin}
        )
        return [record_of(row) for row in rows]

    def announce(self, event: Event) -> None:
        self._pending.told.append(event)

    def upload(self, upload_id: UUID) -> Upload | None:
        return load_upload(self._connection, self._tenant_id, upload_id)

    def save_upload(self, upload: Upload) -> Upload:
        saved = save_upload(self._connection, upload)
        self._pending.uploads.append(saved)
        return saved

    def finish(self) -> None:
        """Write what is to be announced; the commit comes next."""
        outbox.write(self._connection, self._tenant_id, self._pending)
