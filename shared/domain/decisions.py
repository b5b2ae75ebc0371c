"""What waits for a person: review items; and what was asked for: exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from shared.domain.claims import JsonValue, Kind

_REVIEWS = UUID("61f0c3a9-52f4-5a53-9a4e-6a2f3f9f1d10")

REVIEW_BELOW = 0.85
"""A claim of a model that is less sure than this waits for a person."""


class Outcome(StrEnum):
    """What became of a review item.

    ACCEPTED and CORRECTED: a person said what is right, and models may learn from it;
    DISMISSED: a person wants it left as it is; SUPERSEDED: nobody needs to ask any
    more.
    """

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    DISMISSED = "dismissed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One value that a person should look at.

    Attributes:
        alternatives: Other values the source thought possible, best first.
    """

    tenant_id: str
    kind: Kind
    entity_id: UUID
    field: str
    value: JsonValue
    source: str
    confidence: float
    reason: str
    created_at: datetime
    alternatives: tuple[JsonValue, ...] = ()

    @property
    def id(self) -> UUID:
        """One open item per entity, field and source family version."""
        parts = (self.tenant_id, self.kind, str(self.entity_id), self.field)
        return uuid5(_REVIEWS, "\x1f".join((*parts, self.source)))


EXPORT_PROVENANCE = "+provenance"
"""Asked for like a field, it adds source and confidence to every field of a file."""


class ExportFormat(StrEnum):
    CSV = "csv"
    JSON = "json"
    JSON_LINES = "jsonl"
    XML = "xml"
    ERN = "ern"
    """A delivery of releases: DDEX messages with their files."""


class ExportStatus(StrEnum):
    REQUESTED = "requested"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Export:
    """One file that was asked for.

    Attributes:
        kind: Recordings or releases.
        filters: As the list endpoints take them: `{"title": "blue", …}`.
        fields: Which, in order; empty for all; EXPORT_PROVENANCE adds why.
        object_name: Where in the exports bucket it lies, once done.
        reason: Why it failed: `code`, `message`, `facts`.
        options: Of a delivery: releases, versions, who sends it to whom.
        result: Of a delivery: its files, and what was checked of it.
    """

    id: UUID
    tenant_id: str
    kind: Kind
    format: ExportFormat
    status: ExportStatus
    requested_at: datetime
    requested_by: str
    filters: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    finished_at: datetime | None = None
    object_name: str = ""
    row_count: int | None = None
    size_bytes: int | None = None
    reason: Mapping[str, JsonValue] | None = None
    options: Mapping[str, JsonValue] = field(default_factory=dict)
    result: Mapping[str, JsonValue] = field(default_factory=dict)

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "id": str(self.id),
            "kind": str(self.kind),
            "format": str(self.format),
            "status": str(self.status),
            "requested_at": self.requested_at.isoformat(),
            "requested_by": self.requested_by,
            "filters": dict(self.filters),
            "fields": list(self.fields),
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
            "row_count": self.row_count,
            "size_bytes": self.size_bytes,
            "reason": None if self.reason is None else dict(self.reason),
            "options": dict(self.options),
            "result": dict(self.result),
        }


class ValidationStatus(StrEnum):
    REQUESTED = "requested"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Validation:
    """A message that somebody sent in to be checked, and what is wrong with it.

    Attributes:
        content: The message; gone once it is checked.
        result: As `shared.ddex.checking.CheckedMessage.to_json` has it.
    """

    id: UUID
    tenant_id: str
    status: ValidationStatus
    requested_at: datetime
    requested_by: str
    content: bytes | None = None
    finished_at: datetime | None = None
    result: Mapping[str, JsonValue] = field(default_factory=dict)

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "id": str(self.id),
            "status": str(self.status),
            "requested_at": self.requested_at.isoformat(),
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
            **self.result,
        }
