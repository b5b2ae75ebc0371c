"""Uploads as rows: the document people see, and the log of its stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.adapters.postgres.json_text import json_text
from shared.domain.errors import TransientError
from shared.domain.findings import Finding, Level
from shared.domain.uploads import Upload

_LOAD = sa.text("""
    SELECT document FROM upload
    WHERE tenant_id = :tenant AND id = CAST(:id AS uuid) FOR UPDATE
""")
# The log gets a line for each stage the upload had not reached before.
_SAVE = sa.text("""
    WITH given AS MATERIALIZED (SELECT CAST(:document AS jsonb) AS document),
    saved AS (
      INSERT INTO upload AS old (tenant_id, id, uri, generation, version, stage,
        file_kind, created_at, updated_at, document)
      SELECT :tenant, (d ->> 'id')::uuid, d ->> 'uri', (d ->> 'generation')::bigint,
        (d ->> 'version')::bigint, d ->> 'stage', d ->> 'file_kind',
        (d ->> 'created_at')::timestamptz, (d ->> 'updated_at')::timestamptz, d
      FROM given AS g (d)
      ON CONFLICT (tenant_id, id) DO UPDATE SET
        (uri, generation, version, stage, file_kind, created_at, updated_at, document)
        = ROW (excluded.uri, excluded.generation, excluded.version, excluded.stage,
          excluded.file_kind, excluded.created_at, excluded.updated_at,
          excluded.document)
      WHERE old.version = excluded.version - 1
      RETURNING id),
    logged AS (
      INSERT INTO ingest_log (tenant_id, upload_id, at, what, facts)
      SELECT :tenant, s.id, (stage.value #>> '{}')::timestamptz, stage.key,
        jsonb_build_object('generation', g.document -> 'generation',
          'reason', CASE WHEN stage.key = 'rejected' THEN g.document -> 'reason' END)
      FROM saved s CROSS JOIN given g
      CROSS JOIN LATERAL jsonb_each(g.document -> 'stages') AS stage
      WHERE NOT EXISTS (
        SELECT FROM upload u WHERE u.tenant_id = :tenant AND u.id = s.id
          AND u.document -> 'generation' = g.document -> 'generation'
          AND u.document -> 'stages' -> stage.key = stage.value))
    SELECT count(*) FROM saved
""")


def load_upload(
    connection: sa.Connection, tenant_id: str, upload_id: UUID
) -> Upload | None:
    """Return the upload, its row held until the transaction ends."""
    document = connection.scalar(_LOAD, {"tenant": tenant_id, "id": str(upload_id)})
    return None if document is None else upload_of(tenant_id, document)


def save_upload(connection: sa.Connection, upload: Upload) -> Upload:
    """Write *upload* as its next version, and return that.

    Raises:
        TransientError: It was saved by somebody else since it was read.
    """
    following = replace(upload, version=upload.version + 1)
    saved = connection.scalar(
        _SAVE,
        {"tenant": upload.tenant_id, "document": json_text(following.to_json())},
    )
    if not saved:
        raise TransientError("an upload was saved at the same time")
    return following


def upload_of(tenant_id: str, document: Mapping[str, Any]) -> Upload:
    """Return the upload that `Upload.to_json` wrote as *document*."""
    stages = document["stages"].items()
    return Upload(
        id=UUID(document["id"]),
        tenant_id=tenant_id,
        uri=document["uri"],
        generation=int(document["generation"]),
        created_at=datetime.fromisoformat(document["created_at"]),
        updated_at=datetime.fromisoformat(document["updated_at"]),
        file_kind=document["file_kind"],
        size_bytes=document["size_bytes"],
        content_type=document["content_type"],
        stages={name: datetime.fromisoformat(at) for name, at in stages},
        entities=tuple(document["entities"]),
        findings=tuple(
            Finding(**{**told, "level": Level(told["level"])})
            for told in document["findings"]
        ),
        reason=document["reason"],
        version=document["version"],
        counts=document.get("counts", {}),
        errors_uri=document.get("errors_uri", ""),
    )
