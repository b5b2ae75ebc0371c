"""The public contract: what subscribers of `catalog-events` are told."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID, uuid5

from shared.domain.claims import Kind
from shared.domain.entities import Change
from shared.domain.trust import source_family
from shared.events.base import Event

_CHANGES = UUID("c3a9ad0e-0a3b-5a41-8f57-7b1a7c6d7f02")


class EntityChanged(Event):
    """An entry of the catalog changed; `GET /api/…/{id}` tells what it is now.

    Attributes:
        number: The change's place in the tenant's feed, gap-free from 1.
        version: Of the entity after the change.
        changed_fields: Whose value, source or lock changed, sorted.
        action: `created`, `updated`, `deleted` or `merged`.
        actor: The source that caused it, such as `person:ann` or `tags`.
    """

    topic: ClassVar[str] = "catalog-events"

    kind: Kind
    entity_id: UUID
    version: int
    number: int
    action: Literal["created", "updated", "deleted", "merged"]
    changed_fields: tuple[str, ...]
    actor: str
    merged_into: UUID | None = None

    @property
    def ordering_key(self) -> str:
        return f"{self.tenant_id}/{self.kind}/{self.entity_id}"

    @property
    def attributes(self) -> dict[str, str]:
        """Say also what caused the change, without who: `person`, `tags`, `ddex`."""
        return super().attributes | {"cause": source_family(self.actor)}

    @property
    def subject(self) -> str:
        return f"{self.kind}/{self.entity_id}"


class RecordingChanged(EntityChanged):
    type: ClassVar[str] = "recording.changed.v1"


class ReleaseChanged(EntityChanged):
    type: ClassVar[str] = "release.changed.v1"


class PartyChanged(EntityChanged):
    type: ClassVar[str] = "party.changed.v1"


class TrackPositionChanged(EntityChanged):
    type: ClassVar[str] = "track_position.changed.v1"


class ResourceChanged(EntityChanged):
    type: ClassVar[str] = "resource.changed.v1"


class WorkChanged(EntityChanged):
    type: ClassVar[str] = "work.changed.v1"


class DealChanged(EntityChanged):
    type: ClassVar[str] = "deal.changed.v1"


class DeliveryChanged(EntityChanged):
    type: ClassVar[str] = "delivery.changed.v1"


class MessageChanged(EntityChanged):
    type: ClassVar[str] = "message.changed.v1"


class ReleaseGroupChanged(EntityChanged):
    type: ClassVar[str] = "release_group.changed.v1"


class PodcastChanged(EntityChanged):
    type: ClassVar[str] = "podcast.changed.v1"


class EpisodeChanged(EntityChanged):
    type: ClassVar[str] = "episode.changed.v1"


class PlaylistChanged(EntityChanged):
    type: ClassVar[str] = "playlist.changed.v1"


class UploadRejected(Event):
    """An upload could not be taken in; nothing of it entered the catalog."""

    type: ClassVar[str] = "upload.rejected.v1"
    topic: ClassVar[str] = "catalog-events"

    upload_id: UUID
    uri: str
    generation: int
    code: str
    reason: str

    @property
    def ordering_key(self) -> str:
        return f"{self.tenant_id}/upload/{self.upload_id}"

    @property
    def subject(self) -> str:
        return f"upload/{self.upload_id}"


class ExportCompleted(Event):
    """A file that was asked for is there, or will not be."""

    type: ClassVar[str] = "export.completed.v1"
    topic: ClassVar[str] = "catalog-events"

    export_id: UUID
    status: Literal["done", "failed"]
    row_count: int | None = None

    @property
    def subject(self) -> str:
        return f"export/{self.export_id}"


_BY_KIND: dict[Kind, type[EntityChanged]] = {
    Kind.RECORDING: RecordingChanged,
    Kind.RELEASE: ReleaseChanged,
    Kind.PARTY: PartyChanged,
    Kind.TRACK_POSITION: TrackPositionChanged,
    Kind.RESOURCE: ResourceChanged,
    Kind.RELEASE_GROUP: ReleaseGroupChanged,
    Kind.PODCAST: PodcastChanged,
    Kind.EPISODE: EpisodeChanged,
    Kind.PLAYLIST: PlaylistChanged,
    Kind.WORK: WorkChanged,
    Kind.DEAL: DealChanged,
    Kind.DELIVERY: DeliveryChanged,
    Kind.MESSAGE: MessageChanged,
}


def entity_changed(change: Change, number: int) -> EntityChanged:
    """Return the event that tells of *change*; its id is that of entity and version."""
    entity = change.entity
    seed = f"{entity.tenant_id}\x1f{entity.kind}\x1f{entity.id}\x1f{entity.version}"
    return _BY_KIND[entity.kind].model_validate(
        {
            "event_id": uuid5(_CHANGES, seed),
            "tenant_id": entity.tenant_id,
            "occurred_at": change.at,
            "kind": entity.kind,
            "entity_id": entity.id,
            "version": entity.version,
            "number": number,
            "action": change.action,
            "changed_fields": change.changed_fields,
            "actor": change.actor,
            "merged_into": entity.merged_into,
        }
    )
