"""What folding asks of a database (`domain.fold.Ledger`), in sets, not row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from shared.adapters.outgoing import Pending
from shared.adapters.postgres.entity_rows import load_entities, save_entities
from shared.adapters.postgres.json_text import json_text
from shared.adapters.postgres.mapping import KeyMapping
from shared.adapters.postgres.rows import RECORD_COLUMNS, record_of, record_to_json
from shared.domain.claims import Kind, SourceRecord
from shared.domain.entities import Change, Entity
from shared.domain.ledger import Ref
from shared.domain.subjects import Key, subject_key

_STAGED_BEFORE = sa.text("""
    SELECT r.record_id FROM unnest(CAST(:ids AS uuid[])) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT r.record_id FROM source_record r
      WHERE r.tenant_id = :tenant AND r.record_id = asked.id
      OFFSET 0) AS r
""")
_ADD = sa.text("""
    INSERT INTO source_record (
      tenant_id, record_id, batch, kind, subject_key, keys, source, origin,
      origin_version, checksum, claims, raw, received_at)
    SELECT :tenant, record_id, CAST(:batch AS uuid), kind, subject_key, keys, source,
      origin, origin_version, checksum, claims, raw, received_at
    FROM (
      SELECT * FROM ROWS FROM (
        jsonb_to_recordset(CAST(:records AS jsonb)) AS (
          record_id uuid, kind text, subject_key text, keys text[], source text,
          origin text, origin_version bigint, checksum text, claims jsonb, raw jsonb,
          received_at timestamptz)
      ) WITH ORDINALITY ORDER BY ordinality
    ) AS given
""")
# Here and in the neighbours every step is a look-up by index, written so that the
# planner has no choice: new tenants have no statistics yet, and what it then takes for
# cheap is quadratic. `seq + 0` keeps it from walking through the tenant in the order of
# staging.
# Only the first record of a new version makes the older ones fall.
_FALLEN = sa.text("""
    WITH given AS MATERIALIZED (
      SELECT source, origin, max(version) AS version
      FROM unnest(CAST(:sources AS text[]), CAST(:origins AS text[]),
                  CAST(:versions AS bigint[])) AS g (source, origin, version)
      GROUP BY source, origin
    ),
    first AS MATERIALIZED (
      SELECT g.source, g.origin FROM given g
      WHERE g.version > (
        SELECT max(n.origin_version) FROM source_record n
        WHERE n.tenant_id = :tenant AND n.origin = g.origin AND n.source = g.source
          AND n.seq + 0 <= :before)
    )
    SELECT DISTINCT r.kind, m.entity_id
    FROM first
    CROSS JOIN LATERAL (
      SELECT r.kind, r.subject_key FROM source_record r
      WHERE r.tenant_id = :tenant AND r.origin = first.origin
        AND r.source = first.source AND r.seq + 0 <= :before
      OFFSET 0) AS r
    CROSS JOIN LATERAL (
      SELECT m.entity_id FROM source_mapping m
      WHERE m.tenant_id = :tenant AND m.kind = r.kind AND m.key = r.subject_key
      OFFSET 0) AS m
""")
_STANDING = sa.text(f"""
    WITH mine AS MATERIALIZED (
      SELECT m.entity_id, m.kind, m.key FROM unnest(CAST(:ids AS uuid[])) AS asked (id)
      CROSS JOIN LATERAL (
        SELECT m.entity_id, m.kind, m.key FROM source_mapping m
        WHERE m.tenant_id = :tenant AND m.entity_id = asked.id
        OFFSET 0) AS m
    )
    SELECT mine.entity_id, r.* FROM mine CROSS JOIN LATERAL (
      SELECT r.seq, {RECORD_COLUMNS} FROM source_record r
      WHERE r.tenant_id = :tenant AND r.kind = mine.kind AND r.subject_key = mine.key
        AND r.seq + 0 <= :horizon
        AND r.origin_version = (
          SELECT max(n.origin_version) FROM source_record n
          WHERE n.tenant_id = :tenant AND n.origin = r.origin AND n.source = r.source
            AND n.seq + 0 <= :horizon)
      OFFSET 0) AS r
    ORDER BY r.seq
""")  # noqa: S608 - the columns are ours

EVERYTHING = 2**63 - 1


class PostgresLedger:
    """One tenant's staging and entities, within one transaction.

    Attributes:
        pending: Collects the changes saved, until the transaction announces them.
    """

    def __init__(
        self, connection: sa.Connection, tenant_id: str, pending: Pending
    ) -> None:
        self.pending = pending
        self._connection = connection
        self._tenant_id = tenant_id
        self._mapping = KeyMapping(connection, tenant_id)

    @property
    def tenant_id(self) -> str:
        return self._tenant_id

    def lock(self, keys: Sequence[Key]) -> None:
        self._mapping.lock(keys)

    def bound(self, keys: Sequence[Key]) -> Mapping[Key, UUID]:
        return self._mapping.bound(keys)

    def exclusive(self, kind: Kind, entity: UUID, namespace: str) -> frozenset[str]:
        return self._mapping.exclusive(kind, entity, namespace)

    def bind(self, keys: Sequence[Key], entity: UUID) -> None:
        self._mapping.bind(keys, entity)

    def rebind(self, kind: Kind, losers: Sequence[UUID], survivor: UUID) -> None:
        self._mapping.rebind(kind, losers, survivor)

    def unstaged(self, records: Sequence[SourceRecord]) -> Sequence[SourceRecord]:
        distinct = {record.record_id: record for record in records}
        known = self._connection.execute(
            _STAGED_BEFORE,
            {"tenant": self._tenant_id, "ids": [str(found) for found in distinct]},
        ).scalars()
        for record_id in known:
            del distinct[record_id]
        return list(distinct.values())

    def add(self, records: Sequence[SourceRecord]) -> None:
        self._mapping.write()
        given = [
            record_to_json(record) | {"subject_key": subject_key(record)}
            for record in records
        ]
        self._connection.execute(
            _ADD,
            {
                "tenant": self._tenant_id,
                # What is folded together, whatever was read together: one batch may
                # come in parts, and a replay has to take the same steps.
                "batch": str(records[0].record_id),
                "records": json_text(given),
            },
        )

    def sharing_origin(self, records: Sequence[SourceRecord]) -> frozenset[Ref]:
        return self._fallen(records, before=EVERYTHING)

    def standing(self, refs: Sequence[Ref]) -> Mapping[Ref, Sequence[SourceRecord]]:
        return self._standing(refs, horizon=EVERYTHING)

    def load(self, refs: Sequence[Ref]) -> Mapping[Ref, Entity]:
        return load_entities(self._connection, self._tenant_id, refs)

    def save(self, changes: Sequence[Change]) -> None:
        save_entities(self._connection, self._tenant_id, changes)
        self.pending.told.extend(changes)

    def _fallen(
        self, records: Sequence[SourceRecord], *, before: int
    ) -> frozenset[Ref]:
        origins = {(r.source, r.origin, r.origin_version) for r in records}
        sources, places, versions = zip(*sorted(origins), strict=True)
        rows = self._connection.execute(
            _FALLEN,
            {
                "tenant": self._tenant_id,
                "sources": list(sources),
                "origins": list(places),
                "versions": list(versions),
                "before": before,
            },
        )
        return frozenset(
            (Kind(row.kind), self._mapping.survivor(Kind(row.kind), row.entity_id))
            for row in rows
        )

    def _standing(
        self, refs: Sequence[Ref], *, horizon: int
    ) -> dict[Ref, list[SourceRecord]]:
        rows = self._connection.execute(
            _STANDING,
            {
                "tenant": self._tenant_id,
                "ids": [str(entity) for _, entity in refs],
                "horizon": horizon,
            },
        )
        found: dict[Ref, list[SourceRecord]] = {}
        for row in rows:
            record = record_of(row)
            found.setdefault((record.kind, row.entity_id), []).append(record)
        return found
