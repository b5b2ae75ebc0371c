"""All that one tenant has, in memory, and what folding asks of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from shared.adapters.outgoing import Pending
from shared.domain.audio_features import AudioFeatures
from shared.domain.claims import JsonValue, Kind, SourceRecord
from shared.domain.decisions import Export, Outcome, ReviewItem, Validation
from shared.domain.entities import Change, Entity
from shared.domain.errors import TransientError
from shared.domain.findings import Finding
from shared.domain.ledger import Ref
from shared.domain.resolve import standing
from shared.domain.subjects import Key, subject_key
from shared.domain.uploads import Upload
from shared.events.catalog import EntityChanged
from shared.ports.analyses import QueuedAnalysis
from shared.ports.catalog import Outgoing


@dataclass(frozen=True, slots=True)
class Decided:
    """A review item that is closed."""

    item: ReviewItem
    outcome: Outcome
    by: str
    value: JsonValue


@dataclass(frozen=True, slots=True)
class Waiting:
    """An analysis in the queue, and when it was let go last."""

    item: QueuedAnalysis
    released_at: datetime | None = None


@dataclass(slots=True)
class Books:
    """The tables of one tenant.

    Attributes:
        records: In the order of staging.
        changes: The change feed; the first has number 1.
        outbox: What is still to be delivered, in order.
        sequence: Of the newest item that was ever put there.
    """

    mapping: dict[Key, UUID] = field(default_factory=dict)
    records: dict[UUID, SourceRecord] = field(default_factory=dict)
    entities: dict[Ref, Entity] = field(default_factory=dict)
    changes: list[EntityChanged] = field(default_factory=list)
    inbox: set[tuple[str, UUID]] = field(default_factory=set)
    outbox: list[Outgoing] = field(default_factory=list)
    uploads: dict[UUID, Upload] = field(default_factory=dict)
    findings: dict[tuple[Kind, UUID, str], tuple[Finding, ...]] = field(
        default_factory=dict
    )
    reviews: dict[UUID, ReviewItem] = field(default_factory=dict)
    decided: dict[UUID, Decided] = field(default_factory=dict)
    heard: dict[tuple[str, str], AudioFeatures] = field(default_factory=dict)
    queued: dict[str, Waiting] = field(default_factory=dict)
    exports: dict[UUID, Export] = field(default_factory=dict)
    validations: dict[UUID, Validation] = field(default_factory=dict)
    sequence: int = 0

    def copy(self) -> Books:
        """Return books that can be written in without changing these."""
        return Books(
            mapping=self.mapping.copy(),
            records=self.records.copy(),
            entities=self.entities.copy(),
            changes=self.changes.copy(),
            inbox=self.inbox.copy(),
            outbox=self.outbox.copy(),
            uploads=self.uploads.copy(),
            findings=self.findings.copy(),
            reviews=self.reviews.copy(),
            decided=self.decided.copy(),
            heard=self.heard.copy(),
            queued=self.queued.copy(),
            exports=self.exports.copy(),
            validations=self.validations.copy(),
            sequence=self.sequence,
        )

    def about(self, ref: Ref) -> list[SourceRecord]:
        """Return all records about an entity, in the order of staging."""
        return [
            record
            for record in self.records.values()
            if record.kind is ref[0]
            and self.mapping.get((record.kind, subject_key(record))) == ref[1]
        ]


class MemoryLedger:
    """Folds into `Books`; whoever holds them is alone, so nothing is locked."""

    def __init__(self, tenant_id: str, books: Books, pending: Pending) -> None:
        self.pending = pending
        self._tenant_id = tenant_id
        self._books = books

    @property
    def tenant_id(self) -> str:
        return self._tenant_id

    def lock(self, keys: Sequence[Key]) -> None:
        pass

    def bound(self, keys: Sequence[Key]) -> Mapping[Key, UUID]:
        mapping = self._books.mapping
        return {key: mapping[key] for key in keys if key in mapping}

    def exclusive(self, kind: Kind, entity: UUID, namespace: str) -> frozenset[str]:
        return frozenset(
            key
            for (of, key), owner in self._books.mapping.items()
            if of is kind and owner == entity and key.startswith(f"{namespace}:")
        )

    def bind(self, keys: Sequence[Key], entity: UUID) -> None:
        self._books.mapping.update(dict.fromkeys(keys, entity))

    def rebind(self, kind: Kind, losers: Sequence[UUID], survivor: UUID) -> None:
        for key, owner in self._books.mapping.items():
            if key[0] is kind and owner in losers:
                self._books.mapping[key] = survivor

    def unstaged(self, records: Sequence[SourceRecord]) -> Sequence[SourceRecord]:
        distinct = {record.record_id: record for record in records}
        known = self._books.records
        return [record for found, record in distinct.items() if found not in known]

    def add(self, records: Sequence[SourceRecord]) -> None:
        # What is folded together, whatever was read together: one batch may come in
        # parts, and a replay has to take the same steps.
        batch = records[0].record_id
        staged = (replace(record, batch=batch) for record in records)
        self._books.records.update({record.record_id: record for record in staged})

    def sharing_origin(self, records: Sequence[SourceRecord]) -> frozenset[Ref]:
        given: dict[tuple[str, str], int] = {}
        for record in records:
            origin = (record.source, record.origin)
            given[origin] = max(record.origin_version, given.get(origin, 0))
        siblings = [
            record
            for record in self._books.records.values()
            if (record.source, record.origin) in given
        ]
        seen = {
            (r.source, r.origin)
            for r in siblings
            if r.origin_version >= given[r.source, r.origin]
        }
        # Only the first record of a new version makes the older ones fall.
        fallen = (r for r in siblings if (r.source, r.origin) not in seen)
        return frozenset(
            (r.kind, self._books.mapping[r.kind, subject_key(r)]) for r in fallen
        )

    def standing(self, refs: Sequence[Ref]) -> Mapping[Ref, Sequence[SourceRecord]]:
        kept = {record.record_id for record in standing(self._books.records.values())}
        return {
            ref: [r for r in self._books.about(ref) if r.record_id in kept]
            for ref in refs
        }

    def load(self, refs: Sequence[Ref]) -> Mapping[Ref, Entity]:
        entities = self._books.entities
        return {ref: entities[ref] for ref in refs if ref in entities}

    def save(self, changes: Sequence[Change]) -> None:
        for change in changes:
            ref = (change.entity.kind, change.entity.id)
            before = self._books.entities.get(ref)
            if change.entity.version != (before.version if before else 0) + 1:
                raise TransientError("an entity was changed at the same time")
            self._books.entities[ref] = change.entity
        self.pending.told.extend(changes)
