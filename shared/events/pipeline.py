"""What the functions tell one another on the way from an upload to the catalog."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from shared.domain.claims import Kind
from shared.events.base import Event


class RecordingExtracted(Event):
    """A file of a recording was read: enrich may listen to it, validate check it.

    *uri* is None where the recording came without a file (a message, a table).
    """

    type: ClassVar[str] = "recording.extracted.v1"
    topic: ClassVar[str] = "entity-extracted"

    recording_id: UUID
    upload_id: UUID
    uri: str | None = None
    generation: int = 0
    keys: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return f"{Kind.RECORDING}/{self.recording_id}"


class AnalysisRequested(RecordingExtracted):
    """A file of a recording is to be listened to now: somebody asked, or it is due.

    *is_forced* asks to listen even where the same bytes were heard before.
    """

    type: ClassVar[str] = "analysis.requested.v1"

    is_forced: bool = False


class ReleaseExtracted(Event):
    """A release was spoken of: validate may check it."""

    type: ClassVar[str] = "release.extracted.v1"
    topic: ClassVar[str] = "entity-extracted"

    release_id: UUID
    upload_id: UUID

    @property
    def subject(self) -> str:
        return f"{Kind.RELEASE}/{self.release_id}"


class MessageExtracted(Event):
    """A DDEX message was staged: validate may check it whole."""

    type: ClassVar[str] = "message.extracted.v1"
    topic: ClassVar[str] = "entity-extracted"

    upload_id: UUID
    uri: str
    generation: int
    message_id: str
    version: str

    @property
    def subject(self) -> str:
        return f"message/{self.upload_id}"


class ValidationRequested(Event):
    """Somebody sent in a message to be checked."""

    type: ClassVar[str] = "validation.requested.v1"
    topic: ClassVar[str] = "entity-extracted"

    validation_id: UUID

    @property
    def subject(self) -> str:
        return f"validation/{self.validation_id}"


class ExportRequested(Event):
    """Somebody wants a file."""

    type: ClassVar[str] = "export.requested.v1"
    topic: ClassVar[str] = "export-requested"

    export_id: UUID

    @property
    def subject(self) -> str:
        return f"export/{self.export_id}"
