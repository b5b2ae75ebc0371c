"""The use case: an object was uploaded; what it says enters the catalog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shared.domain.claims import Kind, SourceRecord
from shared.domain.errors import (
    InvalidInputError,
    LimitExceededError,
    NotFoundError,
    PermanentError,
)
from shared.domain.uploads import Stage, Upload, upload_id
from shared.events.catalog import UploadRejected
from shared.events.pipeline import (
    MessageExtracted,
    RecordingExtracted,
    ReleaseExtracted,
)
from shared.ports.catalog import Catalog, CatalogTransaction
from shared.ports.clock import Clock
from shared.ports.object_store import ObjectStat, ObjectStore

from . import keeping, progress
from .copying import LocalCopy, local_copy
from .notification import ObjectFinalized
from .parts import in_parts
from .readings import Reading, all_findings
from .staging import Origin

CONSUMER: Final = "extract"

# A smaller file is read before anybody could see that it was received.
_SHOWN_AT_ONCE_BYTES: Final = 16 * 1024 * 1024
_ANNOUNCED: Final = (Kind.RECORDING, Kind.RELEASE)
# Of these an upload names what it changed.
_NAMED: Final = frozenset(
    {Kind.WORK, Kind.RELEASE_GROUP, Kind.PODCAST, Kind.EPISODE, Kind.PLAYLIST}
)


@dataclass(frozen=True, slots=True)
class Extractor:
    """Takes uploads in.

    Attributes:
        read: Turns a local copy into what it says.
        relay: Called with a tenant after each commit.
    """

    catalog: Catalog
    uploads: ObjectStore
    resources: ObjectStore
    clock: Clock
    read: Callable[[LocalCopy, Origin], Reading]
    relay: Callable[[str], object]
    max_upload_bytes: int

    def extract(self, event: ObjectFinalized) -> None:
        """Take in one generation of one object, once, however often it is told of.

        A file that cannot be read is recorded as rejected, with the reason.

        Raises:
            InvalidInputError: The object lies outside of any tenant's folder.
            TransientError: Something is away; the event must come again.
        """
        if event.is_folder:
            return
        known = self._known(event)
        if progress.is_over(known, event):
            return
        try:
            if not self._take_in(event, known):
                self._take_in_passed_over(event)
        except NotFoundError:
            return  # Replaced before it was read: its successor has an event too.
        except PermanentError as exc:
            self._reject(event, exc)
        self.relay(event.tenant_id)

    def _known(self, event: ObjectFinalized) -> Upload | None:
        with self.catalog.transaction(event.tenant_id) as tx:
            if not tx.tenant_exists():
                raise InvalidInputError(
                    "the folder is not a tenant's",
                    object=event.name,
                    tenant=event.tenant_id,
                )
            return tx.upload(upload_id(event.uri))

    def _take_in(self, event: ObjectFinalized, known: Upload | None) -> bool:
        """Read the object and stage what it says; return whether it is the newest."""
        if event.size_bytes > self.max_upload_bytes:
            raise LimitExceededError(
                "larger than an upload may be",
                size_bytes=event.size_bytes,
                limit_bytes=self.max_upload_bytes,
            )
        stat = event.stat or self.uploads.stat(event.name, generation=event.generation)
        if event.size_bytes >= _SHOWN_AT_ONCE_BYTES:
            with self.catalog.transaction(event.tenant_id) as tx:
                progress.received(tx, event, self.clock.now())
            self.relay(event.tenant_id)
        with local_copy(self.uploads, stat) as copy:
            # Of an address that nobody wrote to before, nothing was staged.
            if known and known.generation and self._came_again(event, copy):
                return True
            # Read while it is staged: a file of many records is never held whole.
            reading = self.read(copy, _origin(event, stat))
            keeping.keep_pictures(self.resources, event.tenant_id, reading)
            return self._stage(event, copy, reading)

    def _take_in_passed_over(self, event: ObjectFinalized) -> None:
        """Read a newer generation again that was the same as an older one than this.

        Without this one between them it had nothing new to say; now it has.
        """
        with self.catalog.transaction(event.tenant_id) as tx:
            newest = tx.upload(upload_id(event.uri))
        if newest is None or newest.generation <= event.generation:
            return
        if Stage.UNCHANGED in newest.stages:
            # What the event tells of its own generation does not hold for that one.
            told = {
                "generation": newest.generation,
                "size_bytes": newest.size_bytes,
                "created_at": None,
            }
            self._take_in(event.model_copy(update=told), newest)

    def _came_again(self, event: ObjectFinalized, copy: LocalCopy) -> bool:
        with self.catalog.transaction(event.tenant_id) as tx:
            # Held first: whoever stages another generation now is seen, or sees this.
            tx.upload(upload_id(event.uri))
            before = tx.staged("file", event.uri)
            if not _has_bytes(before, copy.sums.sha256):
                return False
            if all(record.origin_version == event.generation for record in before):
                return False  # Its own records, of a delivery that did not finish.
            progress.unchanged(tx, event, self.clock.now())
        return True

    def _stage(self, event: ObjectFinalized, copy: LocalCopy, reading: Reading) -> bool:
        entities: list[str] = []
        last: Sequence[Sequence[SourceRecord]] = ()
        number = 0
        for number, part, is_last in in_parts(reading.batches):
            if is_last:
                last = part
                break
            with self.catalog.transaction(event.tenant_id) as tx:
                entities += self._add(tx, event, number, part)
            self.relay(event.tenant_id)
        errors_uri = keeping.keep_errors(self.resources, event, reading)
        with self.catalog.transaction(event.tenant_id) as tx:
            if not tx.first_sight(CONSUMER, progress.event_id(event)):
                return False
            entities += self._add(tx, event, number, last)
            self._announce_message(tx, event, reading)
            return progress.published(
                tx,
                event,
                self.clock.now(),
                progress.Outcome(
                    file_kind=str(copy.kind),
                    entities=entities,
                    findings=all_findings(reading),
                    counts=dict(reading.errors.counts) if reading.errors else {},
                    errors_uri=errors_uri,
                ),
            )

    def _add(
        self,
        tx: CatalogTransaction,
        event: ObjectFinalized,
        part: int,
        batches: Sequence[Sequence[SourceRecord]],
    ) -> list[str]:
        """Stage *batches*, announce what they change, and name what they speak of."""
        spoken: dict[tuple[Kind, UUID], SourceRecord] = {}
        # What an older generation spoke of, and this one does not, changes too.
        touched: dict[tuple[Kind, UUID], None] = {}
        for batch in batches:
            for change in tx.stage(batch):
                touched[change.entity.kind, change.entity.id] = None
        told = [r for batch in batches for r in batch if r.kind in _ANNOUNCED]
        known = tx.find_all({(record.kind, record.keys[0]) for record in told})
        for record in told:
            if found := known.get((record.kind, record.keys[0])):
                spoken.setdefault((record.kind, found), record)
        for kind, found in [*spoken, *(ref for ref in touched if ref not in spoken)]:
            if kind in _ANNOUNCED:
                event_id = progress.event_id(event, kind, str(found), str(part))
                tx.announce(
                    self._extracted(
                        event, event_id, found, kind, spoken.get((kind, found))
                    )
                )
        named = [*spoken, *(ref for ref in touched if ref[0] in _NAMED)]
        return [f"{kind}/{found}" for kind, found in named]

    def _extracted(
        self,
        event: ObjectFinalized,
        event_id: UUID,
        found: UUID,
        kind: Kind,
        record: SourceRecord | None,
    ) -> RecordingExtracted | ReleaseExtracted:
        """Return what announces an entry; *record* is what was said of it, if any."""
        now, upload = self.clock.now(), upload_id(event.uri)
        if kind is Kind.RELEASE:
            return ReleaseExtracted(
                event_id=event_id,
                tenant_id=event.tenant_id,
                occurred_at=now,
                upload_id=upload,
                release_id=found,
            )
        keys = record.keys if record else ()
        return RecordingExtracted(
            event_id=event_id,
            tenant_id=event.tenant_id,
            occurred_at=now,
            upload_id=upload,
            recording_id=found,
            uri=event.uri if f"object:{event.uri}" in keys else None,
            generation=event.generation,
            keys=keys,
        )

    def _announce_message(
        self, tx: CatalogTransaction, event: ObjectFinalized, reading: Reading
    ) -> None:
        if reading.message is None:
            return
        tx.announce(
            MessageExtracted(
                event_id=progress.event_id(event, "message"),
                tenant_id=tx.tenant_id,
                occurred_at=self.clock.now(),
                upload_id=upload_id(event.uri),
                uri=event.uri,
                generation=event.generation,
                message_id=reading.message.message_id,
                version=reading.message.version,
            )
        )

    def _reject(self, event: ObjectFinalized, error: PermanentError) -> None:
        now = self.clock.now()
        with self.catalog.transaction(event.tenant_id) as tx:
            if not tx.first_sight(CONSUMER, progress.event_id(event)):
                return
            progress.rejected(tx, event, now, error)
            tx.announce(
                UploadRejected(
                    event_id=progress.event_id(event, "rejected"),
                    tenant_id=tx.tenant_id,
                    occurred_at=now,
                    upload_id=upload_id(event.uri),
                    uri=event.uri,
                    generation=event.generation,
                    code=error.code,
                    reason=str(error),
                )
            )


def _origin(event: ObjectFinalized, stat: ObjectStat) -> Origin:
    folders = event.name.split("/")[1:-1]
    return Origin.of(
        uri=event.uri,
        generation=event.generation,
        received_at=stat.updated_at,
        folder="/".join(folders),
    )


def _has_bytes(records: Sequence[SourceRecord], sha256: str) -> bool:
    return any(
        claim.field == "sha256" and claim.value == sha256
        for record in records
        for claim in record.claims
        if record.kind is Kind.RESOURCE
    )
