"""What callers get, where Python builds it (for the rest see `entries`)."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field


class FindingAnswer(BaseModel):
    """One result of a rule: what is wrong, where, and how to put it right."""

    code: str
    level: Literal["fatal", "error", "warning", "info"]
    field: str
    message: str
    fix: str
    place: str
    value: str | None


class FindingsAnswer(BaseModel):
    items: list[FindingAnswer]


class ReviewAnswer(BaseModel):
    """One value that waits for a person."""

    id: UUID
    kind: str
    entity_id: UUID
    field: str
    value: Any
    source: str
    confidence: float
    reason: str
    alternatives: list[Any]
    created_at: AwareDatetime


class ReviewsAnswer(BaseModel):
    items: list[ReviewAnswer]


class ReviewPage(BaseModel):
    items: list[ReviewAnswer]
    next_cursor: str | None


class UploadAnswer(BaseModel):
    """An upload, and how far it has come."""

    id: UUID
    uri: str
    generation: str
    file_kind: str
    size_bytes: int | None
    content_type: str
    stage: str
    stages: dict[str, AwareDatetime]
    entities: list[str]
    findings: list[FindingAnswer]
    reason: dict[str, Any] | None
    created_at: AwareDatetime
    updated_at: AwareDatetime
    version: int
    counts: dict[str, int] = {}
    errors_uri: str = ""


class UploadTarget(BaseModel):
    """Where, and how, to send the file."""

    url: str
    method: Literal["PUT", "POST"]
    headers: dict[str, str]
    expires_at: AwareDatetime
    resumable: bool


class UploadCreated(BaseModel):
    upload: UploadAnswer
    target: UploadTarget


class UploadPage(BaseModel):
    items: list[UploadAnswer]
    next_cursor: str | None


class Skipped(BaseModel):
    """Attributes: id: of a track, or the address of an object, as it was asked for."""

    id: str
    reason: str


class AnalyzeAnswer(BaseModel):
    """What will be listened to again, and what cannot be."""

    accepted: list[UUID]
    skipped: list[Skipped]
    waiting: int = 0


class Alternative(BaseModel):
    """What one standing record says of a field."""

    value: Any
    source: str
    record_id: UUID
    origin: str
    at: AwareDatetime
    confidence: float
    locked: bool
    withdrawn: bool


class FieldProvenance(BaseModel):
    """Why a field has its value, and what else was said."""

    value: Any
    source: str
    record_id: UUID
    at: AwareDatetime
    confidence: float
    locked: bool
    agreeing: int
    differing: int
    alternatives: list[Alternative]


class ProvenanceAnswer(BaseModel):
    id: UUID
    version: int
    fields: dict[str, FieldProvenance]


class ClaimAnswer(BaseModel):
    field: str
    value: Any
    confidence: float
    locked: bool
    withdrawn: bool


class StepAnswer(BaseModel):
    """One record, and what it made of the entry."""

    record_id: UUID
    actor: str
    origin: str
    origin_version: int
    at: AwareDatetime
    keys: list[str]
    claims: list[ClaimAnswer]
    version: int | None
    replaced: bool
    changed: dict[str, dict[str, Any]]


class HistoryAnswer(BaseModel):
    id: UUID
    version: int
    items: list[StepAnswer]


class UpdatesAnswer(BaseModel):
    """Changes in the order of their numbers, as CloudEvents."""

    items: list[dict[str, Any]]
    next_since: int
    more: bool


class ExportAnswer(BaseModel):
    """A file that was asked for; or a delivery of several."""

    id: UUID
    kind: str
    format: str
    status: Literal["requested", "done", "failed"]
    requested_at: AwareDatetime
    requested_by: str
    filters: dict[str, str]
    fields: list[str]
    finished_at: AwareDatetime | None
    row_count: int | None
    size_bytes: int | None
    reason: dict[str, Any] | None
    options: dict[str, Any] = Field(default_factory=dict)
    result: dict[str, Any] = Field(default_factory=dict)
    files: list[dict[str, Any]] = Field(default_factory=list)
    download_url: str | None = None
    download_expires_at: AwareDatetime | None = None


class ExportPage(BaseModel):
    items: list[ExportAnswer]
    next_cursor: str | None


class DeadLetterAnswer(BaseModel):
    """A message that was given up."""

    message_id: str
    published_at: AwareDatetime
    delivery_attempts: int
    attributes: dict[str, str]
    data: Any


class DeadLettersOfOne(BaseModel):
    subscription: str
    messages: list[DeadLetterAnswer]


class DeadLettersAnswer(BaseModel):
    items: list[DeadLettersOfOne]


class RedriveAnswer(BaseModel):
    subscription: str
    redriven: int


class ClientAnswer(BaseModel):
    id: str
    name: str


class MeAnswer(BaseModel):
    """Who is asking."""

    tenant_id: str
    client: ClientAnswer
    role: Literal["viewer", "editor", "admin"]


class HealthAnswer(BaseModel):
    status: Literal["ok", "degraded"]
    database: Literal["reached", "away"]
    version: str


class FaultAnswer(BaseModel):
    pointer: str
    detail: str


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    facts: dict[str, Any]
    instance: str
    request_id: str
    errors: list[FaultAnswer] = []
