"""The catalog's one way in: transactions of one tenant, and their outbox.

A transaction commits on leaving its block and is undone by an error; nothing else
commits. What it announces is delivered after the commit, at least once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.domain.claims import JsonValue, Kind, SourceRecord
from shared.domain.decisions import Export, Outcome, ReviewItem, Validation
from shared.domain.entities import Change, Entity
from shared.domain.findings import Finding
from shared.domain.subjects import Key
from shared.domain.uploads import Upload
from shared.events.base import Event
from shared.ports.analyses import AnalysisTransaction
from shared.ports.document_store import Mirror
from shared.ports.event_bus import Announcement


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a commit left to deliver: an announcement, or a document to mirror."""

    sequence: int
    item: Announcement | Mirror


class CatalogTransaction(AnalysisTransaction, Protocol):
    """Work of one tenant that happens wholly or not at all."""

    @property
    def tenant_id(self) -> str: ...

    def tenant_exists(self) -> bool:
        """Return whether the tenant is registered and not suspended."""
        ...

    def first_sight(self, consumer: str, event_id: UUID) -> bool:
        """Return True once per event and consumer; the transaction remembers it."""
        ...

    def stage(self, records: Sequence[SourceRecord]) -> tuple[Change, ...]:
        """Stage *records* as one batch and fold what they touch (`domain.fold`).

        Each change gets the tenant's next number in the change feed, is announced on
        `catalog-events`, and mirrored to `tenants/<t>/<tracks|releases>/<id>` for
        recordings and releases.
        """
        ...

    def find(self, kind: Kind, key: str) -> UUID | None:
        """Return the entity that *key* belongs to."""
        ...

    def find_all(self, keys: Collection[Key]) -> Mapping[Key, UUID]:
        """Return the entities that *keys* belong to; unknown ones are left out."""
        ...

    def entity(self, kind: Kind, entity_id: UUID) -> Entity | None:
        """Return the entity as it is, tombstones included; None where unknown."""
        ...

    def positions(self, release_id: UUID) -> Sequence[Entity]:
        """Return the places on a release, by medium, number, and what is there."""
        ...

    def pointing(self, kind: Kind, of: Kind, entity_id: UUID) -> Sequence[Entity]:
        """Return the living entries of *kind* that name a release or recording, by id.

        Deals, deliveries and resources name the release (and the recording) they are
        of by any key of it; messages list the releases they speak of.
        """
        ...

    def records(self, kind: Kind, entity_id: UUID) -> Sequence[SourceRecord]:
        """Return the standing records about an entity, in the order of staging."""
        ...

    def history(self, kind: Kind, entity_id: UUID) -> Sequence[SourceRecord]:
        """Return all records about an entity, replaced ones too, in that order."""
        ...

    def staged(self, source: str, origin: str) -> Sequence[SourceRecord]:
        """Return the records of the newest version of an origin; empty if none."""
        ...

    def announce(self, event: Event) -> None:
        """Deliver *event* to its topic after the commit."""
        ...

    def upload(self, upload_id: UUID) -> Upload | None:
        """Return the upload, held until the transaction ends."""
        ...

    def save_upload(self, upload: Upload) -> Upload:
        """Write the next version, mirrored to `tenants/<t>/uploads/<id>`."""
        ...

    def hold_findings(self, kind: Kind, entity_id: UUID, producer: str) -> None:
        """Let whoever else replaces these findings wait until the transaction ends."""
        ...

    def replace_findings(
        self,
        kind: Kind,
        entity_id: UUID,
        producer: str,
        findings: Sequence[Finding],
        *,
        shown: bool = False,
    ) -> None:
        """Make *findings* all that *producer* has to say about an entity.

        Whoever else replaces them waits until the transaction ends. Where *shown*,
        they are mirrored to `tenants/<t>/findings/<id>~<producer>`.
        """
        ...

    def findings(self, kind: Kind, entity_id: UUID) -> Sequence[Finding]:
        """Return what all producers say about an entity, sorted."""
        ...

    def open_review(self, item: ReviewItem) -> None:
        """Put *item* before people, in place of an open one with the same id.

        What a person dismissed is not asked again, unless the value is another.
        """
        ...

    def settle_reviews(self, kind: Kind, entity_id: UUID, fields: Sequence[str]) -> int:
        """Close the open items of *fields*: nothing is asked any more. Return how many.

        The outcome is that they were superseded; see `decide_review` for people's.
        """
        ...

    def decide_review(
        self, item: ReviewItem, outcome: Outcome, by: str, value: JsonValue = None
    ) -> bool:
        """Close *item* as *by* decided: with *value*, if that was the decision.

        Return False where it is not open any more.
        """
        ...

    def reviews(self, kind: Kind, entity_id: UUID) -> Sequence[ReviewItem]:
        """Return the open items of an entity, by field."""
        ...

    def save_export(self, export: Export) -> None: ...

    def export(self, export_id: UUID) -> Export | None: ...

    def save_validation(self, validation: Validation) -> None: ...

    def validation(self, validation_id: UUID) -> Validation | None: ...


class Catalog(Protocol):
    """The truth: PostgreSQL in the cloud, memory in unit tests."""

    def transaction(self, tenant_id: str) -> AbstractContextManager[CatalogTransaction]:
        """Begin work of *tenant_id*; commit on leaving, undo on an error.

        Raises:
            TransientError: The database is away, or lost a race; try all of it again.
        """
        ...

    def drain(
        self,
        tenant_id: str,
        deliver: Callable[[Sequence[Outgoing]], None],
        *,
        limit: int = 500,
    ) -> int:
        """Hand up to *limit* outgoing items, in order, to *deliver*; forget them after.

        One drain of a tenant runs at a time; another waits. Where *deliver* raises,
        nothing is forgotten. Returns how many were delivered.
        """
        ...

    def tenants_with_outgoing(self) -> Sequence[str]:
        """Return the tenants that have something to deliver, sorted."""
        ...

    def tenants_with_queued_analyses(self) -> Sequence[str]:
        """Return the tenants that have files waiting to be listened to, sorted."""
        ...
