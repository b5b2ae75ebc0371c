"""The catalog in memory: for unit tests, with the promises of the real one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from uuid import UUID

from shared.adapters.memory.analyses import MemoryAnalyses
from shared.adapters.memory.books import Books, Decided, MemoryLedger
from shared.adapters.outgoing import Pending, findings_mirror
from shared.domain.claims import JsonValue, Kind, SourceRecord
from shared.domain.decisions import Export, Outcome, ReviewItem, Validation
from shared.domain.entities import Change, Entity
from shared.domain.errors import TransientError
from shared.domain.findings import Finding
from shared.domain.fold import fold
from shared.domain.subjects import Key
from shared.domain.uploads import Upload
from shared.events.base import Event
from shared.events.catalog import EntityChanged
from shared.ports.catalog import Outgoing


class MemoryTransaction(MemoryAnalyses):
    """Work on a copy of the books, which replaces them on commit."""

    def __init__(
        self,
        tenant_id: str,
        books: Books,
        *,
        is_known: bool,
        settings: Mapping[str, JsonValue],
    ) -> None:
        super().__init__(books, settings)
        self._tenant_id = tenant_id
        self._is_known = is_known
        self._pending = Pending()
        self._ledger = MemoryLedger(tenant_id, books, self._pending)

    @property
    def tenant_id(self) -> str:
        return self._tenant_id

    def tenant_exists(self) -> bool:
        return self._is_known

    def first_sight(self, consumer: str, event_id: UUID) -> bool:
        is_new = (consumer, event_id) not in self._books.inbox
        self._books.inbox.add((consumer, event_id))
        return is_new

    def stage(self, records: Sequence[SourceRecord]) -> tuple[Change, ...]:
        return fold(self._ledger, records) if records else ()

    def find(self, kind: Kind, key: str) -> UUID | None:
        return self._books.mapping.get((kind, key))

    def find_all(self, keys: Collection[Key]) -> dict[Key, UUID]:
        mapping = self._books.mapping
        return {key: mapping[key] for key in keys if key in mapping}

    def entity(self, kind: Kind, entity_id: UUID) -> Entity | None:
        return self._books.entities.get((kind, entity_id))

    def positions(self, release_id: UUID) -> Sequence[Entity]:
        on = (Kind.RELEASE, release_id)
        keys = {
            key for (kind, key), i in self._books.mapping.items() if (kind, i) == on
        }
        found = [
            entity
            for (kind, _), entity in self._books.entities.items()
            if kind is Kind.TRACK_POSITION and entity.values.get("release") in keys
        ]
        return sorted(found, key=_place)

    def pointing(self, kind: Kind, of: Kind, entity_id: UUID) -> Sequence[Entity]:
        keys = {
            key
            for (bound, key), entity in self._books.mapping.items()
            if (bound, entity) == (of, entity_id)
        }
        found = [
            entity
            for (listed, _), entity in self._books.entities.items()
            if listed is kind and not entity.deleted_at and _names(entity, of) & keys
        ]
        return sorted(found, key=lambda entity: entity.id)

    def records(self, kind: Kind, entity_id: UUID) -> Sequence[SourceRecord]:
        ref = (kind, entity_id)
        return self._ledger.standing([ref])[ref]

    def history(self, kind: Kind, entity_id: UUID) -> Sequence[SourceRecord]:
        return self._books.about((kind, entity_id))

    def staged(self, source: str, origin: str) -> Sequence[SourceRecord]:
        found = [
            record
            for record in self._books.records.values()
            if (record.source, record.origin) == (source, origin)
        ]
        newest = max((record.origin_version for record in found), default=0)
        return [record for record in found if record.origin_version == newest]

    def announce(self, event: Event) -> None:
        self._pending.told.append(event)

    def upload(self, upload_id: UUID) -> Upload | None:
        return self._books.uploads.get(upload_id)

    def save_upload(self, upload: Upload) -> Upload:
        known = self._books.uploads.get(upload.id)
        if upload.version != (known.version if known else 0):
            raise TransientError("an upload was saved at the same time")
        saved = replace(upload, version=upload.version + 1)
        self._books.uploads[upload.id] = saved
        self._pending.uploads.append(saved)
        return saved

    def hold_findings(self, kind: Kind, entity_id: UUID, producer: str) -> None:
        """Do nothing: one transaction of a tenant runs at a time."""

    def replace_findings(
        self,
        kind: Kind,
        entity_id: UUID,
        producer: str,
        findings: Sequence[Finding],
        *,
        shown: bool = False,
    ) -> None:
        self._books.findings[kind, entity_id, producer] = tuple(findings)
        if shown:
            about = (kind, entity_id)
            version = self._books.sequence + len(self._pending.opinions) + 1
            self._pending.opinions.append(
                findings_mirror(self._tenant_id, about, producer, findings, version)
            )

    def findings(self, kind: Kind, entity_id: UUID) -> Sequence[Finding]:
        found = self._books.findings.items()
        told = [
            finding
            for (of, entity, _), findings in found
            if (of, entity) == (kind, entity_id)
            for finding in findings
        ]
        return sorted(told, key=lambda f: (f.code, f.level, f.field, f.place))

    def open_review(self, item: ReviewItem) -> None:
        before = self._books.decided.get(item.id)
        if (
            before
            and before.outcome is Outcome.DISMISSED
            and before.item.value == item.value
        ):
            return
        self._books.decided.pop(item.id, None)
        self._books.reviews[item.id] = item

    def settle_reviews(self, kind: Kind, entity_id: UUID, fields: Sequence[str]) -> int:
        settled = [i for i in self.reviews(kind, entity_id) if i.field in fields]
        return sum(self.decide_review(i, Outcome.SUPERSEDED, "") for i in settled)

    def decide_review(
        self, item: ReviewItem, outcome: Outcome, by: str, value: JsonValue = None
    ) -> bool:
        found = self._books.reviews.pop(item.id, None)
        if found is not None:
            self._books.decided[item.id] = Decided(found, outcome, by, value)
        return found is not None

    def reviews(self, kind: Kind, entity_id: UUID) -> Sequence[ReviewItem]:
        items = [
            item
            for item in self._books.reviews.values()
            if (item.kind, item.entity_id) == (kind, entity_id)
        ]
        return sorted(items, key=lambda item: (item.field, item.source))

    def save_export(self, export: Export) -> None:
        self._books.exports[export.id] = export

    def export(self, export_id: UUID) -> Export | None:
        return self._books.exports.get(export_id)

    def save_validation(self, validation: Validation) -> None:
        self._books.validations[validation.id] = validation

    def validation(self, validation_id: UUID) -> Validation | None:
        return self._books.validations.get(validation_id)

    def finish(self) -> Books:
        """Return the books as they are after the commit."""
        books = self._books
        last = len(books.changes) + len(self._pending.changes)
        events = self._pending.numbered(last)
        books.changes.extend(events)
        for item in self._pending.items(events):
            books.sequence += 1
            books.outbox.append(Outgoing(books.sequence, item))
        return books


class MemoryCatalog:
    """Books per tenant; one transaction of a tenant at a time."""

    def __init__(
        self, *tenants: str, settings: Mapping[str, JsonValue] | None = None
    ) -> None:
        self._known = set(tenants)
        self._settings = settings or {}
        self._books: dict[str, Books] = {}
        self._locks: dict[str, tuple[Lock, Lock]] = {}
        self._making = Lock()

    @contextmanager
    def transaction(self, tenant_id: str) -> Iterator[MemoryTransaction]:
        writing, _ = self._locks_of(tenant_id)
        with writing:
            books = self._books.get(tenant_id, Books()).copy()
            transaction = MemoryTransaction(
                tenant_id,
                books,
                is_known=tenant_id in self._known,
                settings=self._settings,
            )
            yield transaction
            self._books[tenant_id] = transaction.finish()

    def drain(
        self,
        tenant_id: str,
        deliver: Callable[[Sequence[Outgoing]], None],
        *,
        limit: int = 500,
    ) -> int:
        writing, draining = self._locks_of(tenant_id)
        with draining:
            with writing:
                items = self._books.get(tenant_id, Books()).outbox[:limit]
            if items:
                deliver(items)
                with writing:
                    outbox = self._books[tenant_id].outbox
                    self._books[tenant_id].outbox = outbox[len(items) :]
            return len(items)

    def tenants_with_outgoing(self) -> Sequence[str]:
        return sorted(name for name, books in self._books.items() if books.outbox)

    def tenants_with_queued_analyses(self) -> Sequence[str]:
        return sorted(name for name, books in self._books.items() if books.queued)

    def entities(self, tenant_id: str) -> list[Entity]:
        """Return everything the tenant has, tombstones included."""
        return list(self._books.get(tenant_id, Books()).entities.values())

    def changes(self, tenant_id: str) -> list[EntityChanged]:
        """Return the tenant's change feed."""
        return list(self._books.get(tenant_id, Books()).changes)

    def _locks_of(self, tenant_id: str) -> tuple[Lock, Lock]:
        with self._making:
            return self._locks.setdefault(tenant_id, (Lock(), Lock()))


def _names(entity: Entity, of: Kind) -> set[str]:
    listed = entity.values.get(f"{of}s")
    named = [entity.values.get(str(of)), *(listed if isinstance(listed, list) else [])]
    return {name for name in named if isinstance(name, str)}


def _place(position: Entity) -> tuple[int, int, str, UUID]:
    numbers = (position.values.get(f"{of}_number") for of in ("medium", "track"))
    # Without a number it comes last, as in PostgreSQL.
    medium, track = (n if isinstance(n, int) else 10**6 for n in numbers)
    return medium, track, str(position.values.get("recording")), position.id
