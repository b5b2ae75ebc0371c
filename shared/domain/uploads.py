"""An upload on its way into the catalog, stage by stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from shared.domain.claims import JsonValue
from shared.domain.findings import Finding

_UPLOADS = UUID("0a7f4f0e-7f8f-5bb1-8a5e-3f5a3a1c2b77")


class Stage(StrEnum):
    """The stages an upload may pass; the time of each is kept."""

    EXPECTED = "expected"
    RECEIVED = "received"
    STAGED = "staged"
    EXTRACTED = "extracted"
    ENRICHED = "enriched"
    VALIDATED = "validated"
    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


def upload_id(uri: str) -> UUID:
    """Return the id of whatever is, or will be, uploaded to *uri*."""
    return uuid5(_UPLOADS, uri)


@dataclass(frozen=True, slots=True)
class Upload:
    """One object, its newest generation, and how far that has come.

    Attributes:
        generation: Of the object; 0 while it is only expected.
        file_kind: What the content was found to be; empty until known.
        stages: When each stage was reached.
        entities: `kind/id` of what the upload speaks of, sorted.
        findings: What was odd about the file itself; nothing else was lost with it.
        reason: Why it was rejected: `code`, `message` and `facts`; None if it was not.
        version: One more with every save.
        counts: Of the records in it: `records`, `records_in_error`,
            `records_with_findings`, `findings`; empty where it is one record.
        errors_uri: Where all that was wrong with them is written, as CSV; or empty.
    """

    id: UUID
    tenant_id: str
    uri: str
    generation: int
    created_at: datetime
    updated_at: datetime
    file_kind: str = ""
    size_bytes: int | None = None
    content_type: str = ""
    stages: Mapping[str, datetime] = field(default_factory=dict)
    entities: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    reason: Mapping[str, JsonValue] | None = None
    version: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    errors_uri: str = ""

    def reached(self, at: datetime, *stages: Stage) -> Upload:
        """Return this upload with *stages* reached at *at*; the first time counts."""
        times = {str(stage): at for stage in stages} | dict(self.stages)
        return replace(self, stages=times, updated_at=max(at, self.updated_at))

    @property
    def stage(self) -> Stage:
        """The furthest stage reached."""
        order = list(Stage)
        return max((Stage(name) for name in self.stages), key=order.index)

    def to_json(self) -> dict[str, JsonValue]:
        """Return the upload as the API and the real-time mirror show it."""
        return {
            "id": str(self.id),
            "uri": self.uri,
            "generation": str(self.generation),
            "file_kind": self.file_kind,
            "size_bytes": self.size_bytes,
            "content_type": self.content_type,
            "stage": str(self.stage) if self.stages else "",
            "stages": {name: at.isoformat() for name, at in self.stages.items()},
            "entities": list(self.entities),
            "findings": [finding.to_json() for finding in self.findings],
            "reason": None if self.reason is None else dict(self.reason),
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
            "version": self.version,
            "counts": dict(self.counts),
            "errors_uri": self.errors_uri,
        }
