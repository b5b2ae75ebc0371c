"""Entities and their credits as rows: read and written in one statement each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import sqlalchemy as sa

from shared.adapters.postgres.json_text import json_text
from shared.adapters.postgres.rows import ENTITY_COLUMNS, entity_of, entity_to_json
from shared.domain.claims import Kind
from shared.domain.entities import Change, Entity
from shared.domain.errors import TransientError
from shared.domain.ledger import Ref
from shared.domain.names import name_key

_CREDITED = ("artists", "contributors")
_POINTING = (Kind.TRACK_POSITION, Kind.RESOURCE)
_WRITTEN = """version, etag, facts, provenance, quality, created_at, updated_at,
      deleted_at, merged_into"""
_GIVEN = """
    given AS MATERIALIZED (
      SELECT g.*, g.facts ->> 'release' AS release_key,
        g.facts ->> 'recording' AS recording_key
      FROM jsonb_to_recordset(CAST(:entities AS jsonb)) AS g (
        kind text, id uuid, version bigint, etag text, facts jsonb, provenance jsonb,
        quality double precision, created_at timestamptz, updated_at timestamptz,
        deleted_at timestamptz, merged_into uuid))"""
_SAVE = """
    saved_{kind} AS (
      INSERT INTO {kind} AS old (tenant_id, id, {pointing} {written})
      SELECT :tenant, g.id, {pointed} {given}
      FROM given g {joins} WHERE g.kind = '{kind}'
      ON CONFLICT (tenant_id, id) DO UPDATE SET
        ({pointing} {written}) = ROW ({excluded})
      WHERE old.version = excluded.version - 1
      RETURNING id),
    counted_{kind} AS (SELECT count(*) FROM saved_{kind})"""
_JOIN = """
      LEFT JOIN LATERAL (
        SELECT m.entity_id FROM source_mapping m
        WHERE m.tenant_id = :tenant AND m.kind = '{target}'
          AND m.key = g.{target}_key
        OFFSET 0) AS m_{target} ON true"""
_CREDIT = """
    credited AS (
      INSERT INTO credit (tenant_id, kind, entity_id, field, sequence, party_id, role,
        name, credited_as, join_phrase)
      SELECT :tenant, c.kind, c.entity_id, c.field, c.sequence, m.entity_id, c.role,
        c.name, c.credited_as, c.join_phrase
      FROM jsonb_to_recordset(CAST(:credits AS jsonb)) AS c (
        kind text, entity_id uuid, field text, sequence integer, party_key text,
        role text, name text, credited_as text, join_phrase text)
      LEFT JOIN LATERAL (
        SELECT m.entity_id FROM source_mapping m
        WHERE m.tenant_id = :tenant AND m.kind = 'party' AND m.key = c.party_key
        OFFSET 0) AS m ON true
      ON CONFLICT (tenant_id, kind, entity_id, field, sequence) DO UPDATE SET
        (party_id, role, name, credited_as, join_phrase) = ROW (excluded.party_id,
          excluded.role, excluded.name, excluded.credited_as, excluded.join_phrase)),
    uncredited AS (
      DELETE FROM credit c
      USING jsonb_to_recordset(CAST(:lengths AS jsonb)) AS l (
        kind text, entity_id uuid, field text, length integer)
      WHERE c.tenant_id = :tenant AND c.kind = l.kind AND c.entity_id = l.entity_id
        AND c.field = l.field AND c.sequence > l.length)"""


def load_entities(
    connection: sa.Connection, tenant_id: str, refs: Sequence[Ref]
) -> dict[Ref, Entity]:
    """Return those of *refs* that exist."""
    ids: dict[Kind, list[str]] = {}
    for kind, entity in refs:
        ids.setdefault(kind, []).append(str(entity))
    if not ids:
        return {}
    parameters: dict[str, object] = {
        f"{kind}_ids": found for kind, found in ids.items()
    }
    rows = connection.execute(_load(tuple(ids)), {"tenant": tenant_id, **parameters})
    entities = (entity_of(tenant_id, Kind(row.kind), row) for row in rows)
    return {(entity.kind, entity.id): entity for entity in entities}


def save_entities(
    connection: sa.Connection, tenant_id: str, changes: Sequence[Change]
) -> None:
    """Write the entities as changed, with their credits.

    Raises:
        TransientError: An entity is no longer at the version the change began from.
    """
    if not changes:
        return
    kinds = tuple(sorted({change.entity.kind for change in changes}))
    credited, lengths = _credits(changes)
    saved = connection.scalar(
        _save(kinds, with_credits=bool(lengths)),
        {
            "tenant": tenant_id,
            "entities": json_text([entity_to_json(c.entity) for c in changes]),
            **(
                {"credits": json_text(credited), "lengths": json_text(lengths)}
                if lengths
                else {}
            ),
        },
    )
    if saved != len(changes):
        raise TransientError("an entity was changed at the same time")


@cache
def _load(kinds: tuple[Kind, ...]) -> sa.TextClause:
    return sa.text(
        " UNION ALL ".join(
            f"SELECT '{kind}' AS kind, {ENTITY_COLUMNS} "  # noqa: S608 - kinds are ours
            f"FROM unnest(CAST(:{kind}_ids AS uuid[])) AS asked (id) "
            f"CROSS JOIN LATERAL (SELECT * FROM {kind} e WHERE "
            "e.tenant_id = :tenant AND e.id = asked.id OFFSET 0) AS e"
            for kind in kinds
        )
    )


@cache
def _save(kinds: tuple[Kind, ...], *, with_credits: bool) -> sa.TextClause:
    parts = [_GIVEN, *(_save_kind(kind) for kind in kinds)]
    if with_credits:
        parts.append(_CREDIT)
    counts = " + ".join(f"(TABLE counted_{kind})" for kind in kinds)
    return sa.text(f"WITH {', '.join(parts)} SELECT {counts}")


def _save_kind(kind: Kind) -> str:
    targets = ("release", "recording") if kind in _POINTING else ()
    written = [name.strip() for name in _WRITTEN.split(",")]
    pointing = [f"{target}_id" for target in targets]
    return _SAVE.format(
        kind=kind,
        written=_WRITTEN,
        pointing="".join(f"{name}, " for name in pointing),
        pointed="".join(f"m_{target}.entity_id, " for target in targets),
        given=", ".join(f"g.{name}" for name in written),
        joins="".join(_JOIN.format(target=target) for target in targets),
        excluded=", ".join(f"excluded.{name}" for name in [*pointing, *written]),
    )


def _credits(
    changes: Iterable[Change],
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return the credits of what changed them, and how many each field has."""
    rows: list[dict[str, object]] = []
    lengths: list[dict[str, object]] = []
    newest = {(c.entity.kind, c.entity.id): c.entity for c in changes}
    concerned = {
        (c.entity.kind, c.entity.id, field)
        for c in changes
        for field in c.changed_fields
        if field in _CREDITED
    }
    for kind, entity_id, field in sorted(concerned):
        place = {"kind": kind, "entity_id": str(entity_id), "field": field}
        listed = newest[kind, entity_id].values.get(field)
        items = listed if isinstance(listed, list) else []
        lengths.append(place | {"length": len(items)})
        rows += [
            place | _credit(number, item)
            for number, item in enumerate(items, 1)
            if isinstance(item, dict)
        ]
    return rows, lengths


def _credit(number: int, credit: Mapping[str, object]) -> dict[str, object]:
    name = str(credit["name"])
    return {
        "sequence": number,
        "party_key": f"name:{name_key(name)}",
        "role": credit["role"],
        "name": name,
        "credited_as": credit.get("credited_as"),
        "join_phrase": credit.get("join"),
    }


def all_entities(connection: sa.Connection, tenant_id: str) -> list[Entity]:
    """Return everything the tenant has, tombstones included."""
    return [
        entity_of(tenant_id, kind, row)
        for kind in Kind
        for row in connection.execute(
            sa.text(
                f"SELECT {ENTITY_COLUMNS} FROM {kind} e "  # noqa: S608 - kinds are ours
                "WHERE e.tenant_id = :tenant"
            ),
            {"tenant": tenant_id},
        )
    ]
