"""The use case: an entry came in or was edited; what partners would say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shared.domain.claims import Kind
from shared.domain.trust import source_family
from shared.domain.uploads import Stage
from shared.events.base import Event
from shared.events.catalog import EntityChanged
from shared.events.pipeline import (
    MessageExtracted,
    RecordingExtracted,
    ReleaseExtracted,
    ValidationRequested,
)
from shared.ports.catalog import Catalog, CatalogTransaction
from shared.ports.clock import Clock

from .deliveries import check_release
from .messages import MessageChecks
from .rules import Subject, check

CONSUMER: Final = "validate"
PRODUCER: Final = "catalog-rules@v1"


@dataclass(frozen=True, slots=True)
class Validator:
    """Checks entries and keeps what the rules say.

    Attributes:
        relay: Called with a tenant after each commit.
    """

    catalog: Catalog
    clock: Clock
    relay: Callable[[str], object]
    messages: MessageChecks | None = None

    def validate(self, event: Event) -> None:
        """Check what *event* is about, once, however often it is delivered."""
        if self.messages and isinstance(event, ValidationRequested):
            self.messages.check_sent_in(event)
            return
        read = None
        if self.messages and isinstance(event, MessageExtracted):
            read = self.messages.read(event)
        with self.catalog.transaction(event.tenant_id) as tx:
            if not tx.first_sight(CONSUMER, event.event_id):
                return
            news = read is not None
            for kind, entity_id in _subjects(event):
                is_delivered = self._check(tx, kind, entity_id)
                if is_delivered and kind is Kind.RELEASE:
                    news |= check_release(tx, entity_id, self.clock.now())
            if self.messages and read:
                self.messages.keep(tx, read)
            marked = self._mark(tx, event)
        if marked or news:
            self.relay(event.tenant_id)

    def _check(self, tx: CatalogTransaction, kind: Kind, entity_id: UUID) -> bool:
        """Check an entry; return whether a message may have told of it."""
        # This holds the findings, so that of two who check at the same time the one
        # who sees more is the one who writes last.
        tx.hold_findings(kind, entity_id, PRODUCER)
        entity = tx.entity(kind, entity_id)
        if entity is None or entity.deleted_at:
            tx.replace_findings(kind, entity_id, PRODUCER, ())
            return True
        positions = tx.positions(entity_id) if kind is Kind.RELEASE else ()
        records = tx.records(kind, entity_id)
        subject = Subject(
            kind=kind,
            values=entity.values,
            records=records,
            positions=[position.values for position in positions],
        )
        tx.replace_findings(kind, entity_id, PRODUCER, check(subject))
        return any(source_family(record.source) == "ddex" for record in records)

    def _mark(self, tx: CatalogTransaction, event: Event) -> bool:
        """Show that the upload was checked; return whether that is news."""
        if not isinstance(
            event, RecordingExtracted | ReleaseExtracted | MessageExtracted
        ):
            return False
        upload = tx.upload(event.upload_id)
        if upload is None or Stage.VALIDATED in upload.stages:
            return False
        tx.save_upload(upload.reached(self.clock.now(), Stage.VALIDATED))
        return True


def _subjects(event: Event) -> list[tuple[Kind, UUID]]:
    if isinstance(event, RecordingExtracted):
        return [(Kind.RECORDING, event.recording_id)]
    if isinstance(event, ReleaseExtracted):
        return [(Kind.RELEASE, event.release_id)]
    if isinstance(event, EntityChanged) and event.kind in (
        Kind.RECORDING,
        Kind.RELEASE,
    ):
        return [(event.kind, event.entity_id)]
    return []
