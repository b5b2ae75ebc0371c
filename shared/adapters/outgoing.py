"""What a commit leaves to deliver, in the form in which it goes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shared.domain.claims import JsonValue, Kind
from shared.domain.entities import Change, Entity
from shared.domain.findings import Finding
from shared.domain.uploads import Upload
from shared.events.base import Event
from shared.events.catalog import EntityChanged, entity_changed
from shared.ports.document_store import Mirror
from shared.ports.event_bus import Announcement

_COLLECTIONS = {Kind.RECORDING: "tracks", Kind.RELEASE: "releases"}
_SHOWN = ("source", "confidence", "locked")


@dataclass(slots=True)
class Pending:
    """What one transaction has to tell, kept until it is about to commit."""

    told: list[Change | Event] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    opinions: list[Mirror] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        return [told for told in self.told if isinstance(told, Change)]

    def numbered(self, last: int) -> list[EntityChanged]:
        """Return the events of the changes, the last of which has number *last*."""
        changes = self.changes
        first = last - len(changes) + 1
        return [entity_changed(c, first + place) for place, c in enumerate(changes)]

    def items(self, events: list[EntityChanged]) -> Iterator[Announcement | Mirror]:
        """Yield what goes out: announcements, then entries, then uploads.

        So that whoever sees an upload published finds what it led to.
        """
        of_changes = iter(events)
        for told in self.told:
            event = next(of_changes) if isinstance(told, Change) else told
            yield announcement(event)
        for change in self.changes:
            if change.entity.kind in _COLLECTIONS:
                yield entity_mirror(change.entity)
        yield from self.opinions
        for upload in self.uploads:
            yield upload_mirror(upload)


def announcement(event: Event) -> Announcement:
    return Announcement(
        topic=event.topic,
        data=event.to_cloud_event(),
        attributes=event.attributes,
        ordering_key=event.ordering_key,
    )


def entity_mirror(entity: Entity) -> Mirror:
    """Return the document that shows *entity*, or its removal."""
    path = f"tenants/{entity.tenant_id}/{_COLLECTIONS[entity.kind]}/{entity.id}"
    if entity.deleted_at is not None:
        return Mirror(path, entity.version, None)
    content: dict[str, JsonValue] = {
        **entity.values,
        "id": str(entity.id),
        "version": entity.version,
        "etag": entity.etag,
        "updated_at": entity.updated_at.isoformat(),
        "quality": entity.quality,
        "sources": {
            name: {part: why.get(part) for part in _SHOWN}
            for name, why in entity.provenance.items()
            if isinstance(why, dict)
        },
    }
    return Mirror(path, entity.version, content)


def findings_mirror(
    tenant_id: str,
    about: tuple[Kind, UUID],
    producer: str,
    findings: Sequence[Finding],
    version: int,
) -> Mirror:
    """Return the document that shows what *producer* says about an entry."""
    kind, entity_id = about
    # A slash would part the path; what a producer is called may come from a message.
    name = producer.replace("/", "_")
    return Mirror(
        f"tenants/{tenant_id}/findings/{entity_id}~{name}",
        version,
        {
            "kind": str(kind),
            "entity_id": str(entity_id),
            "producer": producer,
            "findings": [finding.to_json() for finding in findings],
        },
    )


def upload_mirror(upload: Upload) -> Mirror:
    path = f"tenants/{upload.tenant_id}/uploads/{upload.id}"
    return Mirror(path, upload.version, upload.to_json())
