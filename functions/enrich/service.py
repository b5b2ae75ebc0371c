"""The use case: a recording's file came in; what is heard in it enters the catalog."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal
from uuid import UUID

from shared.domain.audio_features import AudioFeatures, features_of
from shared.domain.claims import Claim, JsonValue, Kind, SourceRecord
from shared.domain.errors import NotFoundError, UnreadableFileError
from shared.domain.uploads import Stage
from shared.events.pipeline import AnalysisRequested, RecordingExtracted
from shared.ports.analyses import QueuedAnalysis
from shared.ports.catalog import Catalog, CatalogTransaction
from shared.ports.clock import Clock
from shared.ports.object_store import ObjectStat, ObjectStore
from shared.runtime.batch import release_due

from .findings import PRODUCER, findings_of
from .hearing import Heard, Hearing, guessed, heard_again, heard_in
from .models import Guess, Models
from .ranged import RangedFile
from .records import SOURCE, analysis_record, bytes_of, guess_records
from .reviews import ask

CONSUMER: Final = "enrich"
TENANT_SETTING: Final = "audio_timing"

_BUFFER_BYTES: Final = 1 << 16

Timing = Literal["realtime", "batch"]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Whether to listen now, and what was heard in the same bytes before."""

    is_due: bool
    known: AudioFeatures | None = None


@dataclass(frozen=True, slots=True)
class Enricher:
    """Listens to recordings.

    Attributes:
        listen: Returns what is heard in a stream of bytes that can be sought in.
        relay: Called with a tenant after each commit.
        check_duplicates: Called with tenant, recording and event once it was heard.
        listens: False where only what files say is wanted.
        timing: Whether files are listened to as they come, or when there is time, for
            tenants without a setting of their own.
        batch_size: How many files of a tenant that wait are under way at most.
    """

    catalog: Catalog
    uploads: ObjectStore
    clock: Clock
    listen: Callable[[BinaryIO], Hearing]
    relay: Callable[[str], object]
    models: Models
    check_duplicates: Callable[[str, UUID, UUID], object]
    listens: bool = True
    timing: Timing = "realtime"
    batch_size: int = 8

    def enrich(self, event: RecordingExtracted) -> None:
        """Add what is heard in the recording's file, once per object generation.

        Bytes that this version of the analyser heard before, in whatever file, are not
        heard again, unless that is forced: what was heard then is said of this file
        too, so that the order in which files come never shows. A file that cannot be
        decoded is no failure: what its tags say stands, and a finding says so.
        """
        if event.uri is None or not self.listens:
            return
        plan = self._planned(event)
        if not plan.is_due:
            self.relay(event.tenant_id)
            return
        try:
            stat = self.uploads.stat(self._name(event), generation=event.generation)
            hearing = heard_again(plan.known) if plan.known else self._hear(event, stat)
        except NotFoundError:
            self._forget(event)
            return  # Replaced before it was heard: its successor has an event too.
        self._keep(event, stat, hearing)
        self.relay(event.tenant_id)
        self.check_duplicates(event.tenant_id, event.recording_id, event.event_id)

    def _planned(self, event: RecordingExtracted) -> _Plan:
        with self.catalog.transaction(event.tenant_id) as tx:
            if _is_overtaken(tx.staged("file", str(event.uri)), event.generation):
                self._done(tx, event)
                return _Plan(is_due=False)
            if _may_wait(event, tx.tenant_settings().get(TENANT_SETTING, self.timing)):
                if tx.first_sight(CONSUMER, event.event_id):
                    tx.queue_analysis(_queued(event))
                return _Plan(is_due=False)
            if _is_forced(event):
                return _Plan(is_due=True)
            return _Plan(is_due=True, known=_known(tx, event))

    def _hear(self, event: RecordingExtracted, stat: ObjectStat) -> Hearing:
        raw = RangedFile(self.uploads, stat.name, event.generation, stat.size_bytes)
        # The buffer makes whole reads out of a raw file's short ones.
        with io.BufferedReader(raw, _BUFFER_BYTES) as file:
            try:
                return self.listen(file)
            except UnreadableFileError as exc:
                return Hearing({}, damage=str(exc.facts.get("reason") or exc.message))

    def _keep(
        self, event: RecordingExtracted, stat: ObjectStat, hearing: Hearing
    ) -> None:
        """Stage what was heard, with all that follows from it, once per event."""
        with self.catalog.transaction(event.tenant_id) as tx:
            if not tx.first_sight(CONSUMER, event.event_id):
                return
            guesses = self.models.guesses(
                event.recording_id, hearing.document, tx.tenant_settings()
            )
            record = analysis_record(event, stat, hearing)
            tx.stage([record, *guess_records(event, stat, guesses)])
            self._write(tx, event, record)
            ask(tx, event.recording_id, _said(hearing, guesses), self.clock.now())
            self._done(tx, event)
            self._mark(tx, event)

    def _write(
        self, tx: CatalogTransaction, event: RecordingExtracted, record: SourceRecord
    ) -> None:
        """Write features and findings of the record as it is staged.

        One that was staged before stays as it was, and so do its features.
        """
        staged = [record]
        if _is_forced(event):
            staged = list(tx.staged(record.source, record.origin))
        for one in staged:
            features = features_of(one)
            if features is not None:
                tx.save_audio_features(features)
        findings = findings_of(tx.audio_features(event.recording_id))
        tx.replace_findings(Kind.RECORDING, event.recording_id, PRODUCER, findings)

    def _name(self, event: RecordingExtracted) -> str:
        return str(event.uri).removeprefix(f"{self.uploads.base_uri}/")

    def _forget(self, event: RecordingExtracted) -> None:
        if isinstance(event, AnalysisRequested):
            with self.catalog.transaction(event.tenant_id) as tx:
                self._done(tx, event)
            self.relay(event.tenant_id)

    def _done(self, tx: CatalogTransaction, event: RecordingExtracted) -> None:
        """Let the next go that waits, if this one did."""
        if tx.forget_queued(str(event.uri), event.generation):
            release_due(tx, self.clock.now(), self.batch_size)

    def _mark(self, tx: CatalogTransaction, event: RecordingExtracted) -> None:
        upload = tx.upload(event.upload_id)
        if upload and Stage.ENRICHED not in upload.stages:
            tx.save_upload(upload.reached(self.clock.now(), Stage.ENRICHED))


def _known(tx: CatalogTransaction, event: RecordingExtracted) -> AudioFeatures | None:
    """Return what this version of the analyser heard in the same bytes."""
    if sha256 := bytes_of(event):
        return tx.heard_before(SOURCE, sha256)
    staged = tx.staged(SOURCE, str(event.uri))
    found = [features_of(r) for r in staged if r.origin_version == event.generation]
    return next((features for features in found if features), None)


def _may_wait(event: RecordingExtracted, timing: JsonValue) -> bool:
    return timing == "batch" and not isinstance(event, AnalysisRequested)


def _said(hearing: Hearing, guesses: Sequence[Guess]) -> dict[str, list[Heard]]:
    guessing = {guess.source: guessed([guess.estimate]) for guess in guesses}
    return {SOURCE: heard_in(hearing.document), **guessing}


def _queued(event: RecordingExtracted) -> QueuedAnalysis:
    return QueuedAnalysis(
        recording_id=event.recording_id,
        uri=str(event.uri),
        generation=event.generation,
        keys=event.keys,
        queued_at=event.occurred_at,
    )


def _is_forced(event: RecordingExtracted) -> bool:
    return isinstance(event, AnalysisRequested) and event.is_forced


def _is_overtaken(stored: Sequence[SourceRecord], generation: int) -> bool:
    """Return whether a newer generation is sound, and so has an event of its own."""
    return any(
        record.origin_version > generation
        and Claim("type", "SoundRecording") in record.claims
        for record in stored
    )
