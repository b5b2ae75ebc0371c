"""Whose a key is: read once per fold, changed in memory, written at once.

The keys of a fold are held by advisory locks, so what was read stays true, except
where another transaction merges an entity whose other keys it held. That is looked for
again once the entities are held too; then the changes are written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.adapters.postgres.advisory import key_lock
from shared.adapters.postgres.json_text import json_text
from shared.domain.claims import Kind
from shared.domain.errors import TransientError
from shared.domain.subjects import EXCLUSIVE, Key

_LOCK = sa.text(
    "SELECT count(pg_advisory_xact_lock(h)::text) "
    "FROM unnest(CAST(:hashes AS bigint[])) AS h"
)
# The asked keys, and with them the exclusive identifiers of the entities they lead to.
_READ = sa.text("""
    WITH found AS (
      SELECT m.kind, m.key, m.entity_id
      FROM unnest(CAST(:kinds AS text[]), CAST(:keys AS text[])) AS asked (kind, key)
      CROSS JOIN LATERAL (
        SELECT m.kind, m.key, m.entity_id FROM source_mapping m
        WHERE m.tenant_id = :tenant AND m.kind = asked.kind AND m.key = asked.key
        OFFSET 0) AS m
    )
    SELECT kind, key, entity_id FROM found
    UNION
    SELECT m.kind, m.key, m.entity_id
    FROM (SELECT DISTINCT entity_id FROM found) AS led
    CROSS JOIN LATERAL (
      SELECT m.kind, m.key, m.entity_id FROM source_mapping m
      WHERE m.tenant_id = :tenant AND m.entity_id = led.entity_id
      OFFSET 0) AS m
    WHERE m.kind || ':' || split_part(m.key, ':', 1) = ANY (CAST(:exclusive AS text[]))
""")
_MOVE = """
    moved AS (
      UPDATE source_mapping m SET entity_id = l.survivor
      FROM lost l
      WHERE m.tenant_id = :tenant AND m.kind = l.kind AND m.entity_id = l.loser
        AND NOT EXISTS (SELECT FROM bound b WHERE b.kind = m.kind AND b.key = m.key)
    )"""
_BIND = """
    written AS (
      INSERT INTO source_mapping (tenant_id, kind, key, entity_id)
      SELECT :tenant, kind, key, entity_id FROM bound
      ON CONFLICT (tenant_id, kind, key) DO UPDATE SET entity_id = excluded.entity_id
    )"""
# Rows that were saved before the key they name was anybody's, or was another's.
_POINT = """
    {table}_{target} AS (
      UPDATE {table} t SET {target}_id = b.entity_id FROM bound b
      WHERE t.tenant_id = :tenant AND b.kind = '{target}' AND t.{target}_key = b.key
        AND t.{target}_id IS DISTINCT FROM b.entity_id
    )"""
_POINT_MOVED = """
    {table}_{target}_moved AS (
      UPDATE {table} t SET {target}_id = l.survivor FROM lost l
      WHERE t.tenant_id = :tenant AND l.kind = '{target}' AND t.{target}_id = l.loser
        AND NOT EXISTS (
          SELECT FROM bound b WHERE b.kind = l.kind AND b.key = t.{target}_key)
    )"""
_CREDIT_MOVED = """
    credit_moved AS (
      UPDATE credit c SET party_id = l.survivor FROM lost l
      WHERE c.tenant_id = :tenant AND l.kind = 'party' AND c.party_id = l.loser
    )"""
_GIVEN = """
    bound AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(CAST(:bound AS jsonb))
        AS b (kind text, key text, entity_id uuid)),
    lost AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(CAST(:lost AS jsonb))
        AS l (kind text, loser uuid, survivor uuid))"""
_POINTING = [
    (t, k) for t in ("track_position", "resource") for k in ("release", "recording")
]


def _write(*, with_losers: bool, targets: frozenset[str]) -> sa.TextClause:
    parts = [_GIVEN, _BIND]
    pointing = [(t, k) for t, k in _POINTING if k in targets]
    parts += [_POINT.format(table=t, target=k) for t, k in pointing]
    if with_losers:
        parts += [_MOVE, _CREDIT_MOVED]
        parts += [_POINT_MOVED.format(table=t, target=k) for t, k in pointing]
    return sa.text(f"WITH {', '.join(parts)} SELECT 1")


class KeyMapping:
    """The keys of one tenant as one transaction sees and changes them."""

    def __init__(self, connection: sa.Connection, tenant_id: str) -> None:
        self._connection = connection
        self._tenant_id = tenant_id
        self._asked: list[Key] = []
        self._seen: Mapping[Key, UUID] = {}
        self._current: dict[Key, UUID] = {}
        self._bound: dict[Key, UUID] = {}
        self._lost: dict[tuple[Kind, UUID], UUID] = {}

    def lock(self, keys: Sequence[Key]) -> None:
        """Hold *keys*; look again at what was read before.

        Raises:
            TransientError: Another transaction moved a key in between.
        """
        hashes = sorted({key_lock(self._tenant_id, key) for key in keys})
        self._connection.execute(_LOCK, {"hashes": hashes})
        if self._asked:
            if self._read(self._asked) != self._seen:
                raise TransientError("another transaction moved a key")
            return
        self._asked = list(keys)
        self._seen = self._read(self._asked)
        self._current = dict(self._seen)

    def bound(self, keys: Sequence[Key]) -> dict[Key, UUID]:
        return {key: self._current[key] for key in keys if key in self._current}

    def exclusive(self, kind: Kind, entity: UUID, namespace: str) -> frozenset[str]:
        return frozenset(
            key
            for (of, key), owner in self._current.items()
            if of is kind and owner == entity and key.startswith(f"{namespace}:")
        )

    def bind(self, keys: Sequence[Key], entity: UUID) -> None:
        for key in keys:
            self._current[key] = self._bound[key] = entity

    def rebind(self, kind: Kind, losers: Sequence[UUID], survivor: UUID) -> None:
        for known in (self._current, self._bound):
            for key, owner in known.items():
                if key[0] is kind and owner in losers:
                    known[key] = survivor
        for ref, owner in self._lost.items():
            if ref[0] is kind and owner in losers:
                self._lost[ref] = survivor
        self._lost |= {(kind, loser): survivor for loser in losers}

    def survivor(self, kind: Kind, entity: UUID) -> UUID:
        """Return what *entity* has become, if this transaction merged it."""
        return self._lost.get((kind, entity), entity)

    def write(self) -> None:
        """Write what changed, and let rows that name a changed key follow it."""
        if self._bound or self._lost:
            changed = {str(kind) for kind, _ in [*self._bound, *self._lost]}
            statement = _write(
                with_losers=bool(self._lost),
                targets=frozenset(changed & {"release", "recording"}),
            )
            self._connection.execute(statement, self._written())
        self._forget()

    def _written(self) -> dict[str, object]:
        bound = [
            {"kind": kind, "key": key, "entity_id": str(entity)}
            for (kind, key), entity in self._bound.items()
        ]
        lost = [
            {"kind": kind, "loser": str(loser), "survivor": str(survivor)}
            for (kind, loser), survivor in self._lost.items()
        ]
        return {
            "tenant": self._tenant_id,
            "bound": json_text(bound),
            "lost": json_text(lost),
        }

    def _forget(self) -> None:
        for known in (self._asked, self._current, self._bound, self._lost):
            known.clear()

    def _read(self, keys: Sequence[Key]) -> dict[Key, UUID]:
        rows: Sequence[sa.Row[Any]] = self._connection.execute(
            _READ,
            {
                "tenant": self._tenant_id,
                "kinds": [str(kind) for kind, _ in keys],
                "keys": [key for _, key in keys],
                "exclusive": [f"{kind}:{name}" for kind, name in EXCLUSIVE.items()],
            },
        ).all()
        return {(Kind(row.kind), row.key): row.entity_id for row in rows}
