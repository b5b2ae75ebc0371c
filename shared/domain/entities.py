"""What the catalog holds: entities as resolved, and the changes they go through."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.domain.claims import JsonValue, Kind, canonical_json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Entity:
    """One entry of the catalog, at one version.

    Attributes:
        values: One value per field.
        provenance: Why, per field: see `resolve.Provenance.to_json`.
        quality: From 0 to 1.
        version: 1 when it appears; one more with every change.
        deleted_at: Set on a tombstone.
        merged_into: The entity that a tombstone redirects to, if it was a merge.
    """

    tenant_id: str
    kind: Kind
    id: UUID
    version: int
    values: Mapping[str, JsonValue]
    provenance: Mapping[str, JsonValue]
    quality: float
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    merged_into: UUID | None = None

    @property
    def etag(self) -> str:
        """A strong validator (RFC 9110 §8.8.3), without quotes."""
        seed = f"{self.kind}:{self.id}:{self.version}"
        return hashlib.sha256(seed.encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Change:
    """One step of an entity, as the change feed tells it.

    Attributes:
        entity: As it is after the step.
        changed_fields: Fields whose value, source or lock changed, sorted.
        action: `created`, `updated`, `deleted` or `merged`.
        actor: The source whose record caused the step.
    """

    entity: Entity
    changed_fields: tuple[str, ...]
    action: str
    actor: str
    at: datetime = field(kw_only=True)


def entity_id(tenant_id: str, kind: Kind, key: str, at: datetime) -> UUID:
    """Return the id of the entity first seen under *key* at *at*.

    A UUID of version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then bits of
    a hash where others put random ones, so that a replay mints the same ids.
    """
    seed = canonical_json([tenant_id, kind, key]).encode()
    bits = int.from_bytes(hashlib.sha256(seed).digest()[:10])
    value = ((at - _EPOCH) // _MILLISECOND & (2**48 - 1)) << 80
    value |= 0x7 << 76 | (bits >> 62 & 0xFFF) << 64
    value |= 0b10 << 62 | bits & (2**62 - 1)
    return UUID(int=value)


def content_digest(entities: list[Entity]) -> str:
    """Return SHA-256 over what *entities* say, whatever ids and times they have.

    Two catalogs built from the same uploads, in whatever order they were processed,
    have the same content digest.
    """
    lines = sorted(
        canonical_json(
            [
                e.kind,
                dict(e.values),
                {name: _lasting(why) for name, why in e.provenance.items()},
                e.quality,
            ]
        )
        for e in entities
        if e.deleted_at is None
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def exact_digest(entities: list[Entity]) -> str:
    """Return SHA-256 over *entities* to the last byte: ids, versions and times too."""
    lines = sorted(
        canonical_json(
            [
                e.kind,
                str(e.id),
                e.version,
                dict(e.values),
                dict(e.provenance),
                e.quality,
                e.created_at.isoformat(),
                e.updated_at.isoformat(),
                e.deleted_at and e.deleted_at.isoformat(),
                e.merged_into and str(e.merged_into),
            ]
        )
        for e in entities
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _lasting(why: JsonValue) -> JsonValue:
    if not isinstance(why, dict):
        return why
    return {name: part for name, part in why.items() if name not in ("at", "record_id")}
