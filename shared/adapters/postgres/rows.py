"""Between rows and the domain's values."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from shared.domain.claims import (
    Claim,
    JsonValue,
    Kind,
    SourceRecord,
    claims_from_json,
    claims_to_json,
)
from shared.domain.decisions import (
    Export,
    ExportFormat,
    ExportStatus,
    ReviewItem,
    Validation,
    ValidationStatus,
)
from shared.domain.entities import Entity
from shared.domain.findings import Finding, Level

RECORD_COLUMNS = """
  r.kind, r.keys, r.source, r.origin, r.origin_version, r.claims, r.raw,
  r.received_at, r.batch, r.record_id
"""
ENTITY_COLUMNS = """
  e.id, e.version, e.facts, e.provenance, e.quality, e.created_at, e.updated_at,
  e.deleted_at, e.merged_into
"""

Row = sa.Row[Any]


def record_of(row: Row) -> SourceRecord:
    claims: tuple[Claim, ...] = claims_from_json(row.claims)
    return SourceRecord(
        kind=Kind(row.kind),
        keys=tuple(row.keys),
        source=row.source,
        origin=row.origin,
        origin_version=row.origin_version,
        claims=claims,
        received_at=row.received_at,
        raw=row.raw,
        batch=row.batch,
    ).staged_as(row.record_id)


def record_to_json(record: SourceRecord) -> dict[str, object]:
    return {
        "record_id": str(record.record_id),
        "kind": record.kind,
        "keys": record.keys,
        "source": record.source,
        "origin": record.origin,
        "origin_version": record.origin_version,
        "checksum": record.checksum,
        "claims": claims_to_json(record.claims),
        "raw": record.raw,
        "received_at": record.received_at.isoformat(),
    }


def entity_of(tenant_id: str, kind: Kind, row: Row) -> Entity:
    return Entity(
        tenant_id=tenant_id,
        kind=kind,
        id=row.id,
        version=row.version,
        values=row.facts,
        provenance=row.provenance,
        quality=row.quality,
        created_at=row.created_at,
        updated_at=row.updated_at,
        deleted_at=row.deleted_at,
        merged_into=row.merged_into,
    )


def entity_to_json(entity: Entity) -> dict[str, object]:
    return {
        "kind": entity.kind,
        "id": str(entity.id),
        "version": entity.version,
        "etag": entity.etag,
        "facts": dict(entity.values),
        "provenance": dict(entity.provenance),
        "quality": entity.quality,
        "created_at": entity.created_at.isoformat(),
        "updated_at": entity.updated_at.isoformat(),
        "deleted_at": entity.deleted_at and entity.deleted_at.isoformat(),
        "merged_into": entity.merged_into and str(entity.merged_into),
    }


def finding_of(row: Row) -> Finding:
    return Finding(
        code=row.code,
        level=Level(row.level),
        field=row.field,
        message=row.message,
        fix=row.fix,
        place=row.place,
        value=row.value,
    )


def review_of(row: Row) -> ReviewItem:
    alternatives: list[JsonValue] = row.alternatives
    return ReviewItem(
        tenant_id=row.tenant_id,
        kind=Kind(row.kind),
        entity_id=row.entity_id,
        field=row.field,
        value=row.value,
        source=row.source,
        confidence=row.confidence,
        reason=row.reason,
        created_at=row.created_at,
        alternatives=tuple(alternatives),
    )


def export_of(row: Row) -> Export:
    return Export(
        id=row.id,
        tenant_id=row.tenant_id,
        kind=Kind(row.kind),
        format=ExportFormat(row.format),
        status=ExportStatus(row.status),
        requested_at=row.requested_at,
        requested_by=row.requested_by,
        filters=row.filters,
        fields=tuple(row.fields),
        finished_at=row.finished_at,
        object_name=row.object_name,
        row_count=row.row_count,
        size_bytes=row.size_bytes,
        reason=row.reason,
        options=row.options,
        result=row.result,
    )


def validation_of(row: Row) -> Validation:
    return Validation(
        id=row.id,
        tenant_id=row.tenant_id,
        status=ValidationStatus(row.status),
        requested_at=row.requested_at,
        requested_by=row.requested_by,
        content=None if row.content is None else bytes(row.content),
        finished_at=row.finished_at,
        result=row.result,
    )
